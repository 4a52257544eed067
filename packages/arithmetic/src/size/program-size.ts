import type { Arithmetic } from "../arithmetic.ts";
import { dense } from "../dense.ts";
import type { Field } from "../field.ts";
import * as op from "../operations.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { type Asked, Questions } from "./asked.ts";
import { Denominators } from "./denominators.ts";
import type { Measure } from "./measure.ts";
import { sizeField } from "./size-field.ts";
import { boundOf, put, type SizeStore } from "./size-operations.ts";

/** An arithmetic that bounds the size of what a program computes over the prime field. */
export interface ProgramSize extends Arithmetic<SizeStore> {
  /** The field itself, for what is built on one. */
  readonly field: Field<SizeStore>;
  /** A tensor of arbitrary elements, each an indeterminate; the shadows decide what a program sees, as over the prime field. */
  uniform(shape: readonly number[], shadows: ArrayLike<number>): Tensor<SizeStore>;
  /** Bound on the size of every element, denominators cleared; of a − b where b is given. */
  largest(a: Tensor<SizeStore>, b?: Tensor<SizeStore>): number;
  /** How often each function was asked that has an oracle over the prime field. */
  readonly functions: ReadonlyMap<string, number>;
  /** All that oracles were asked. */
  readonly calls: Asked;
  /** All that was compared with 0. */
  readonly comparisons: Asked;
}

export interface ProgramSizeOptions {
  /** Whether exp, tanh and sigmoid are fractions in one E: to be set where a program asks exp or log. */
  readonly linked?: boolean;
}

export function programSize(measure: Measure, { linked = false }: ProgramSizeOptions): ProgramSize {
  const denominators = new Denominators();
  const asked = new Questions(denominators);
  const field = sizeField(measure, denominators, asked, linked);
  const arithmetic = dense(field);

  /** A row-major copy. */
  function rowMajor(t: Tensor<SizeStore>): Tensor<SizeStore> {
    const copy = arithmetic.empty(t.shape);
    arithmetic.copy(copy, t);
    return copy;
  }

  function largest(a: Tensor<SizeStore>, b?: Tensor<SizeStore>): number {
    let size = Number.NEGATIVE_INFINITY;
    arithmetic.scope(() => {
      const t = rowMajor(a);
      if (b) arithmetic.binary(op.subtract, t, t, b);
      for (let i = t.offset; i < t.offset + sizeOf(t.shape); i++) {
        size = Math.max(size, denominators.cleared(boundOf(t.store, i)));
      }
    });
    return size;
  }

  return {
    ...arithmetic,
    field,
    largest,
    functions: asked.functions,
    calls: asked.calls,
    comparisons: asked.comparisons,
    uniform(shape, shadows) {
      const t = arithmetic.lift(shadows, shape);
      for (let i = t.offset; i < t.offset + shadows.length; i++) put(t.store, i, measure.symbol, 0);
      return t;
    },
  };
}
