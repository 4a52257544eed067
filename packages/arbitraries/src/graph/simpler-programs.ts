import { smallerLengths } from "../drawn.ts";
import { type Shape, sameShape } from "../numeric-array.ts";
import { aritiesOf } from "./operations/operation.ts";
import { type GraphProgram, type Step, valueShapes } from "./program.ts";
import { needed } from "./program-features.ts";
import { type ProgramLimits, stepOf, waysWithin } from "./program-limits.ts";

/** A program without its shapes, which follow from those of the inputs. */
interface Sketch {
  readonly inputs: readonly Shape[];
  readonly steps: readonly SketchedStep[];
  readonly output: number;
}

interface SketchedStep {
  readonly operation: string;
  readonly arguments: readonly number[];
  /** Which of the ways to apply it. */
  readonly way: number;
}

/** Simpler programs, the simplest first: smaller shapes, then less structure. Each is sound, within the limits. */
export function* simplerPrograms(program: GraphProgram, limits: ProgramLimits): Iterable<GraphProgram> {
  const sketch = sketchOf(program, limits);
  for (const sketches of [withSmallerShapes(sketch, limits), withLessStructure(sketch, program, limits)]) {
    for (const simple of sketches) {
      const drawn = draw(simple, limits);
      if (drawn) yield drawn;
    }
  }
}

function sketchOf(program: GraphProgram, limits: ProgramLimits): Sketch {
  const shapes = valueShapes(program);
  const steps = program.steps.map((step) => {
    const ways = waysWithin(limits, step.operation, step.arguments, shapes);
    return { operation: step.operation, arguments: step.arguments, way: ways.findIndex((way) => isWayOf(way, step)) };
  });
  return { inputs: program.inputs, steps, output: program.output };
}

function isWayOf(way: { readonly shape: Shape; readonly parameters?: unknown }, step: Step): boolean {
  return sameShape(way.shape, step.shape) && JSON.stringify(way.parameters) === JSON.stringify(step.parameters);
}

/** The program of a sketch; undefined where an operation cannot be applied, or where it is out of bounds. */
function draw({ inputs, steps, output }: Sketch, limits: ProgramLimits): GraphProgram | undefined {
  if (inputs.length < limits.minInputs || inputs.length > limits.maxInputs) return undefined;
  if (steps.length < limits.minSteps) return undefined;
  const shapes = [...inputs];
  const drawn: Step[] = [];
  for (const { operation, arguments: values, way } of steps) {
    // Of smaller shapes there may be fewer ways.
    const ways = waysWithin(limits, operation, values, shapes);
    const chosen = ways[Math.min(way, ways.length - 1)];
    if (!chosen) return undefined;
    drawn.push(stepOf(operation, values, chosen));
    shapes.push(chosen.shape);
  }
  if (limits.output === "scalar" && shapes[output].length > 0) return undefined;
  return { inputs, steps: drawn, output };
}

/**
 * All inputs scalars, or of length 1; one length replaced wherever it occurs; then axis by axis, and two axes of one length
 * together, which a matrix product ties to each other.
 */
function* withSmallerShapes(sketch: Sketch, { minLength }: ProgramLimits): Iterable<Sketch> {
  const { inputs } = sketch;
  const isOther = (shapes: readonly Shape[]) => shapes.some((shape, at) => !sameShape(shape, inputs[at]));
  const scalars = inputs.map((): Shape => []);
  const ones = inputs.map((shape) => shape.map((length) => Math.min(length, 1)));
  for (const shapes of [scalars, ones]) if (isOther(shapes)) yield { ...sketch, inputs: shapes };
  const lengths = [...new Set(inputs.flat())].toSorted((a, b) => b - a);
  for (const length of lengths) {
    for (const shorter of smallerLengths(length, minLength)) {
      yield { ...sketch, inputs: inputs.map((shape) => shape.map((own) => (own === length ? shorter : own))) };
    }
  }
  const axes = inputs.flatMap((shape, at) => shape.map((length, axis) => ({ at, axis, length })));
  for (const { at, axis } of axes) yield { ...sketch, inputs: inputs.with(at, inputs[at].toSpliced(axis, 1)) };
  for (const [place, one] of axes.entries()) {
    const others = axes.slice(place + 1).filter(({ length }) => length === one.length);
    for (const together of [[one], ...others.map((other) => [one, other])]) {
      for (const shorter of smallerLengths(one.length, minLength)) {
        const isOne = (at: number, axis: number) => together.some((some) => some.at === at && some.axis === axis);
        const shapes = inputs.map((shape, at) => shape.map((length, axis) => (isOne(at, axis) ? shorter : length)));
        yield { ...sketch, inputs: shapes };
      }
    }
  }
}

