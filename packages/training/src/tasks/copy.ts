import { requireNumber } from "../checks.ts";
import { sequenceTask, type Task } from "../task.ts";

export interface CopyOptions {
  /** Symbols to choose from, K; 8 where absent. */
  readonly symbols?: number;
  /** Symbols to remember, M; 10 where absent. */
  readonly length?: number;
}

/**
 * The copying memory problem of Hochreiter and Schmidhuber (1997) as Arjovsky, Shah and Bengio (2016) state it: M symbols out
 * of K, T − 1 blanks, a delimiter, M blanks; M + T blanks are wanted and then the symbols in their order. T + 2M steps,
 * K + 2 inputs, K + 1 classes (the symbols, and blank as the last). Cross entropy over all steps; blanks, and then any symbol,
 * cost M ln K / (T + 2M).
 *
 * @param T - the delay, at least 1.
 * @throws RangeError for another T, K below 2 or M below 1.
 */
export function copy(T: number, { symbols: K = 8, length: M = 10 }: CopyOptions = {}): Task {
  requireNumber("copy", "T", T, { least: 1, integer: true });
  requireNumber("copy", "symbols", K, { least: 2, integer: true });
  requireNumber("copy", "length", M, { least: 1, integer: true });
  const steps = T + 2 * M;
  const [inputs, blank, delimiter] = [K + 2, K, K + 1];
  return sequenceTask({
    name: `copy ${T}`,
    source: "Hochreiter and Schmidhuber 1997; as in Arjovsky, Shah and Bengio 2016",
    inputs,
    outputs: K + 1,
    loss: "cross_entropy",
    baseline: (M * Math.log(K)) / steps,
    trivial: "blanks, then any symbol",
    lag: T + M,
    draw(source) {
      const symbols = Array.from({ length: M }, () => source.integer(0, K - 1));
      const x = new Float64Array(steps * inputs);
      for (let t = 0; t < steps; t++) x[t * inputs + (t < M ? symbols[t] : t === M + T - 1 ? delimiter : blank)] = 1;
      const target = new Int32Array(steps).fill(blank);
      target.set(symbols, M + T);
      return { x, target };
    },
  });
}
