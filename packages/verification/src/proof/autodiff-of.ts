import type { Tensor } from "@gradproof/arithmetic";
import type { Arbitrary } from "@gradproof/diagnostics";
import type { RnnProblem } from "@gradproof/rnn";
import { type AutodiffGradient, autodiffGradient } from "../autodiff-gradient.ts";

const known = new WeakMap<object, unknown>();

/** Autodiff's loss, outputs and gradient of a problem, computed once for all derivations that are compared on it. */
export function autodiffOf<S>(A: Arbitrary<S>, problem: RnnProblem<Tensor<S>>): AutodiffGradient<S> {
  let gradient = known.get(problem) as AutodiffGradient<S> | undefined;
  if (gradient === undefined) {
    gradient = autodiffGradient(A, problem);
    known.set(problem, gradient);
  }
  return gradient;
}
