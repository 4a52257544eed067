import type fc from "fast-check";
import { integers } from "../domain.ts";
import { gridOf, type NumberOptions } from "../number-options.ts";
import { type NumericArray, type Shape, sizeOf } from "../numeric-array.ts";
import { scaledIntegers } from "../scaled-integers.ts";
import { type Block, type Plan, staged } from "../staged.ts";
import { allBlindSpots, type BlindSpot, firstBlindSpot, vacuousSpots } from "./blind-spots.ts";
import type { Dimensions, Nonlinearity, Reduction, RnnLoss, RnnProblem } from "./problem.ts";
import { type MaskKind, type Range, type RnnChoices, type RnnSetting, rangeOf, rnnSettings } from "./rnn-setting.ts";

export interface RnnProblemOptions extends Pick<NumberOptions, "halvings" | "exactIn"> {
  /** The largest size of a number other than a mask's, 1 unless given: a larger one saturates tanh. */
  readonly limit?: number;
  /** Steps: 1 to 6 unless given. */
  readonly T?: number | Range;
  /** Sequences: 1 to 3 unless given. */
  readonly B?: number | Range;
  /** Inputs: 1 to 3 unless given. */
  readonly I?: number | Range;
  /** Hidden units: 1 to 4 unless given. */
  readonly H?: number | Range;
  /** Outputs: 1 to 3 unless given. A linear loss of the states is also drawn without a readout. */
  readonly O?: number | Range;
  /** Each of these is as likely as the others; all unless given. */
  readonly nonlinearity?: readonly Nonlinearity[];
  readonly loss?: readonly RnnLoss["loss"][];
  /** A linear loss is always a sum. */
  readonly reduction?: readonly Reduction[];
  readonly mask?: readonly MaskKind[];
  /** Whether the three biases are there: each as likely as not unless given. */
  readonly biases?: "all" | "none";
  /** Blind spots that no problem is to have: the vacuous ones unless given. */
  readonly exclude?: readonly BlindSpot[];
}

/** The choices of each kind, the simplest first. */
const everything = {
  nonlinearity: ["tanh", "relu"],
  loss: ["half_squared_error", "mse", "linear", "cross_entropy"],
  reduction: ["sum", "mean"],
  mask: ["none", "weights", "lengths"],
} as const satisfies Partial<RnnChoices>;

/**
 * Training problems of a vanilla RNN, as the plain data that `@gradproof/rnn` takes. Parameters, inputs, initial state
 * and targets are scaled integers other than 0, within 1 unless a limit is given; a mask has weights k/4 up to 2, one
 * in four 0, or ones up to the length of each sequence.
 *
 * Each dimension is 1 in one problem of eight; in 11 problems of 32 one of h_0 = 0, a symmetric W_hh, equal inputs, a
 * loss on the last step only and inputs of 0 is made on purpose. {@link blindSpots} names what a problem hides.
 *
 * Problems shrink towards small dimensions; then towards no mask, half squared error, tanh, a sum, no biases; then towards
 * numbers that are simple, all different within an array and none of them 0.
 *
 * @throws RangeError for a range or a list that is empty, or that leaves nothing beside what is excluded.
 * @example
 * ```ts
 * import { rnnProblem } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const withMask = rnnProblem({ H: { min: 2, max: 4 }, exclude: ["single-step", "zero-mask"] });
 * const unmasked = fc.property(withMask, ({ mask }) => mask === undefined);
 * const { counterexample } = fc.check(unmasked, { seed: 1 });
 * const [{ x, h0 }] = counterexample!;
 * console.log(x.shape, [...x.data], [...h0.data]); // -> [ 2, 1, 1 ] [ 0.5625, 0.625 ] [ 0.6875, 0.75 ]
 * ```
 */
