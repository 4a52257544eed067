import type fc from "fast-check";
import { drawn, once, pick } from "../drawn.ts";
import { type Shape, sizeOf } from "../numeric-array.ts";
import { graphOperations } from "./graph-operations.ts";
import { aritiesOf, type GraphOperation } from "./operations/operation.ts";
import type { GraphProgram, Step } from "./program.ts";
import { type ProgramLimits, stepOf, waysWithin } from "./program-limits.ts";
import { simplerPrograms } from "./simpler-programs.ts";

export interface GraphProgramOptions {
  /** What a step may be, the simplest first; {@link graphOperations} unless given. */
  readonly operations?: readonly GraphOperation[];
  /** 1 unless given. */
  readonly minInputs?: number;
  /** 3 unless given. */
  readonly maxInputs?: number;
  /** 1 unless given. */
  readonly minSteps?: number;
  /** 10 unless given. */
  readonly maxSteps?: number;
  /** Of an axis of an input; 1 unless given. 0 draws empty arrays too. */
  readonly minLength?: 0 | 1;
  /** Of any value; 3 unless given. */
  readonly maxAxes?: number;
  /** Elements of any value; 24 unless given. */
  readonly maxSize?: number;
  /** "scalar": a step follows that makes one of the last value, where it is none; "any" unless given. */
  readonly output?: "any" | "scalar";
}

/**
 * Random programs over named operations, as plain data: inputs of related shapes, then steps each of which applies an
 * operation to values that are there. Three arguments of four are values that nothing has used so far, so that most of
 * a program bears on its output; one step of two arguments in eight takes one value twice. {@link programFeatures}
 * names what a program has: values shared by several steps, dead branches, repeated arguments, scalars, broadcasts.
 *
 * The output is the last value, of any shape: multiply it by a random cotangent and sum, which shows more than a sum.
 *
 * Programs shrink towards few and short axes; then fewer steps and inputs, simpler operations, and arguments computed
 * earlier.
 *
 * @throws RangeError for a range that is empty, or operations of which none can be applied.
 * @example
 * ```ts
 * import { graphProgram, programText } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const isProduct = ({ operation }: { operation: string }) => operation === "matmul";
 * const usesMatmul = fc.property(graphProgram(), ({ steps }) => !steps.some(isProduct));
 * console.log(programText(fc.check(usesMatmul, { seed: 1 }).counterexample![0]));
 * // -> v0 [1, 1]
 * // -> v1 = matmul(v0, v0) [1, 1]
 * // -> output v1
 * ```
 */
export function graphProgram(options: GraphProgramOptions = {}): fc.Arbitrary<GraphProgram> {
  const limits = limitsOf(options);
  return drawn<GraphProgram>({
    draw: (random) => drawProgram(limits, random),
    simpler: (program) => simplerPrograms(program, limits),
  });
}

function limitsOf(options: GraphProgramOptions): ProgramLimits {
  const {
    operations = graphOperations,
    minInputs = 1,
    minSteps = 1,
    minLength = 1,
    output = "any",
    maxAxes = 3,
    maxSize = 24,
  } = options;
  const { maxInputs = Math.max(3, minInputs), maxSteps = Math.max(10, minSteps) } = options;
  for (const [what, least, most, lowest] of [
    ["Inputs", minInputs, maxInputs, 1],
    ["Steps", minSteps, maxSteps, 0],
  ] as const) {
    if (!(Number.isInteger(least) && Number.isInteger(most) && lowest <= least && least <= most)) {
      throw new RangeError(
        `graphProgram: min${what} is ${least} and max${what} ${most}; expected integers, ` +
          `${lowest} <= min${what} <= max${what}`,
      );
    }
  }
  if (minLength !== 0 && minLength !== 1) {
    throw new RangeError(`graphProgram: minLength is ${minLength}; expected 0 or 1`);
  }
  for (const [name, value] of Object.entries({ maxAxes, maxSize })) {
    if (!(Number.isInteger(value) && value >= (name === "maxSize" ? 1 : 0))) {
      throw new RangeError(`graphProgram: ${name} is ${value}; expected an integer that leaves room for a scalar`);
    }
  }
  if (operations.length === 0) throw new RangeError("graphProgram: operations is empty; expected at least one");
  const table = new Map(operations.map((operation) => [operation.name, operation]));
  return { operations: table, minInputs, maxInputs, minSteps, maxSteps, minLength, output, maxAxes, maxSize };
}

