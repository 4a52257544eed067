import { requireNumber } from "../checks.ts";
import { sequenceTask, type Task } from "../task.ts";
import { atTheEnd } from "./adding.ts";

/**
 * The multiplication problem as Pascanu, Mikolov and Bengio (2013) ran it: a sequence's length l is uniform over [T, 1.1 T);
 * a value from U[0, 1] and a marker at each step; one marker in [0, l/10) and one in [l/10, l/2); after the last step the
 * product of the two marked values is wanted. Squared error; always saying ¼ costs the product's variance, 7 / 144.
 *
 * @param T - shortest length, at least 10.
 * @throws RangeError for another T.
 */
export function multiplication(T: number): Task {
  requireNumber("multiplication", "T", T, { least: 10, integer: true });
  return sequenceTask({
    name: `multiplication ${T}`,
    source: "Hochreiter and Schmidhuber 1997; as in Pascanu, Mikolov and Bengio 2013",
    inputs: 2,
    outputs: 1,
    loss: "mse",
    baseline: 7 / 144,
    trivial: "always 1/4",
    lag: longest(T) - 1,
    draw(source) {
      const length = source.integer(T, longest(T));
      const [tenth, half] = [Math.floor(length / 10), Math.floor(length / 2)];
      const x = new Float64Array(2 * length);
      for (let t = 0; t < length; t++) x[2 * t] = source.unit();
      const [first, second] = [source.integer(0, tenth - 1), source.integer(tenth, half - 1)];
      x[2 * first + 1] = 1;
      x[2 * second + 1] = 1;
      const target = new Float64Array(length).fill(x[2 * first] * x[2 * second], length - 1);
      return { x, target, weights: atTheEnd(length) };
    },
  });
}

/** The largest integer below 1.1 T, T where there is none above it. */
function longest(T: number): number {
  return Math.max(T, Math.ceil(1.1 * T) - 1);
}
