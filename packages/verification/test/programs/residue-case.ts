import { type GraphProgram, runProgram, type Step } from "@gradproof/arbitraries";
import {
  type DualStore,
  dense,
  dual,
  type Field,
  OperationError,
  type PrimeField,
  sizeOf,
  type Tensor,
} from "@gradproof/arithmetic";
import { withClearShadows } from "./clear-shadows.ts";
import { kernelOperations } from "./kernel-operations.ts";
import { diagonalOfFactor } from "./kernels/matrices.ts";
import { owned } from "./kernels/tabulated.ts";
import { type RootedField, rootedField } from "./rooted-field.ts";
import { watched } from "./watched.ts";

export type Residues = Tensor<Float64Array>;

/** A program with residues for its inputs, two directions in which they move, and what that does to the output. */
export interface Case {
  readonly field: RootedField;
  readonly program: GraphProgram;
  readonly inputs: readonly Residues[];
  readonly direction: readonly Residues[];
  readonly otherDirection: readonly Residues[];
  readonly exact: Derivatives;
}

/** By dual numbers through the kernels, which share no rule with the graph. */
export interface Derivatives {
  /** f_v: along the direction. */
  readonly tangent: Residues;
  /** f_w: along the other one. */
  readonly otherTangent: Residues;
  /** f_vw: of the one derivative along the other direction. */
  readonly mixed: Residues;
  /** The derivative of the result of each step along the direction. */
  readonly steps: readonly Residues[];
}

/** The residues are uniform and the verifier's; undefined where 1 / 0 is on the way, or a choice that shadows leave open. */
export function caseOf(program: GraphProgram, seed: number): Case | undefined {
  const field = rootedField(seed);
  const draw = () => program.inputs.map((shape) => field.uniform(shape));
  const [inputs, direction, otherDirection] = [draw(), draw(), draw()];
  if (!isDefinedAt(field, program, inputs)) return undefined;
  const exact = unlessUndefined(() => derivativesOf(field, program, inputs, direction, otherDirection));
  return exact && { field, program, inputs, direction, otherDirection, exact };
}

/** Whether a program has a value there, every choice on the way being clear; the field learns the roots that it needs. */
export function isDefinedAt(field: RootedField, program: GraphProgram, inputs: readonly Residues[]): boolean {
  const kernels = kernelOperations(field);
  const rooted = {
    ...kernels,
    cholesky(values: readonly Residues[], step: Step) {
      field.learn(diagonalOfFactor(field, values[0]));
      return kernels.cholesky(values, step);
    },
  };
  return unlessUndefined(() => runProgram(program, withClearShadows(field, rooted), inputs)) !== undefined;
}

function unlessUndefined<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch (error) {
    if (error instanceof OperationError) return undefined;
    throw error;
  }
}

/** Values of a program on dual numbers over a field, that of each step and the output's, each in memory of its own. */
export function runOnDuals<S>(
  field: Field<S>,
  program: GraphProgram,
  put: (input: number, i: number, value: S, derivative: S) => void,
) {
  const D = dual(field);
  const A = dense(D);
  const [value, derivative] = [field.store(1), field.store(1)];
  const lifted = program.inputs.map((shape, input): Tensor<DualStore<S>> => {
    const t = A.lift(new Float64Array(sizeOf(shape)), shape);
    for (let i = 0; i < sizeOf(shape); i++) {
      put(input, i, value, derivative);
      field.copy(t.store.base, 2 * (t.offset + i), value, 0);
      D.setDerivative(t.store, t.offset + i, derivative, 0);
    }
    return t;
  });
  const steps: Tensor<DualStore<S>>[] = [];
  const operations = watched(kernelOperations(A), (result) => steps.push(owned(A, result)));
  const output = owned(A, runProgram(program, operations, lifted));
  return { D, steps, output, size: sizeOf(output.shape) };
}

/** On duals of duals: x + ε v, and its derivative along w. */
function derivativesOf(
  F: PrimeField,
  program: GraphProgram,
  inputs: readonly Residues[],
  v: readonly Residues[],
  w: readonly Residues[],
): Derivatives {
  const inner = dual(F.field);
  const { D, steps, output } = runOnDuals<DualStore<Float64Array>>(inner, program, (input, i, value, derivative) => {
    const [x, along, other] = [inputs[input], v[input], w[input]];
    inner.lift(derivative, 0, 0);
    F.field.copy(value.base, 0, x.store, x.offset + i);
    inner.setDerivative(value, 0, along.store, along.offset + i);
    F.field.copy(derivative.base, 0, other.store, other.offset + i);
  });
  const scratch = inner.store(1);
  /** Slot 0 holds the value, 1 the derivative along v, 2 along w, 3 the mixed one. */
  const part = ({ store, offset, shape }: typeof output, slot: 1 | 2 | 3): Residues => {
    const out = F.empty(shape);
    for (let i = 0; i < sizeOf(shape); i++) {
      if (slot === 1) inner.derivative(out.store, out.offset + i, store.base, 2 * (offset + i));
      else {
        D.derivative(scratch, 0, store, offset + i);
        if (slot === 2) F.field.copy(out.store, out.offset + i, scratch.base, 0);
        else inner.derivative(out.store, out.offset + i, scratch, 0);
      }
    }
    return out;
  };
  return {
    tangent: part(output, 1),
    otherTangent: part(output, 2),
    mixed: part(output, 3),
    steps: steps.map((result) => part(result, 1)),
  };
}
