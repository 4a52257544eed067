import { float64, random, sizeOf, type Tensor } from "@gradproof/arithmetic";
import {
  backward,
  bptt,
  type Equations,
  forward,
  liftProblem,
  type NumericArray,
  type RnnProblem,
} from "@gradproof/rnn";
import type { GivenGradient } from "../../src/judgement.ts";
import type { GradientName } from "../../src/spread.ts";
import { seed } from "../settings.ts";

export interface ProblemSettings {
  readonly T?: number;
  readonly B?: number;
  readonly I?: number;
  readonly H?: number;
  readonly O?: number;
  readonly nonlinearity?: "tanh" | "relu";
  readonly loss?: RnnProblem<unknown>["loss"];
  readonly reduction?: "sum" | "mean";
  /** Weights of the steps: none, of padding at the end and skipped steps, or fractions. */
  readonly mask?: "none" | "padding" | "fractions";
  readonly gain?: number;
  readonly from?: number;
}

/** A problem of numbers that are multiples of 2^-12: every bias, a state that is not zero. */
export function drawProblem({
  T = 7,
  B = 2,
  I = 2,
  H = 3,
  O = 3,
  nonlinearity = "tanh",
  loss = "mse",
  reduction = "sum",
  mask = "none",
  gain = 1,
  from = seed,
}: ProblemSettings = {}): RnnProblem<NumericArray> {
  const source = random(from);
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.round(scale * source.normal() * 4096) / 4096),
  });
  const weights = Float64Array.from({ length: T * B }, (_, i) => {
    if (mask === "fractions") return source.integer(1, 7) / 4;
    // The last sequence ends one step early; one step of the others in four is skipped, never the last.
    if (i % B === B - 1) return i >= (T - 1) * B ? 0 : 1;
    return i < (T - 1) * B && source.integer(0, 3) === 0 ? 0 : 1;
  });
  const common = {
    nonlinearity,
    parameters: {
      Wxh: normal(1 / Math.sqrt(I), H, I),
      Whh: normal(gain / Math.sqrt(H), H, H),
      Why: normal(1 / Math.sqrt(H), O, H),
      bxh: normal(0.25, H),
      bhh: normal(0.25, H),
      by: normal(0.25, O),
    },
    x: normal(1, T, B, I),
    h0: normal(0.5, B, H),
    ...(mask !== "none" && { mask: { shape: [T, B], data: weights } }),
  };
  if (loss === "cross_entropy") {
    return { ...common, loss, reduction, target: Int32Array.from({ length: T * B }, () => source.integer(0, O - 1)) };
  }
  if (loss === "linear") {
    return { ...common, loss, reduction: "sum", target: { outputs: normal(1, T, B, O), states: normal(1, T, B, H) } };
  }
  return { ...common, loss, reduction, target: normal(1, T, B, O) };
}

/** The gradient that a derivation gives in float64, as a file would hold it. */
export function gradientsOf(
  problem: RnnProblem<NumericArray>,
  equations: Partial<Equations<Float64Array>> = {},
): GivenGradient[] {
  const lifted = liftProblem(float64, problem);
  const gradient = backward(float64, lifted, forward(float64, lifted), { ...bptt<Float64Array>(), ...equations });
  return Object.entries(gradient).map(([name, tensor]: [string, Tensor<Float64Array>]) => ({
    name,
    of: name as GradientName,
    dtype: "F64",
    shape: tensor.shape,
    data: float64.lower(tensor),
  }));
}
