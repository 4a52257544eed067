import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { float32 } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { threaded } from "@gradproof/arithmetic/threads";
import { grad, type Variable, wrap } from "@gradproof/autodiff";
import { compile } from "@gradproof/autodiff/compile";
import { backward, forward, liftProblem, mapParameters, type RnnProblem } from "@gradproof/rnn";
import { type LossInputs, rnnLoss } from "@gradproof/verification";
import { batchedLoss, type Leaves } from "./batched-graph.ts";
import type { Contender } from "./contender.ts";

/** The hand-derived gradient and autodiff's, on portable and on SIMD kernels. */
export function ours(): readonly Contender[] {
  const fast = () => simd("float32");
  return [
    manual("gradproof manual, simd", fast),
    ...(availableParallelism() > 1 ? [manualOnThreads(2)] : []),
    manual("gradproof manual, simd deterministic", () => simd("float32", { deterministic: true })),
    { ...manual("gradproof manual, portable", () => float32), slow: true, leavesOut: ["S4"] },
    autodiff("gradproof autodiff, simd", fast, batchedLoss),
    autodiff("gradproof autodiff compiled, simd", fast, batchedLoss, compile),
    autodiff("gradproof autodiff step by step, simd", fast, stepwiseLoss),
    autodiff("gradproof autodiff step by step compiled, simd", fast, stepwiseLoss, compile),
    { ...autodiff("gradproof autodiff, portable", () => float32, batchedLoss), slow: true, leavesOut: ["S4"] },
  ];
}

export function manual<S>(name: string, make: () => Arithmetic<S>): Contender {
  return contender(
    name,
    make,
    (A, problem) => () => backward(A, problem, forward(A, problem)) as unknown as Tensors<S>,
  );
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
function stepwiseLoss<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, own: Leaves<S>): Variable<S> {
  return rnnLoss(A, problem, own as unknown as LossInputs<S>).loss;
}

type Gradient<S> = (own: Leaves<S>) => Leaves<S>;

/** The gradient of a loss with respect to all that it is given, as it is or compiled. */
function autodiff<S>(
  name: string,
  make: () => Arithmetic<S>,
  loss: (A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, own: Leaves<S>) => Variable<S>,
  prepared: (gradient: Gradient<S>) => Gradient<S> = (gradient) => gradient,
): Contender {
  return contender(name, make, (A, problem) => {
    const leaf = (value: Tensor<S>) => wrap(A, value);
    const leaves = { ...mapParameters(problem.parameters, leaf), h0: leaf(problem.h0), x: leaf(problem.x) };
    const gradient = prepared(grad((own: Leaves<S>) => loss(A, problem, own)));
    return () => {
      const all = gradient(leaves as unknown as Leaves<S>);
      return Object.fromEntries(Object.entries(all).map(([of, { value }]) => [of, value]));
    };
  });
}

type Tensors<S> = Readonly<Record<string, Tensor<S>>>;

function contender<S>(
  name: string,
  make: () => Arithmetic<S>,
  gradientOf: (A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>) => () => Tensors<S>,
): Contender {
  return {
    name,
    prepare(numbers) {
      const A = make();
      const gradient = gradientOf(A, liftProblem(A, numbers));
      return {
        step: () => A.scope(() => void gradient()),
        gradient: () => Object.fromEntries(Object.entries(gradient()).map(([name, t]) => [name, A.lower(t)])),
      };
    },
  };
}
