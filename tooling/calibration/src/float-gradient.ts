import { type Arithmetic, float32, float64, type Tensor } from "@gradproof/arithmetic";
import { backward, forward, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { autodiffGradient, type GivenGradient, type GradientName } from "@gradproof/verification";
import { type SummationOrder, withSummationOrder } from "./summation-orders.ts";

export type FloatType = "F64" | "F32";
export type Program = "bptt" | "autodiff";

/** A correct gradient as a float program computes it: every tensor, in that precision and summation order. */
export function floatGradient(
  problem: RnnProblem<NumericArray>,
  dtype: FloatType,
  program: Program,
  order: SummationOrder,
): GivenGradient[] {
  return dtype === "F64"
    ? gradientIn(withSummationOrder(float64, order), problem, dtype, program)
    : gradientIn(withSummationOrder(float32, order), problem, dtype, program);
}

function gradientIn<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<NumericArray>,
  dtype: FloatType,
  program: Program,
): GivenGradient[] {
  const lifted = liftProblem(A, problem);
  const gradient = program === "bptt" ? backward(A, lifted, forward(A, lifted)) : autodiffGradient(A, lifted).gradient;
  return Object.entries(gradient).map(([of, tensor]: [string, Tensor<S>]) => ({
    name: of,
    of: of as GradientName,
    dtype,
    shape: tensor.shape,
    data: A.lower(tensor),
  }));
}
