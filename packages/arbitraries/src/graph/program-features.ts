import { type Shape, sameShape } from "../numeric-array.ts";
import { broadcastShape } from "./operations/operation.ts";
import { type GraphProgram, type Step, valueShapes } from "./program.ts";

const tests = {
  /** A value that two steps use. */
  "shared-value": ({ steps }) => {
    const users = new Map<number, number>();
    for (const step of steps) for (const at of new Set(step.arguments)) users.set(at, (users.get(at) ?? 0) + 1);
    return [...users.values()].some((count) => count > 1);
  },
  /** A step with one value as several of its arguments. */
  "repeated-argument": ({ steps }) => steps.some((step) => new Set(step.arguments).size < step.arguments.length),
  /** A step that the output does not need. */
  "dead-branch": (program) => program.steps.some((_, at) => !needed(program).has(program.inputs.length + at)),
  /** An input that the output does not need. */
  "unused-input": (program) => program.inputs.some((_, at) => !needed(program).has(at)),
  /** A scalar that a step uses. */
  scalar: (program) => argumentShapes(program).some((shapes) => shapes.some((shape) => shape.length === 0)),
  /** A step with arguments of different shapes whose result has the shape that all of them are repeated to. */
  broadcast: (program) =>
    argumentShapes(program).some((shapes, at) => {
      const { operation, shape } = program.steps[at];
      const common = shapes.reduce<Shape | undefined>((all, one) => all && broadcastShape(all, one), []);
      const isCommon = common !== undefined && sameShape(common, shape);
      return isCommon && !ownShapes.has(operation) && shapes.some((one) => !sameShape(one, shapes[0]));
    }),
} as const satisfies Record<string, (program: GraphProgram) => boolean>;

/** What takes arguments of shapes of their own, such as matrices to multiply, which may happen to be repeated to the result's. */
const ownShapes: ReadonlySet<string> = new Set(["matmul", "affine", "tensordot", "einsum", "solve", "triangularSolve"]);

export type ProgramFeature = keyof typeof tests;

export const allProgramFeatures: readonly ProgramFeature[] = Object.keys(tests) as ProgramFeature[];

/**
 * What of a program makes gradients go wrong: `shared-value` (two steps use one value: its cotangents add up),
 * `repeated-argument` (one step uses it twice), `dead-branch` and `unused-input` (the output does not need a step, an
 * input: its cotangent is 0), `scalar` (a step uses a scalar), `broadcast` (a step's
 * arguments differ in shape and are repeated to one).
 *
 * @example
 * ```ts
 * import { programFeatures } from "@gradproof/arbitraries";
 *
 * const steps = [{ operation: "multiply", arguments: [0, 0], shape: [2] }];
 * console.log(programFeatures({ inputs: [[2], [3]], steps, output: 2 })); // -> [ 'repeated-argument', 'unused-input' ]
 * ```
 */
export function programFeatures(program: GraphProgram): ProgramFeature[] {
  return allProgramFeatures.filter((feature) => tests[feature](program));
}

/** What of a program says which value is computed from which. */
interface Wiring {
  readonly inputs: readonly unknown[];
  readonly steps: readonly Pick<Step, "arguments">[];
  readonly output: number;
}

/** The values that the output is computed from, itself among them. */
export function needed({ inputs, steps, output }: Wiring): ReadonlySet<number> {
  const values = new Set([output]);
  for (let at = steps.length - 1; at >= 0; at--) {
    if (values.has(inputs.length + at)) for (const argument of steps[at].arguments) values.add(argument);
  }
  return values;
}

function argumentShapes(program: GraphProgram) {
  const shapes = valueShapes(program);
  return program.steps.map((step) => step.arguments.map((at) => shapes[at]));
}