export function rnnProblem(options: RnnProblemOptions = {}): fc.Arbitrary<RnnProblem> {
  const { limit = 1, halvings = 6, exactIn = "float64" } = options;
  const grid = gridOf("rnnProblem", { limit, halvings, exactIn, nonZero: true });
  const choices = choicesOf(options);
  const plan = (setting: RnnSetting): Plan<RnnProblem> => {
    const shapes = numberShapes(setting);
    const total = Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0);
    const blocks: Record<string, Block> = {};
    let first = 0;
    for (const [name, shape] of Object.entries(shapes)) {
      blocks[name] = { shape, domain: scaledIntegers(grid, { first, total }) };
      first += sizeOf(shape);
    }
    return {
      blocks: { ...blocks, ...structureBlocks(setting) },
      build: (numbers) => build(setting, shapes, numbers),
    };
  };
  return staged(rnnSettings(choices), plan, (problem) => {
    const spot = firstBlindSpot(problem, choices.exclude);
    return spot && `rnnProblem: drew a problem with ${spot}, which is excluded`;
  });
}

/** Whatever holds scaled integers. */
function numberShapes({ T, B, I, H, O, ...setting }: RnnSetting): Record<string, Shape> {
  const squares = setting.loss === "mse" || setting.loss === "half_squared_error";
  const linear = setting.loss === "linear";
  return {
    Wxh: [H, I],
    Whh: [H, H],
    ...(setting.readout && { Why: [O, H] }),
    ...(setting.bxh && { bxh: [H] }),
    ...(setting.bhh && { bhh: [H] }),
    ...(setting.by && { by: [O] }),
    x: [T, B, I],
    h0: [B, H],
    ...(squares && { target: [T, B, O] }),
    ...(linear && setting.of !== "states" && { outputs: [T, B, O] }),
    ...(linear && setting.of !== "outputs" && { states: [T, B, H] }),
  };
}

const weights = gridOf("rnnProblem", { limit: 2, halvings: 2, nonZero: true });

/** Masks and classes. */
function structureBlocks({ T, B, O, mask, loss }: RnnSetting): Record<string, Block> {
  return {
    ...(mask === "weights" && {
      weights: { shape: [T, B], domain: scaledIntegers(weights, undefined, { positive: true, zeros: 4 }) },
    }),
    ...(mask === "lengths" && { lengths: { shape: [B], domain: integers(1, T, "down") } }),
    ...(loss === "cross_entropy" && { classes: { shape: [T, B], domain: integers(0, O - 1, "up") } }),
  };
}

function build(
  setting: RnnSetting,
  shapes: Readonly<Record<string, Shape>>,
  numbers: Readonly<Record<string, readonly number[]>>,
): RnnProblem {
  const { T, B, loss, reduction, degenerate } = setting;
  const array = (name: string): NumericArray => ({ shape: shapes[name], data: Float64Array.from(numbers[name]) });
  const optional = (name: string) => (shapes[name] ? { [name]: array(name) } : {});
  const errorFree = degenerate === "zero-errors";
  const parameters = {
    Wxh: array("Wxh"),
    Whh: degenerate === "symmetric-recurrence" ? mirrored(array("Whh")) : array("Whh"),
    ...optional("Why"),
    ...optional("bxh"),
    ...optional("bhh"),
    ...optional("by"),
  };
  const { x, h0 } = { x: array("x"), h0: array("h0") };
  const common = {
    nonlinearity: setting.nonlinearity,
    // ŷ = 0 = y
    parameters: errorFree && loss !== "linear" ? zeros(parameters, ["Why", "by"]) : parameters,
    x: degenerate === "zero-inputs" ? zero(x) : degenerate === "equal-inputs" ? repeated(x) : x,
    h0: degenerate === "zero-state" ? zero(h0) : h0,
    ...maskOf(setting, numbers, [T, B]),
  };
  switch (loss) {
    case "cross_entropy":
      return { ...common, loss, reduction, target: Int32Array.from(numbers.classes) };
    case "linear": {
      const target = { ...optional("outputs"), ...optional("states") };
      return { ...common, loss, reduction: "sum", target: errorFree ? zeros(target, ["outputs", "states"]) : target };
    }
    default:
      return { ...common, loss, reduction, target: errorFree ? zero(array("target")) : array("target") };
  }
}

