import type { Arithmetic } from "./arithmetic.ts";
import { checkLogSumExp, checkSoftmax } from "./checks.ts";
import { logSumExp, softmax } from "./composed.ts";
import { ShapeError } from "./errors.ts";
import type { UnaryOperation } from "./field.ts";
import { unfused } from "./fused.ts";
import { sizeOf, type Tensor } from "./tensor.ts";
import { broadcastTo } from "./view.ts";

/** Replacements of functions, on plain numbers; what they return must be exact in the number system. */
export type Functions = { readonly [F in UnaryOperation]?: (x: number) => number } & {
  /** A row to a row of the same length. */
  readonly softmax?: (row: Float64Array) => ArrayLike<number>;
  readonly logSumExp?: (row: Float64Array) => number;
};

/**
 * The arithmetic with some of its functions replaced: with integer-valued stand-ins for tanh and softmax, the float
 * arithmetics compute exactly on small integers and must agree with {@link integer} bit for bit.
 *
 * A replacement sees an element as `lower` gives it: of a double-double the high part, in a prime field the shadow.
 *
 * @throws LiftError where a replacement returns a number that the arithmetic cannot hold, ShapeError where softmax
 *   returns a row of another length.
 * @example
 * ```ts
 * const A = withFunctions(float32, { tanh: (x) => Math.max(-2, Math.min(2, x)) });
 * ```
 */
export function withFunctions<S>(arithmetic: Arithmetic<S>, functions: Functions): Arithmetic<S> {
  const put = (out: Tensor<S>, values: ArrayLike<number>) => arithmetic.copy(out, arithmetic.lift(values, out.shape));

  return {
    ...unfused(arithmetic),
    unary(operation, out, a) {
      const replacement = functions[operation.name];
      if (!replacement) return arithmetic.unary(operation, out, a);
      put(
        out,
        arithmetic.lower(broadcastTo(a, out.shape, operation.name)).map((x) => replacement(x)),
      );
    },
    softmax(out, a) {
      if (!functions.softmax) return softmax(arithmetic, out, a);
      checkSoftmax(out, a);
      const values = arithmetic.lower(a);
      const length = a.shape[a.shape.length - 1];
      for (let i = 0; i < values.length; i += length) {
        const row = functions.softmax(values.slice(i, i + length));
        if (row.length !== length)
          throw new ShapeError("softmax", `a row of ${length} from the replacement`, [row.length]);
        values.set(row, i);
      }
      put(out, values);
    },
    logSumExp(out, a) {
      if (!functions.logSumExp) return logSumExp(arithmetic, out, a);
      checkLogSumExp(out, a);
      const values = arithmetic.lower(a);
      const length = a.shape[a.shape.length - 1];
      const results = new Float64Array(sizeOf(out.shape));
      for (let i = 0; i < results.length; i++) {
        results[i] = functions.logSumExp(values.slice(i * length, (i + 1) * length));
      }
      put(out, results);
    },
  };
}
