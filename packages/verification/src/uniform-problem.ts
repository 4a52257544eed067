import { float64, type PrimeField, type Random, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { type Arbitrary, arbitrary } from "@gradproof/diagnostics";
import {
  forward,
  type Loss,
  liftProblem,
  mapProblem,
  type NumericArray,
  type RnnParameters,
  type RnnProblem,
} from "@gradproof/rnn";
import { type ProblemFacts, problemFacts } from "./problem-facts.ts";
import type { ProofShape } from "./proof-shape.ts";

type Residues = Tensor<Float64Array>;

export interface UniformProblem {
  readonly problem: RnnProblem<Residues>;
  readonly facts: ProblemFacts;
}

/** A problem that only the shadows are known of; an exact 0 is 0, every other element stands for an arbitrary number. */
export interface ShadowProblem {
  readonly problem: RnnProblem<NumericArray>;
  readonly facts: ProblemFacts;
}

/** A problem of that shape with uniformly random residues. */
export function uniformProblem(F: PrimeField, shape: ProofShape, random: Random): UniformProblem {
  const { problem, facts } = drawShadows(shape, random);
  return { problem: arbitraryProblem(F, problem), facts };
}

/** The problem in an arithmetic of proofs: arbitrary elements with these shadows. */
export function arbitraryProblem<S>(A: Arbitrary<S>, problem: RnnProblem<NumericArray>): RnnProblem<Tensor<S>> {
  return mapProblem(problem, (values) => arbitrary(A, values));
}

/**
 * Shadows of weights, inputs, states, targets and mask, some mask entries exactly 0. Under relu they are drawn until at
 * every step of every sequence two units are on (one where H = 1), for gradients that die out hide every mistake.
 */
export function drawShadows(shape: ProofShape, random: Random): ShadowProblem {
  for (;;) {
    const problem = drawProblem(shape, random);
    const preactivations = float64.lower(forward(float64, liftProblem(float64, problem)).preactivations);
    if (shape.nonlinearity === "relu" && !everyStepHas(preactivations, shape.H, Math.min(2, shape.H))) continue;
    const classes = problem.loss === "cross_entropy" ? problem.target : undefined;
    return { problem, facts: problemFacts(shape, { preactivations, weights: problem.mask?.data, classes }) };
  }
}

function everyStepHas(preactivations: Float64Array, units: number, least: number): boolean {
  for (let row = 0; row < preactivations.length; row += units) {
    if (preactivations.subarray(row, row + units).filter((u) => u > 0).length < least) return false;
  }
  return true;
}

function drawProblem(shape: ProofShape, random: Random): RnnProblem<NumericArray> {
  const { T, B, I, H, O } = shape;
  const draw = (...lengths: number[]): NumericArray => ({
    shape: lengths,
    data: Float64Array.from({ length: sizeOf(lengths) }, () => drawShadow(random)),
  });
  const parameters: RnnParameters<NumericArray> = {
    Wxh: draw(H, I),
    Whh: draw(H, H),
    Why: draw(O, H),
    ...(shape.bxh && { bxh: draw(H) }),
    ...(shape.bhh && { bhh: draw(H) }),
    ...(shape.by && { by: draw(O) }),
  };
  return {
    nonlinearity: shape.nonlinearity,
    parameters,
    x: draw(T, B, I),
    h0: shape.zeroState ? { shape: [B, H], data: new Float64Array(B * H) } : draw(B, H),
    ...(shape.mask && { mask: drawMask(T, B, random) }),
    ...drawLoss(shape, draw, random),
  };
}

/** A multiple of 2^-10 in (-0.4, 1), not 0: relu units are on three times in four or so. */
function drawShadow(random: Random): number {
  return random.integer(-409, 1022) / 1024 || 1023 / 1024;
}

/** Arbitrary weights, one in four 0, none at the last step. */
function drawMask(T: number, B: number, random: Random): NumericArray {
  const weights = Float64Array.from({ length: T * B }, (_, i) =>
    i < (T - 1) * B && random.integer(0, 3) === 0 ? 0 : random.integer(1, 1023) / 1024,
  );
  return { shape: [T, B], data: weights };
}

function drawLoss(shape: ProofShape, draw: (...lengths: number[]) => NumericArray, random: Random): Loss<NumericArray> {
  const { T, B, H, O, loss, reduction } = shape;
  switch (loss) {
    case "cross_entropy":
      return { loss, reduction, target: Int32Array.from({ length: T * B }, () => random.integer(0, O - 1)) };
    case "linear":
      return { loss, reduction: "sum", target: { outputs: draw(T, B, O), states: draw(T, B, H) } };
    default:
      return { loss, reduction, target: draw(T, B, O) };
  }
}