function maskOf(
  { mask, degenerate, T, B }: RnnSetting,
  numbers: Readonly<Record<string, readonly number[]>>,
  shape: Shape,
): { readonly mask?: NumericArray } {
  if (mask === "none") return {};
  const lengths = numbers.lengths;
  const data = Float64Array.from({ length: T * B }, (_, step) => {
    if (mask === "lengths") return Math.floor(step / B) < lengths[step % B] ? 1 : 0;
    const counts = degenerate === "zero-mask" ? false : degenerate !== "late-loss" || step >= (T - 1) * B;
    return counts ? numbers.weights[step] : 0;
  });
  return { mask: { shape, data } };
}

function zero({ shape, data }: NumericArray): NumericArray {
  return { shape, data: new Float64Array(data.length) };
}

/** The record with some of its arrays 0, those that it has. */
function zeros<R extends object>(record: R, names: readonly string[]): R {
  const replaced = Object.entries(record).map(([name, array]) => [name, names.includes(name) ? zero(array) : array]);
  return Object.fromEntries(replaced) as R;
}

/** The part above the diagonal, below it too. */
function mirrored({ shape, data }: NumericArray): NumericArray {
  const n = shape[0];
  const at = (i: number) => [Math.floor(i / n), i % n];
  return { shape, data: data.map((_, i) => data[Math.min(...at(i)) * n + Math.max(...at(i))]) };
}

/** The first step, at every step. */
function repeated({ shape, data }: NumericArray): NumericArray {
  return { shape, data: data.map((_, i) => data[i % (shape[1] * shape[2])]) };
}

/** The dimension of which a blind spot is the least length. */
const singles: readonly (readonly [BlindSpot, keyof Dimensions])[] = [
  ["single-step", "T"],
  ["single-sequence", "B"],
  ["single-input", "I"],
  ["single-unit", "H"],
  ["single-output", "O"],
];

function choicesOf(options: RnnProblemOptions): RnnChoices {
  const { exclude = vacuousSpots } = options;
  const unknown = exclude.find((spot) => !allBlindSpots.includes(spot));
  if (unknown !== undefined) {
    throw new RangeError(`rnnProblem: exclude names ${unknown}; expected some of ${allBlindSpots.join(", ")}`);
  }
  const defaults = { T: 6, B: 3, I: 3, H: 4, O: 3 };
  const ranges = Object.fromEntries(
    Object.entries(defaults).map(([name, most]) => {
      const dimension = name as keyof Dimensions;
      const given = options[dimension];
      const { min, max } = typeof given === "number" ? { min: given, max: given } : (given ?? { min: 1, max: most });
      const single = singles.find(([, of]) => of === dimension)?.[0] as BlindSpot;
      const least = exclude.includes(single) ? Math.max(min, 2) : min;
      if (!(Number.isInteger(min) && Number.isInteger(max) && 1 <= min && least <= max)) {
        const without = exclude.includes(single) ? ` without ${single}` : "";
        throw new RangeError(`rnnProblem: ${name} is ${min} to ${max}; expected integers of at least 1${without}`);
      }
      return [dimension, { min: least, max }];
    }),
  ) as RnnChoices["ranges"];
  const loss = choose("loss", everything.loss, options.loss);
  return {
    ranges,
    nonlinearity: choose("nonlinearity", everything.nonlinearity, options.nonlinearity),
    loss: choose(
      "loss",
      loss.filter((kind) => rangeOf("O", kind, { ranges, exclude }).min <= ranges.O.max),
    ),
    reduction: choose("reduction", everything.reduction, options.reduction),
    biases: options.biases === "all" ? [true] : options.biases === "none" ? [false] : [false, true],
    mask: choose("mask", everything.mask, options.mask),
    exclude,
  };
}

/** The choices that are wanted, the simplest first. */
function choose<T extends string>(name: string, choices: readonly T[], wanted: readonly T[] = choices): readonly T[] {
  const unknown = wanted.find((choice) => !choices.includes(choice));
  const chosen = choices.filter((choice) => wanted.includes(choice));
  if (unknown === undefined && chosen.length > 0) return chosen;
  throw new RangeError(
    `rnnProblem: ${name} is ${wanted.join(", ") || "empty"}; expected some of ${choices.join(", ") || "none: see exclude"}`,
  );
}