function drawProgram(limits: ProgramLimits, random: fc.Random): GraphProgram {
  const inputs = drawInputs(limits, random);
  const steps: Step[] = [];
  const wanted = random.nextInt(limits.minSteps, limits.maxSteps);
  const shapes = [...inputs];
  const used = new Set<number>();
  const append = (step: Step | undefined) => {
    if (!step) return;
    steps.push(step);
    shapes.push(step.shape);
    for (const at of step.arguments) used.add(at);
  };
  for (let at = 0; at < wanted; at++) append(drawStep(limits, shapes, used, random));
  if (limits.output === "scalar" && shapes[shapes.length - 1].length > 0) append(scalarStep(limits, shapes));
  if (steps.length < limits.minSteps) {
    throw new RangeError(
      `graphProgram: ${steps.length} steps; expected ${limits.minSteps}: no operation takes values of shape ` +
        shapes.map((shape) => `[${shape.join(", ")}]`).join(", "),
    );
  }
  return { inputs, steps, output: shapes.length - 1 };
}

/** Shapes made of two lengths and 1, so that many of them fit together. */
function drawInputs(limits: ProgramLimits, random: fc.Random): Shape[] {
  const { minInputs, maxInputs, minLength, maxAxes, maxSize } = limits;
  const [a, b] = [random.nextInt(minLength, 3), random.nextInt(minLength, 4)];
  const palette = [[a, b], [b, a], [a, b], [], [b], [1, b], [a, 1], [a, a], [2, 1, b], [1, a, b]].filter(
    (shape) => shape.length <= maxAxes && sizeOf(shape) <= maxSize,
  );
  return Array.from({ length: random.nextInt(minInputs, maxInputs) }, () => pick(palette, random));
}

const attempts = 40;

function drawStep(
  limits: ProgramLimits,
  shapes: readonly Shape[],
  used: ReadonlySet<number>,
  random: fc.Random,
): Step | undefined {
  const operations = [...limits.operations.values()];
  const deck = operations.flatMap((operation) => new Array<GraphOperation>(operation.weight ?? 1).fill(operation));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const operation = pick(deck, random);
    const arities = aritiesOf(operation);
    const arity = arities.length > 1 ? pick(arities, random) : arities[0];
    const values = drawArguments(arity, shapes.length, used, random);
    const ways = waysWithin(limits, operation.name, values, shapes);
    if (ways.length > 0) return stepOf(operation.name, values, pick(ways, random));
  }
  return firstStep(limits, shapes);
}

function drawArguments(arity: number, count: number, used: ReadonlySet<number>, random: fc.Random): number[] {
  const all = Array.from({ length: count }, (_, at) => at);
  const fresh = all.filter((at) => !used.has(at));
  const repeats = once(8, random);
  const values: number[] = [];
  for (let argument = 0; argument < arity; argument++) {
    const [previous] = values;
    if (repeats && previous !== undefined) {
      values.push(previous);
      continue;
    }
    const pools = once(4, random) ? [all] : [fresh, all];
    const pool = pools.map((some) => some.filter((at) => !values.includes(at))).find((some) => some.length > 0);
    values.push(pick(pool ?? all, random));
  }
  return values;
}

/** An operation that can be applied to some value, the last one first. */
function firstStep(limits: ProgramLimits, shapes: readonly Shape[]): Step | undefined {
  for (let at = shapes.length - 1; at >= 0; at--) {
    for (const operation of limits.operations.values()) {
      for (const arity of aritiesOf(operation)) {
        const values = new Array<number>(arity).fill(at);
        const [way] = waysWithin(limits, operation.name, values, shapes);
        if (way) return stepOf(operation.name, values, way);
      }
    }
  }
  return undefined;
}

/** The last value made a scalar. */
function scalarStep(limits: ProgramLimits, shapes: readonly Shape[]): Step {
  const last = shapes.length - 1;
  for (const operation of limits.operations.values()) {
    if (!aritiesOf(operation).includes(1)) continue;
    const way = waysWithin(limits, operation.name, [last], shapes).find(({ shape }) => shape.length === 0);
    if (way) return stepOf(operation.name, [last], way);
  }
  throw new RangeError(
    `graphProgram: no operation makes a scalar of shape [${shapes[last].join(", ")}]; expected one for the output, as sum`,
  );
}
