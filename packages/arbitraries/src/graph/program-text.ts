import { type GraphProgram, type Step, valueShapes } from "./program.ts";

/**
 * A program as one reads it: a line for each input and each step, the output last. Values are v0, v1, v2, ...
 *
 * @example
 * ```ts
 * import { programText } from "@gradproof/arbitraries";
 *
 * const steps = [
 *   { operation: "sum", arguments: [0], shape: [3], parameters: { axes: [0] } },
 *   { operation: "tanh", arguments: [1], shape: [3] },
 * ];
 * console.log(programText({ inputs: [[2, 3]], steps, output: 2 }));
 * // -> v0 [2, 3]
 * // -> v1 = sum(v0, axes=[0]) [3]
 * // -> v2 = tanh(v1) [3]
 * // -> output v2
 * ```
 */
export function programText(program: GraphProgram): string {
  const lines = valueShapes(program).map((shape, at) => {
    const step = program.steps[at - program.inputs.length];
    return `v${at}${step ? ` = ${callText(step)}` : ""} [${shape.join(", ")}]`;
  });
  return [...lines, `output v${program.output}`].join("\n");
}

/** "sum(v0, axes=[0])" */
function callText({ operation, arguments: values, parameters }: Step): string {
  const named = Object.entries(parameters ?? {}).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${operation}(${[...values.map((at) => `v${at}`), ...named].join(", ")})`;
}
