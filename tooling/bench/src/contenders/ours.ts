import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { float32 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { backward, forward, liftProblem, mapParameters, type RnnGradient } from "@gradproof/rnn";
import { autodiffGradient } from "@gradproof/verification";
import type { Contender, Gradients } from "./contender.ts";

/** The hand-derived gradient and autodiff's, on portable and on SIMD kernels. */
export function ours(): readonly Contender[] {
  return [
    manual("gradproof manual, simd", () => simd("float32")),
    manual("gradproof manual, simd deterministic", () => simd("float32", { deterministic: true })),
    { ...manual("gradproof manual, portable", () => float32), slow: true, leavesOut: ["S4"] },
    eager("gradproof autodiff, simd", () => simd("float32")),
    { ...eager("gradproof autodiff, portable", () => float32), slow: true, leavesOut: ["S4"] },
  ];
}

export function manual<S>(name: string, make: () => Arithmetic<S>): Contender {
  return contender(name, make, (A, problem) => backward(A, problem, forward(A, problem)));
}

function eager<S>(name: string, make: () => Arithmetic<S>): Contender {
  return contender(name, make, (A, problem) => autodiffGradient(A, problem).gradient);
}

function contender<S>(
  name: string,
  make: () => Arithmetic<S>,
  gradientOf: (A: Arithmetic<S>, problem: ReturnType<typeof liftProblem<S>>) => RnnGradient<Tensor<S>>,
): Contender {
  return {
    name,
    prepare(numbers) {
      const A = make();
      const problem = liftProblem(A, numbers);
      return {
        step: () => A.scope(() => void gradientOf(A, problem)),
        gradient: () => mapParameters(gradientOf(A, problem), (t) => A.lower(t)) as unknown as Gradients,
      };
    },
  };
}
