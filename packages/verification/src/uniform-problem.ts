import { type PrimeField, type Random, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { forward, type Loss, type RnnParameters, type RnnProblem } from "@gradproof/rnn";
import { type ProblemFacts, problemFacts } from "./problem-facts.ts";
import type { ProofShape } from "./proof-shape.ts";

type Residues = Tensor<Float64Array>;

export interface UniformProblem {
  readonly problem: RnnProblem<Residues>;
  readonly facts: ProblemFacts;
}

/**
 * A problem of that shape with uniformly random residues: weights, inputs, states, targets and mask, some mask entries
 * exactly 0. Under relu the shadows are drawn until at every step of every sequence two units are on (one where H = 1),
 * for gradients that die out hide every mistake; the residues stay uniform.
 */
export function uniformProblem(F: PrimeField, shape: ProofShape, random: Random): UniformProblem {
  for (;;) {
    const problem = drawProblem(F, shape, random);
    const preactivations = F.lower(forward(F, problem).preactivations);
    if (shape.nonlinearity === "relu" && !everyStepHas(preactivations, shape.H, Math.min(2, shape.H))) continue;
    const weights = problem.mask && F.lower(problem.mask);
    const classes = problem.loss === "cross_entropy" ? problem.target : undefined;
    return { problem, facts: problemFacts(shape, { preactivations, weights, classes }) };
  }
}

function everyStepHas(preactivations: Float64Array, units: number, least: number): boolean {
  for (let row = 0; row < preactivations.length; row += units) {
    if (preactivations.subarray(row, row + units).filter((u) => u > 0).length < least) return false;
  }
  return true;
}

function drawProblem(F: PrimeField, shape: ProofShape, random: Random): RnnProblem<Residues> {
  const { T, B, I, H, O } = shape;
  /** Shadows of (-0.4, 1), multiples of 2^-10, keep about three units in four on. */
  const draw = (...lengths: number[]): Residues =>
    F.uniform(
      lengths,
      Float64Array.from({ length: sizeOf(lengths) }, () => random.integer(-409, 1023) / 1024),
    );
  const parameters: RnnParameters<Residues> = {
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
    h0: shape.zeroState ? F.lift(new Float64Array(B * H), [B, H]) : draw(B, H),
    ...(shape.mask && { mask: drawMask(F, T, B, random) }),
    ...drawLoss(shape, draw, random),
  };
}

/** Arbitrary weights, one in four 0, none at the last step. */
function drawMask(F: PrimeField, T: number, B: number, random: Random): Residues {
  const weights = Float64Array.from({ length: T * B }, (_, i) =>
    i < (T - 1) * B && random.integer(0, 3) === 0 ? 0 : random.integer(1, 1023) / 1024,
  );
  const mask = F.uniform([T, B], weights);
  const zero = F.lift([0], []);
  weights.forEach((weight, i) => {
    if (weight === 0) F.copy({ ...mask, offset: mask.offset + i, shape: [], strides: [] }, zero);
  });
  return mask;
}

function drawLoss(shape: ProofShape, draw: (...lengths: number[]) => Residues, random: Random): Loss<Residues> {
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
