import {
  add,
  at,
  concat,
  exp,
  grad,
  log,
  multiply,
  reshape,
  sigmoid,
  subtract,
  sum,
  tanh,
  unstack,
} from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, type Given, MessageError, matrix } from "../protocol/given.ts";
import { type Floats, fromMatrix, numberOf, numbers, scalar } from "./floats.ts";

/** main [2L, 4B]: weights and biases of the gates of each layer; extra [3, B]: weights in and out, bias out. */
type Parameters = Readonly<Record<"main" | "extra", Floats>>;

interface Problem {
  readonly parameters: Parameters;
  /** Hidden values and cells of each layer at the start, [2L, B]. */
  readonly state: Floats;
  /** [T, B] */
  readonly sequence: Floats;
}

interface Layer {
  readonly hidden: Floats;
  readonly cell: Floats;
}

/**
 * The mean over steps and bits of −xₜ₊₁ (y − log(2 + Σ exp y)), y being what is predicted from x₀ … xₜ: an LSTM with
 * diagonal weights, as ADBench defines it, with the 2 in its sum.
 */
function loss({ main, extra }: Parameters, { state, sequence }: Omit<Problem, "parameters">): Floats {
  const [T, B] = sequence.shape;
  const gates = unstack(reshape(main, [main.shape[0] / 2, 2, 4, B])).map(unstackTwice);
  const [weightIn, weightOut, biasOut] = unstack(extra);
  let layers = gates.map((_, i): Layer => ({ hidden: at(state, 2 * i), cell: at(state, 2 * i + 1) }));
  const steps = unstack(sequence);
  const terms: Floats[] = [];
  for (let t = 0; t + 1 < T; t++) {
    let x = multiply(steps[t], weightIn);
    layers = layers.map((layer, i) => {
      const next = step(gates[i], layer, x);
      x = next.hidden;
      return next;
    });
    const y = add(multiply(x, weightOut), biasOut);
    const normalised = subtract(y, log(add(scalar(2), sum(exp(y)))));
    terms.push(multiply(steps[t + 1], normalised));
  }
  return multiply(scalar(-1 / ((T - 1) * B)), sum(concat(terms)));
}

/** One step of one layer; the gates in the order forget, in, out, change. */
function step([weights, biases]: readonly Floats[][], { hidden, cell }: Layer, x: Floats): Layer {
  const gate = (i: number, from: Floats) => add(multiply(from, weights[i]), biases[i]);
  const kept = multiply(cell, sigmoid(gate(0, x)));
  const added = multiply(sigmoid(gate(1, hidden)), tanh(gate(3, hidden)));
  const next = add(kept, added);
  return { hidden: multiply(sigmoid(gate(2, x)), tanh(next)), cell: next };
}

function unstackTwice(a: Floats): Floats[][] {
  return unstack(a).map((part) => unstack(part));
}

function read(input: Given): Problem {
  const sequence = matrix(field(input, "sequence"));
  const [steps, width] = sequence.shape;
  if (steps < 2) throw new MessageError({ name: "input.sequence.length", value: steps }, "at least 2");
  const main = matrix(field(input, "main_params"), undefined, 4 * width);
  const [rows] = main.shape;
  if (rows % 2 !== 0) throw new MessageError({ name: "input.main_params.length", value: rows }, "an even number");
  return {
    parameters: { main: fromMatrix(main), extra: fromMatrix(matrix(field(input, "extra_params"), 3, width)) },
    state: fromMatrix(matrix(field(input, "state"), rows, width)),
    sequence: fromMatrix(sequence),
  };
}

/** The loss of a long short-term memory. */
export const lstm: EvalModule = {
  objective(input) {
    const { parameters, ...data } = read(input);
    return () => numberOf(loss(parameters, data));
  },
  jacobian(input) {
    const { parameters, ...data } = read(input);
    return () => {
      const { main, extra } = grad(loss)(parameters, data);
      return [...numbers(main), ...numbers(extra)];
    };
  },
};
