import { type Arithmetic, at, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, dimensions, type Equations, type RnnProblem } from "@gradproof/rnn";
import { mistakes } from "@gradproof/verification";
import { type Derivation, judgeAt, provenOverPrimes } from "./judging.ts";
import type { SandboxReport } from "./report.ts";
import { scales } from "./scales.ts";

/** What the edited text may use: it is the body of a function of these. */
const scope = {
  op,
  at,
  reshape,
  slice,
  transpose,
  bptt,
  dimensions,
  /** The steps [start, end) of [T, B, N] as rows, all unless given. */
  rows: <S>(tensor: Tensor<S>, start = 0, end = tensor.shape[0]) => {
    const steps = slice(tensor, start, end);
    return reshape(steps, [(end - start) * tensor.shape[1], ...tensor.shape.slice(2)]);
  },
  /** (B1) of the problem's loss. */
  outputError: <S>(
    A: Arithmetic<S>,
    outputError: Tensor<S>,
    problem: RnnProblem<Tensor<S>>,
    outputs: Tensor<S>,
    start: number,
    end: number,
  ) => {
    const [preactivations, states, unused] = [outputs, outputs, outputs];
    const trajectory = { preactivations, states, outputs };
    bptt<S>().outputError(A, { problem, trajectory, start, end, outputError, stateError: unused, delta: unused });
  },
  /** The loss of this scene looks at the outputs alone. */
  addStateCotangent: () => {},
  sumOfDeltas: bptt<unknown>().bxh,
  /** The equations that a mistake of the catalogue replaces. */
  mistake: (name: string) => {
    const found = mistakes.find((mistake) => mistake.name === name);
    if (!found) throw new Error(`there is no mistake called "${name}" in the catalogue`);
    return found.equations();
  },
};

export type Scope = typeof scope;

/** Set by the text that was put before this script. */
declare const edited: (scope: Scope) => Equations<unknown>;

const post = (report: SandboxReport) => postMessage(report);

addEventListener("message", () => {
  try {
    const derivation: Derivation = <S>() => {
      const equations = edited(scope) as Equations<S> | undefined;
      const missing = Object.keys(bptt()).filter((name) => !(equations && name in equations));
      if (missing.length > 0) throw new Error(`the equations lack ${missing.join(", ")}`);
      return equations as Equations<S>;
    };
    post({ proven: provenOverPrimes(derivation) });
    for (const scale of scales) post({ result: judgeAt(scale, derivation) });
    post({ done: true });
  } catch (error) {
    const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
    // The lines of the edited text come before this script's own, which is one long line.
    const lines = [...stack.matchAll(/:(\d+):\d+\)?$/gm)].map(([, line]) => Number(line));
    post({ error: { message, line: Math.min(...lines) } });
  }
});
