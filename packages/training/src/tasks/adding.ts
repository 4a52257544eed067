import { requireNumber } from "../checks.ts";
import { sequenceTask, type Task } from "../task.ts";

/**
 * The adding problem of Hochreiter and Schmidhuber (1997), in the form of Le, Jaitly and Hinton (2015) and Arjovsky, Shah and
 * Bengio (2016): T steps of a value from U[0, 1] and a marker; one marker in each half of the sequence is 1, the others 0;
 * after the last step the sum of the two marked values is wanted. Squared error; always saying 1 costs the sum's variance,
 * 2 / 12.
 *
 * @param T - steps, at least 2.
 * @throws RangeError for another T.
 */
export function adding(T: number): Task {
  requireNumber("adding", "T", T, { least: 2, integer: true });
  const half = Math.floor(T / 2);
  return sequenceTask({
    name: `adding ${T}`,
    source: "Hochreiter and Schmidhuber 1997; as in Le, Jaitly and Hinton 2015",
    inputs: 2,
    outputs: 1,
    loss: "mse",
    baseline: 1 / 6,
    trivial: "always 1",
    lag: T - 1,
    draw(source) {
      const x = new Float64Array(2 * T);
      for (let t = 0; t < T; t++) x[2 * t] = source.unit();
      const [first, second] = [source.integer(0, half - 1), source.integer(half, T - 1)];
      x[2 * first + 1] = 1;
      x[2 * second + 1] = 1;
      const target = new Float64Array(T).fill(x[2 * first] + x[2 * second], T - 1);
      return { x, target, weights: atTheEnd(T) };
    },
  });
}

/** Weights [T] of a loss on the last step alone. */
export function atTheEnd(T: number): Float64Array {
  return new Float64Array(T).fill(1, T - 1);
}
