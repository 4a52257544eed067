import { random } from "@gradproof/arithmetic";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { GivenGradient } from "@gradproof/verification";
import { type FloatType, floatGradient } from "./float-gradient.ts";
import { drawProblem, type Scales } from "./random-problem.ts";
import { summationOrders } from "./summation-orders.ts";

export interface RandomGradient {
  readonly problem: RnnProblem<NumericArray>;
  readonly gradients: readonly GivenGradient[];
  /** What it was drawn from, in a line. */
  readonly name: string;
}

/** The problem of one seed with a correct gradient: by BPTT or autodiff, in a random order of summation. */
export function randomGradient(seed: number, dtype: FloatType, scales: Scales): RandomGradient {
  const source = random(seed);
  const { problem, gain, quarters, scale } = drawProblem(source, scales);
  const program = source.pick(["bptt", "bptt", "bptt", "autodiff"] as const);
  const order = source.pick(summationOrders);
  const gradients = floatGradient(problem, dtype, program, order);
  const [T, B] = problem.x.shape;
  const shape = `T ${T} B ${B} H ${problem.h0.shape[1]} ${problem.nonlinearity}`;
  const style = `${dtype} ${program} ${order}${quarters ? " quarters" : ""}`;
  const size = `gain ${gain.toFixed(2)}${scales === "wide" ? ` scale ${scale.toExponential(1)}` : ""}`;
  return { problem, gradients, name: `seed ${seed} ${style} ${shape} ${size}` };
}
