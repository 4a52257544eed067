import { type GraphProgram, runProgram } from "@gradproof/arbitraries";
import {
  type DualStore,
  dense,
  dual,
  type Field,
  OperationError,
  type PrimeField,
  primeField,
  sizeOf,
  type Tensor,
} from "@gradproof/arithmetic";
import { furtherKernelOperations } from "./further-operations.ts";
import { owned } from "./kernel-operations.ts";

export type Residues = Tensor<Float64Array>;

/** A program, with residues for its inputs, the direction in which they move, and the cotangent of its output. */
export interface Case {
  readonly field: PrimeField;
  readonly program: GraphProgram;
  readonly inputs: readonly Residues[];
  readonly direction: readonly Residues[];
}

/** The residues are uniform and the verifier's; of the program come the shapes alone. */
export function caseOf(program: GraphProgram, fieldSeed: number): Case {
  const field = primeField(fieldSeed);
  const draw = () => program.inputs.map((shape) => field.uniform(shape));
  return { field, program, inputs: draw(), direction: draw() };
}

/**
 * A program on dual numbers over a field, through the kernels: `put` writes value and derivative of element i of an input
 * into two stores' first elements.
 */
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
  const output = owned(A, runProgram(program, furtherKernelOperations(A), lifted));
  return { D, output, size: sizeOf(output.shape) };
}

/** The output's derivative along the direction, by dual numbers. */
export function tangentByDuals({ field, program, inputs, direction }: Case): Residues {
  const { D, output, size } = runOnDuals(field.field, program, (input, i, value, derivative) => {
    field.field.copy(value, 0, inputs[input].store, inputs[input].offset + i);
    field.field.copy(derivative, 0, direction[input].store, direction[input].offset + i);
  });
  const tangent = field.empty(output.shape);
  for (let i = 0; i < size; i++) D.derivative(tangent.store, tangent.offset + i, output.store, output.offset + i);
  return tangent;
}

/** Whether no 1 / 0 and no log 0 is on the way, nor in a derivative. */
export function isDefined(given: Case): boolean {
  try {
    tangentByDuals(given);
    return true;
  } catch (error) {
    if (error instanceof OperationError) return false;
    throw error;
  }
}
