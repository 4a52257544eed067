import { type Random, random } from "@gradproof/arithmetic";
import {
  type Initialisation,
  initialise,
  type Nonlinearity,
  type NumericArray,
  type RnnParameters,
  type RnnProblem,
} from "@gradproof/rnn";
import type { ExplainOptions } from "../../src/flow/explain.ts";
import type { Cause } from "../../src/flow/finding.ts";

/** A network with something wrong with it, or nothing. */
export interface Pathology {
  readonly name: string;
  /** The cause that must be named first; none where nothing is wrong. */
  readonly cause: Cause | undefined;
  readonly plant: (
    seed: number,
    sequences?: number,
  ) => { readonly problem: RnnProblem<NumericArray>; readonly options: ExplainOptions };
}

const [T, I, H] = [120, 2, 32];
/** Steps back that the task looks. */
const delay = 20;

/** Recall: the target is the first input of 20 steps ago. */
function recall(source: Random, B: number, parameters: RnnParameters<NumericArray>, nonlinearity: Nonlinearity) {
  const x = Float64Array.from({ length: T * B * I }, () => 2 * source.unit() - 1);
  const target = Float64Array.from({ length: T * B }, (_, row) => {
    const step = Math.floor(row / B) - delay;
    return step < 0 ? 0 : x[(step * B + (row % B)) * I];
  });
  return {
    nonlinearity,
    loss: "mse" as const,
    reduction: "mean" as const,
    parameters,
    x: { shape: [T, B, I], data: x },
    h0: { shape: [B, H], data: Float64Array.from({ length: B * H }, () => source.normal() / 10) },
    target: { shape: [T, B, 1], data: target },
  };
}

interface Recipe {
  readonly kind: Initialisation;
  readonly gain: number;
  /** What W_xh is multiplied by. */
  readonly inputs: number;
  readonly nonlinearity?: Nonlinearity;
  readonly bias?: (source: Random) => number;
}

function network(source: Random, B: number, { kind, gain, inputs, nonlinearity = "tanh", bias = () => 0 }: Recipe) {
  const drawn = initialise({ seed: source.uint32(), I, H, O: 1, kind, gain });
  const Wxh = { ...drawn.Wxh, data: drawn.Wxh.data.map((weight) => weight * inputs) };
  const bhh = { shape: [H], data: Float64Array.from({ length: H }, () => bias(source)) };
  return recall(source, B, { ...drawn, Wxh, bhh }, nonlinearity);
}

const between = (source: Random, low: number, high: number) => low + (high - low) * source.unit();
const healthy = (source: Random, B: number) =>
  network(source, B, { kind: "orthogonal", gain: 1, inputs: between(source, 0.05, 0.15) });
const tooLarge = (source: Random, B: number) =>
  network(source, B, { kind: "normal", gain: between(source, 4, 6), inputs: between(source, 0.05, 0.15) });

function pathology(
  name: string,
  cause: Cause | undefined,
  build: (source: Random, B: number) => RnnProblem<NumericArray>,
  options: (source: Random) => ExplainOptions = () => ({}),
): Pathology {
  return {
    name,
    cause,
    plant(seed, sequences = 1) {
      const source = random(seed);
      const problem = build(source, sequences);
      return { problem, options: { requiredLag: delay, ...options(source) } };
    },
  };
}

export const pathologies: readonly Pathology[] = [
  pathology("healthy", undefined, healthy),
  pathology("healthy, clipped at 5 and truncated at 60", undefined, healthy, () => ({
    clip: { by: "norm", limit: 5 },
    truncation: 60,
  })),
  pathology("gain too small", "gain-too-small", (source, B) =>
    network(source, B, {
      kind: source.pick(["orthogonal", "normal"]),
      gain: between(source, 0.3, 0.6),
      inputs: between(source, 0.05, 0.3),
    }),
  ),
  pathology("gain too large", "gain-too-large", tooLarge),
  pathology("saturation", "saturation", (source, B) =>
    source.pick([true, false])
      ? network(source, B, { kind: "orthogonal", gain: 1, inputs: between(source, 5, 10) })
      : network(source, B, {
          kind: "orthogonal",
          gain: 1,
          inputs: 0.1,
          bias: (own) => own.pick([-1, 1]) * between(own, 2, 4),
        }),
  ),
  pathology("exploding, then clipped", "clipping", tooLarge, (source) => ({
    clip: { by: "norm", limit: between(source, 0.1, 1) },
  })),
  pathology("truncation shorter than the task", "truncation", healthy, (source) => ({
    truncation: source.integer(5, 15),
  })),
  pathology("dead relus", "dead-units", (source, B) =>
    network(source, B, {
      kind: "identity",
      gain: 1,
      inputs: 0.1,
      nonlinearity: "relu",
      bias: (own) => (own.unit() < 0.7 ? -between(own, 1, 3) : 0.01),
    }),
  ),
];
