import { requireNumber } from "../checks.ts";
import { sequenceTask, type Task } from "../task.ts";
import { atTheEnd } from "./adding.ts";

/**
 * The temporal order problem of Hochreiter and Schmidhuber (1997), positions as in the code of Pascanu, Mikolov and Bengio
 * (2013): T steps of six symbols, one-hot; the symbol at a place in [T/10, T/5) and the one at a place in [T/2, 3T/5) are each
 * A or B, all others one of four distractors; after the last step it is to be said which of AA, AB, BA and BB it was. Cross
 * entropy; any of the four costs ln 4.
 *
 * @param T - steps, at least 10.
 * @throws RangeError for another T.
 */
export function temporalOrder(T: number): Task {
  requireNumber("temporalOrder", "T", T, { least: 10, integer: true });
  const symbols = 6;
  const place = (from: number, to: number) => [
    Math.floor(from * T),
    Math.max(Math.floor(from * T), Math.ceil(to * T) - 1),
  ];
  const [[a, b], [c, d]] = [place(0.1, 0.2), place(0.5, 0.6)];
  return sequenceTask({
    name: `temporal-order ${T}`,
    source: "Hochreiter and Schmidhuber 1997; as in Pascanu, Mikolov and Bengio 2013",
    inputs: symbols,
    outputs: 4,
    loss: "cross_entropy",
    baseline: Math.log(4),
    trivial: "any of the four",
    lag: T - 1 - a,
    draw(source) {
      const x = new Float64Array(T * symbols);
      const [first, second] = [source.integer(0, 1), source.integer(0, 1)];
      const [firstPlace, secondPlace] = [source.integer(a, b), source.integer(c, d)];
      for (let t = 0; t < T; t++) {
        const distractor = source.integer(2, symbols - 1);
        const symbol = t === firstPlace ? first : t === secondPlace ? second : distractor;
        x[t * symbols + symbol] = 1;
      }
      return { x, target: new Int32Array(T).fill(2 * first + second, T - 1), weights: atTheEnd(T) };
    },
  });
}
