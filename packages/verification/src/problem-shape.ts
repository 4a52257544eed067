import { float64 } from "@gradproof/arithmetic";
import { dimensions, forward, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { type ProblemFacts, problemFacts } from "./problem-facts.ts";
import type { ProofShape } from "./proof-shape.ts";

/** The shape and code path of a problem of plain numbers: what says whether a mistake is inert on it. */
export function shapeOf(problem: RnnProblem<NumericArray>): ProofShape {
  const { parameters, nonlinearity, loss, reduction, mask, h0 } = problem;
  return {
    ...dimensions(problem),
    nonlinearity,
    loss,
    reduction,
    bxh: parameters.bxh !== undefined,
    bhh: parameters.bhh !== undefined,
    by: parameters.by !== undefined,
    mask: mask !== undefined,
    zeroState: h0.data.every((value) => value === 0),
  };
}

export function factsOf(problem: RnnProblem<NumericArray>): ProblemFacts {
  const { preactivations } = forward(float64, liftProblem(float64, problem));
  return problemFacts(shapeOf(problem), {
    preactivations: float64.lower(preactivations),
    weights: problem.mask?.data,
    classes: problem.loss === "cross_entropy" ? problem.target : undefined,
  });
}