function* withLessStructure(sketch: Sketch, program: GraphProgram, limits: ProgramLimits): Iterable<Sketch> {
  const { inputs, steps, output } = sketch;
  const count = inputs.length + steps.length;
  const values = Array.from({ length: count }, (_, at) => at);
  // What the output does not need, all of it or one by one.
  const dead = unneededBy(sketch);
  if (dead.length > 1) yield without(sketch, dead);
  for (const at of dead.toReversed()) if (!isUsed(sketch, at)) yield without(sketch, [at]);
  // An earlier output; the steps behind it go.
  for (let at = 0; at < output; at++) {
    const behind = values.filter((value) => value > at && value >= inputs.length);
    yield without({ ...sketch, output: at }, behind);
  }
  // A value replaced by an earlier one everywhere; its step or input goes.
  for (let at = count - 1; at > 0; at--) {
    for (let earlier = 0; earlier < at; earlier++) yield without(redirected(sketch, at, earlier), [at]);
  }
  // A value made an input, with or without what is then not needed.
  for (let at = count - 1; at >= inputs.length; at--) {
    const cut = asInput(sketch, at, program.steps[at - inputs.length].shape);
    const unneeded = unneededBy(cut);
    if (unneeded.length > 0) yield without(cut, unneeded);
    yield cut;
  }
  for (const [at, step] of steps.entries()) {
    const replaced = (simple: SketchedStep): Sketch => ({ ...sketch, steps: steps.with(at, simple) });
    for (const simpler of limits.operations.values()) {
      const isSame = simpler.name === step.operation;
      for (const arity of aritiesOf(simpler)) {
        if (arity > step.arguments.length || (isSame && arity === step.arguments.length)) continue;
        yield replaced({ operation: simpler.name, arguments: step.arguments.slice(0, arity), way: 0 });
      }
      if (isSame) break;
    }
    for (let way = 0; way < step.way; way++) yield replaced({ ...step, way });
    // An argument computed earlier, but none that the step has already.
    for (const [place, argument] of step.arguments.entries()) {
      for (let earlier = 0; earlier < argument; earlier++) {
        if (step.arguments.includes(earlier)) continue;
        yield replaced({ ...step, arguments: step.arguments.with(place, earlier) });
      }
    }
  }
}

/** What the output does not need. */
function unneededBy(sketch: Sketch): number[] {
  const live = needed(sketch);
  return Array.from({ length: sketch.inputs.length + sketch.steps.length }, (_, at) => at).filter(
    (at) => !live.has(at),
  );
}

/** The result of one step as the last input, without the step. */
function asInput({ inputs, steps, output }: Sketch, at: number, shape: Shape): Sketch {
  const rename = (value: number) => {
    if (value === at) return inputs.length;
    return value >= inputs.length && value < at ? value + 1 : value;
  };
  const others = steps.filter((_, step) => inputs.length + step !== at);
  return {
    inputs: [...inputs, shape],
    steps: others.map((step) => ({ ...step, arguments: step.arguments.map(rename) })),
    output: rename(output),
  };
}

function isUsed({ steps, output }: Sketch, at: number): boolean {
  return output === at || steps.some((step) => step.arguments.includes(at));
}

/** Every use of one value made a use of another. */
function redirected(sketch: Sketch, from: number, to: number): Sketch {
  const other = (at: number) => (at === from ? to : at);
  const steps = sketch.steps.map((step) => ({ ...step, arguments: step.arguments.map(other) }));
  return { ...sketch, steps, output: other(sketch.output) };
}

/** The program without some values, which nothing that stays uses; the others are counted anew. */
function without({ inputs, steps, output }: Sketch, values: readonly number[]): Sketch {
  const gone = new Set(values);
  const kept = Array.from({ length: inputs.length + steps.length }, (_, at) => at).filter((at) => !gone.has(at));
  const renamed = new Map(kept.map((at, place) => [at, place]));
  const rename = (at: number) => renamed.get(at) as number;
  return {
    inputs: inputs.filter((_, at) => !gone.has(at)),
    steps: steps
      .filter((_, at) => !gone.has(inputs.length + at))
      .map((step) => ({ ...step, arguments: step.arguments.map(rename) })),
    output: rename(output),
  };
}
