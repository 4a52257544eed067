import type { Shape } from "../numeric-array.ts";

/** One application of an operation. */
export interface Step {
  readonly operation: string;
  /** The values that it is applied to: the inputs come first, then the result of each step. */
  readonly arguments: readonly number[];
  /** Of the result. It is all that `reshape`, `broadcastTo` and `sumTo` need besides their argument. */
  readonly shape: Shape;
  /** What else the operation needs, if anything. */
  readonly parameters?: unknown;
}

/** A straight-line program over tensors, as plain data. */
export interface GraphProgram {
  /** Shapes of the inputs. */
  readonly inputs: readonly Shape[];
  readonly steps: readonly Step[];
  /** The value that the program computes. */
  readonly output: number;
}

/** How each operation is done on values of some kind: tensors, nodes of a graph, dual numbers. */
export type Operations<V> = Readonly<Record<string, (values: readonly V[], step: Step) => V>>;

/**
 * Runs a program: every step, those that the output does not need too, and answers the output.
 *
 * @param operations - what the names mean. The step is passed along for its shape and its parameters.
 * @param inputs - a value for each input of the program.
 * @throws RangeError for another number of inputs, or a name that `operations` does not have.
 * @example
 * ```ts
 * import { runProgram } from "@gradproof/arbitraries";
 *
 * const program = {
 *   inputs: [[], []],
 *   steps: [
 *     { operation: "add", arguments: [0, 1], shape: [] },
 *     { operation: "multiply", arguments: [2, 2], shape: [] },
 *   ],
 *   output: 3,
 * };
 * const numbers = {
 *   add: ([a, b]: readonly number[]) => a + b,
 *   multiply: ([a, b]: readonly number[]) => a * b,
 * };
 * console.log(runProgram(program, numbers, [1, 2])); // -> 9
 * ```
 */
export function runProgram<V>(program: GraphProgram, operations: Operations<V>, inputs: readonly V[]): V {
  if (inputs.length !== program.inputs.length) {
    throw new RangeError(`runProgram: ${inputs.length} inputs; expected ${program.inputs.length}`);
  }
  const values = [...inputs];
  for (const step of program.steps) {
    const apply = operations[step.operation];
    if (!apply) {
      const known = Object.keys(operations).join(", ");
      throw new RangeError(`runProgram: no operation ${step.operation}; expected one of ${known}`);
    }
    values.push(
      apply(
        step.arguments.map((at) => values[at]),
        step,
      ),
    );
  }
  return values[program.output];
}

/** Shapes of all values: inputs, then results. */
export function valueShapes({ inputs, steps }: Pick<GraphProgram, "inputs" | "steps">): Shape[] {
  return [...inputs, ...steps.map(({ shape }) => shape)];
}
