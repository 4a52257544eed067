import { type GraphOperation, type Operations, programFeatures, runProgram, type Step } from "@gradproof/arbitraries";
import { sizeOf } from "@gradproof/arithmetic";
import { add, type Variable, variable, vjp, wrap } from "@gradproof/autodiff";
import { inner } from "./agreement.ts";
import { graphOperations } from "./graph-operations.ts";
import { parametersOf, type StepParameters } from "./parameters.ts";
import type { Case } from "./residue-case.ts";

/** What about the shapes of a step makes a gradient go wrong. */
export interface Form {
  /** Its arguments are repeated to one shape. */
  readonly broadcast: boolean;
  /** An argument or the result is one. */
  readonly scalar: boolean;
  /** An argument or the result has no elements. */
  readonly empty: boolean;
}

/** One application of an operation in a program. */
export interface Use extends Form {
  readonly given: Case;
  readonly step: Step;
  /** What it is done with where that makes another rule of it, or one that shows more: "pow to -2", "inverse of a matrix". */
  readonly kind: string;
  /** Whether a gradient flows through it: ⟨ȳ, ẏ⟩ is not 0; for a constant, whether its result bears on the output: ȳ is not. */
  readonly flows: boolean;
  /** Two steps use its result, or one twice. */
  readonly shared: boolean;
  /** The output does not depend on its result. */
  readonly dead: boolean;
}

/** What has no derivative, but may stand where one is. */
function isConstant(step: Step): boolean {
  return constants.has(step.operation) || (step.operation === "pow" && parametersOf(step)?.exponent === 0);
}

const constants: ReadonlySet<string> = new Set(["sign", "greater", "oneHot"]);

/** The uses of operations in a program: ȳ by reverse mode, ẏ by dual numbers. */
export function usesOf(given: Case): readonly Use[] {
  const { field: F, program, inputs, exact } = given;
  const cotangents = cotangentsOf(given);
  const shapes = [...program.inputs, ...program.steps.map(({ shape }) => shape)];
  const needed = new Set([program.output]);
  for (let at = program.steps.length - 1; at >= 0; at--) {
    if (needed.has(inputs.length + at)) for (const value of program.steps[at].arguments) needed.add(value);
  }
  return program.steps.map((step, at): Use => {
    const result = inputs.length + at;
    const own = step.arguments.map((value) => shapes[value]);
    const [ct, tangent] = [cotangents[at], exact.steps[at]];
    const flow = inner(F, [[ct, isConstant(step) ? F.uniform(ct.shape) : tangent]]);
    return {
      given,
      step,
      kind: kindOf(step, own),
      flows: !F.same(flow, F.ratio(0, 1)),
      shared: program.steps.flatMap((user) => user.arguments).filter((value) => value === result).length > 1,
      ...formOf(own, step),
      dead: !needed.has(result),
    };
  });
}

function formOf(inputs: readonly (readonly number[])[], step: Omit<Step, "arguments">): Form {
  const alone = { inputs, steps: [{ ...step, arguments: [...inputs.keys()] }], output: inputs.length };
  const all = [...inputs, step.shape];
  return {
    broadcast: programFeatures(alone).includes("broadcast"),
    scalar: all.some((shape) => shape.length === 0),
    empty: all.some((shape) => sizeOf(shape) === 0),
  };
}

/** Which forms an operation can have, by asking it about arguments of many shapes. */
export function possibleForms({ name, arity, ways }: GraphOperation): Form {
  const shapes = [[], [0], [2], [2, 1], [0, 0], [2, 2], [0, 2], [2, 2, 2]];
  const lists = (length: number): readonly (readonly (readonly number[])[])[] =>
    length === 0 ? [[]] : lists(length - 1).flatMap((rest) => shapes.map((shape) => [...rest, shape]));
  const forms = [arity]
    .flat()
    .flatMap(lists)
    .flatMap((inputs) => ways(...inputs).map((way) => formOf(inputs, { operation: name, ...way })));
  return {
    broadcast: forms.some(({ broadcast }) => broadcast),
    scalar: forms.some(({ scalar }) => scalar),
    empty: forms.some(({ empty }) => empty),
  };
}

/** The cotangents of all results for a random one of the output: each result has a 0 added that a gradient is taken of. */
function cotangentsOf({ field: F, program, inputs, exact }: Case) {
  type Values = readonly Variable<Float64Array>[];
  const taps = program.steps.map(({ shape }) => variable(F, new Float64Array(sizeOf(shape)), shape));
  const tapped = (own: Values): Variable<Float64Array> => {
    let at = 0;
    const operations: Operations<Variable<Float64Array>> = Object.fromEntries(
      Object.entries(graphOperations<Float64Array>()).map(([name, apply]) => [
        name,
        (values, step) => add(apply(values, step), own[at++]),
      ]),
    );
    return runProgram(
      program,
      operations,
      inputs.map((input) => wrap(F, input)),
    );
  };
  const cotangent = wrap(F, F.uniform(exact.tangent.shape));
  return vjp(tapped, taps)
    .pullback(cotangent)
    .map(({ value }) => value);
}

function kindOf(step: Step, inputs: readonly (readonly number[])[]): string {
  const { operation, parameters } = step;
  const { exponent, notation, mode, lower, transposed } = parameters
    ? parametersOf(step)
    : ({} as Partial<StepParameters>);
  if (operation === "pow") return inputs.length > 1 ? "pow of two" : `pow to ${exponent}`;
  if (operation === "triangularSolve")
    return `${operation} ${lower ? "lower" : "upper"}${transposed ? " transposed" : ""}`;
  if (squared.has(operation)) return `${operation} of a ${inputs[0][0] > 1 ? "matrix" : "scalar"}`;
  return [operation, ...[notation, mode].filter((text) => text !== undefined)].join(" ");
}

const squared: ReadonlySet<string> = new Set(["determinant", "logDeterminant", "inverse", "solve", "cholesky"]);

const columns = ["flows", "shared", "broadcast", "scalar", "empty", "dead"] as const;

/** How many programs have each operation, and how many of them with a gradient flowing through it, shared and so on. */
export function usesTable(operations: readonly GraphOperation[], uses: readonly Use[]): string {
  const programs = (chosen: readonly Use[]) => new Set(chosen.map(({ given }) => given)).size;
  const rows = operations.map(({ name }) => {
    const own = uses.filter(({ step }) => step.operation === name);
    return [name, programs(own), ...columns.map((column) => programs(own.filter((use) => use[column])))];
  });
  return [["operation", "programs", ...columns], ...rows]
    .map(
      ([name, ...counts]) => `${String(name).padEnd(20)}${counts.map((count) => String(count).padStart(10)).join("")}`,
    )
    .join("\n");
}
