import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { float32 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { threaded } from "@gradproof/arithmetic/threads";
import { backward, forward, liftProblem, type RnnProblem } from "@gradproof/rnn";
import { autodiffGradient } from "@gradproof/verification";
import { batchedGradient } from "./batched-graph.ts";
import type { Contender } from "./contender.ts";

/** The hand-derived gradient and autodiff's, on portable and on SIMD kernels. */
export function ours(): readonly Contender[] {
  return [
    manual("gradproof manual, simd", () => simd("float32")),
    ...(availableParallelism() > 1 ? [manualOnThreads(2)] : []),
    manual("gradproof manual, simd deterministic", () => simd("float32", { deterministic: true })),
    { ...manual("gradproof manual, portable", () => float32), slow: true, leavesOut: ["S4"] },
    contender("gradproof autodiff, simd", () => simd("float32"), batchedGradient),
    contender("gradproof autodiff step by step, simd", () => simd("float32"), stepwiseGradient),
    { ...contender("gradproof autodiff, portable", () => float32, batchedGradient), slow: true, leavesOut: ["S4"] },
  ];
}

export function manual<S>(name: string, make: () => Arithmetic<S>): Contender {
  return contender(name, make, (A, problem) => backward(A, problem, forward(A, problem)) as unknown as Tensors<S>);
}

/** By hand on several threads, all of them started. */
function manualOnThreads(threads: number): Contender {
  const name = `gradproof manual, simd, ${threads} threads`;
  return {
    name,
    async prepare(problem) {
      const A = threaded("float32", { threads });
      while (A.started < threads) await setTimeout(5);
      return { ...(await manual(name, () => A).prepare(problem)), close: () => A.close() };
    },
  };
}

/** Of a program that keeps to the notes, one step after the other. */
function stepwiseGradient<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>): Tensors<S> {
  return autodiffGradient(A, problem).gradient as unknown as Tensors<S>;
}

type Tensors<S> = Readonly<Record<string, Tensor<S>>>;

function contender<S>(
  name: string,
  make: () => Arithmetic<S>,
  gradientOf: (A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>) => Tensors<S>,
): Contender {
  return {
    name,
    prepare(numbers) {
      const A = make();
      const problem = liftProblem(A, numbers);
      return {
        step: () => A.scope(() => void gradientOf(A, problem)),
        gradient: () =>
          Object.fromEntries(Object.entries(gradientOf(A, problem)).map(([name, t]) => [name, A.lower(t)])),
      };
    },
  };
}
