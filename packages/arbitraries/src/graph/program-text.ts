import type { GraphProgram } from "./program.ts";
import { valueShapes } from "./program.ts";

/**
 * A program as one reads it: a line for each input and each step, the output last. Values are v0, v1, v2, ...
 *
 * @example
 * ```ts
 * import { programText } from "@gradproof/arbitraries";
 *
 * const program = { inputs: [[2, 3]], steps: [{ operation: "sum", arguments: [0], shape: [] }], output: 1 };
 * console.log(programText(program));
 * // -> v0 [2, 3]
 * // -> v1 = sum(v0) []
 * // -> output v1
 * ```
 */
export function programText(program: GraphProgram): string {
  const lines = valueShapes(program).map((shape, at) => {
    const step = program.steps[at - program.inputs.length];
    const call = step ? ` = ${step.operation}(${step.arguments.map((argument) => `v${argument}`).join(", ")})` : "";
    return `v${at}${call} [${shape.join(", ")}]`;
  });
  return [...lines, `output v${program.output}`].join("\n");
}
