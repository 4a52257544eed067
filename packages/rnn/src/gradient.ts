import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { type ParameterName, parameterNames, type RnnGradient, type RnnProblem } from "./problem.ts";

/** What a gradient may be taken with respect to. */
export const gradientNames: readonly (ParameterName | "h0" | "x")[] = [...parameterNames, "h0", "x"];

/** A gradient of the problem's shapes, contents unspecified. */
export function emptyGradient<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): RnnGradient<Tensor<S>> {
  const { Wxh, Whh, Why, bxh, bhh, by } = problem.parameters;
  const gradient: { -readonly [K in keyof RnnGradient<Tensor<S>>]: RnnGradient<Tensor<S>>[K] } = {
    Wxh: A.empty(Wxh.shape),
    Whh: A.empty(Whh.shape),
    h0: A.empty(problem.h0.shape),
    x: A.empty(problem.x.shape),
  };
  if (Why) gradient.Why = A.empty(Why.shape);
  if (bxh) gradient.bxh = A.empty(bxh.shape);
  if (bhh) gradient.bhh = A.empty(bhh.shape);
  if (by) gradient.by = A.empty(by.shape);
  return gradient;
}

/** A gradient of the problem's shapes to add to. */
export function zeroGradient<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): RnnGradient<Tensor<S>> {
  const gradient = emptyGradient(A, problem);
  const zero = A.ratio(0, 1);
  for (const name of gradientNames) {
    const tensor = gradient[name];
    if (tensor) A.copy(tensor, zero);
  }
  return gradient;
}
