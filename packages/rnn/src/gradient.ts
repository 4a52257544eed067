import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { mapParameters, type ParameterName, parameterNames, type RnnGradient, type RnnProblem } from "./problem.ts";

/** What a gradient may be taken with respect to. */
export const gradientNames: readonly (ParameterName | "h0" | "x")[] = [...parameterNames, "h0", "x"];

/** A gradient of the problem's shapes, contents unspecified. */
export function emptyGradient<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): RnnGradient<Tensor<S>> {
  return {
    ...mapParameters(problem.parameters, (value) => A.empty(value.shape)),
    h0: A.empty(problem.h0.shape),
    x: A.empty(problem.x.shape),
  };
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
