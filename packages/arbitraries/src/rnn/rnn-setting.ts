import type fc from "fast-check";
import { drawn, once, pick, smallerLengths } from "../drawn.ts";
import type { BlindSpot } from "./blind-spots.ts";
import type { Dimensions, Nonlinearity, Reduction, RnnLoss } from "./problem.ts";

/** Dimensions and structure of a problem. */
export interface RnnSetting extends Dimensions {
  readonly nonlinearity: Nonlinearity;
  readonly loss: RnnLoss["loss"];
  readonly reduction: Reduction;
  /** What a linear loss is a function of. */
  readonly of: "outputs" | "states" | "both";
  /** Whether there is W_hy. */
  readonly readout: boolean;
  readonly bxh: boolean;
  readonly bhh: boolean;
  readonly by: boolean;
  readonly mask: MaskKind;
  /** A blind spot that is made on purpose. */
  readonly degenerate: Degenerate;
}

/** No mask; arbitrary weights, one in four 0; or ones up to the length of each sequence and zeros behind it. */
export type MaskKind = "none" | "weights" | "lengths";

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What may be drawn: a range of each dimension, and of all else the choices, the simplest first. */
export interface RnnChoices {
  readonly ranges: Readonly<Record<keyof Dimensions, Range>>;
  readonly nonlinearity: readonly Nonlinearity[];
  readonly loss: readonly RnnLoss["loss"][];
  readonly reduction: readonly Reduction[];
  readonly biases: readonly boolean[];
  readonly mask: readonly MaskKind[];
  readonly exclude: readonly BlindSpot[];
}

/** Of 32 problems, how many are made to have a blind spot that else would be rare; the others come as they come. */
const degenerates = {
  "zero-state": 4,
  "symmetric-recurrence": 2,
  "equal-inputs": 2,
  "late-loss": 2,
  "zero-inputs": 1,
  "zero-mask": 1,
  "zero-errors": 1,
} as const satisfies Partial<Record<BlindSpot, number>>;

type Degenerate = keyof typeof degenerates | "none";

const deck = Object.entries(degenerates).flatMap(([spot, count]) =>
  new Array<Degenerate>(count).fill(spot as Degenerate),
);

const dimensionNames = ["T", "B", "I", "H", "O"] as const;

/** Settings; they shrink towards small dimensions, then towards the first of each choice. */
export function rnnSettings(choices: RnnChoices): fc.Arbitrary<RnnSetting> {
  const options: { readonly [N in Exclude<keyof RnnSetting, keyof Dimensions>]: readonly RnnSetting[N][] } = {
    degenerate: (["none", ...new Set(deck)] as const).filter((spot) => isAllowed(spot, choices)),
    mask: choices.mask,
    loss: choices.loss,
    of: ["outputs", "states", "both"],
    readout: [true, false],
    nonlinearity: choices.nonlinearity,
    reduction: choices.reduction,
    bxh: choices.biases,
    bhh: choices.biases,
    by: choices.biases,
  };
  const names = Object.keys(options) as (keyof typeof options)[];
  return drawn<RnnSetting>({
    draw(random) {
      const structure = names.map((name) => [name, pick<unknown>(options[name], random)]);
      const { loss } = Object.fromEntries(structure) as RnnSetting;
      const lengths = dimensionNames.map((name) => {
        return [name, drawLength(rangeOf(name, loss, choices), random)];
      });
      const degenerate = deck[random.nextInt(0, 31)] ?? "none";
      const setting = Object.fromEntries([...lengths, ...structure]) as RnnSetting;
      return settle({ ...setting, degenerate: options.degenerate.includes(degenerate) ? degenerate : "none" });
    },
    *simpler(setting) {
      for (const name of dimensionNames) {
        const { min } = rangeOf(name, setting.loss, choices);
        for (const length of smallerLengths(setting[name], min)) yield settle({ ...setting, [name]: length });
      }
      for (const name of names) {
        const place = options[name].indexOf(setting[name] as never);
        for (const option of options[name].slice(0, place)) {
          const simple = settle({ ...setting, [name]: option });
          if (simple[name] === option) yield simple;
        }
      }
    },
  });
}

/** 1, which hides the most, in one problem of eight; else uniform. */
function drawLength({ min, max }: Range, random: fc.Random): number {
  if (min > 1 || max === 1) return random.nextInt(min, max);
  return once(8, random) ? 1 : random.nextInt(2, max);
}

/** The range of a dimension; of one class alone the probability is 1, so there are two or more where that is excluded. */
export function rangeOf(
  name: keyof Dimensions,
  loss: RnnLoss["loss"],
  { ranges, exclude }: Pick<RnnChoices, "ranges" | "exclude">,
): Range {
  const { min, max } = ranges[name];
  const classes = name === "O" && loss === "cross_entropy" && exclude.includes("single-class");
  return { min: classes ? Math.max(min, 2) : min, max };
}

function isAllowed(spot: Degenerate, { exclude, mask }: RnnChoices): boolean {
  if ((spot === "late-loss" || spot === "zero-mask") && !mask.includes("weights")) return false;
  return spot === "none" || !exclude.includes(spot);
}

/** The setting with all that has no meaning beside the rest put to the simplest. */
function settle(setting: RnnSetting): RnnSetting {
  const linear = setting.loss === "linear";
  const of = linear ? setting.of : "outputs";
  const readout = of !== "states" || setting.readout;
  const degenerate = isPossible(setting) ? setting.degenerate : "none";
  return {
    ...setting,
    of,
    readout,
    by: setting.by && readout,
    reduction: linear ? "sum" : setting.reduction,
    degenerate,
    mask: degenerate === "late-loss" || degenerate === "zero-mask" ? "weights" : setting.mask,
  };
}

function isPossible({ degenerate, T, H, loss }: RnnSetting): boolean {
  switch (degenerate) {
    case "symmetric-recurrence":
      return H > 1;
    case "equal-inputs":
    case "late-loss":
      return T > 1;
    case "zero-errors":
      return loss !== "cross_entropy";
    default:
      return true;
  }
}
