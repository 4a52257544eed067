import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { GivenGradient } from "../../src/judgement.ts";
import type { GradientName } from "../../src/spread.ts";

/** What a person may get wrong in the loops below; each is off by default. */
export interface Slips {
  /** A kind of mistake as the catalogue calls it. */
  readonly kind?: string;
  /** The way back is cut before every that many steps, counted from the end. */
  readonly cutEvery?: number;
  /** Every loss reaches that many steps back. */
  readonly window?: number;
}

type Vector = number[];

/**
 * BPTT of a tanh RNN on plain numbers, one sequence and one loss after the other: nothing of `rnn` or of the catalogue is in
 * it. Slips are made where a person would make them, in a line of the loop.
 */
export function plainBptt(problem: RnnProblem<NumericArray>, slips: Slips = {}): GivenGradient[] {
  const parts = { ...problem.parameters, x: problem.x, h0: problem.h0 } as Readonly<Record<GradientName, NumericArray>>;
  const { Wxh, Whh, Why, bxh, bhh, by } = parts;
  const [T, B, I] = problem.x.shape;
  const [O, H] = Why.shape;
  const { kind, cutEvery = T, window = T } = slips;
  const gradient: Record<string, number[]> = {};
  for (const [name, { data }] of Object.entries(parts)) {
    gradient[name] = new Array<number>(data.length).fill(0);
  }
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const row = ({ data }: NumericArray, from: number, n: number): Vector => Array.from(data.subarray(from, from + n));
  const product = (W: NumericArray, v: Vector): Vector =>
    range(W.shape[0]).map((i) => v.reduce((sum, value, j) => sum + W.data[i * v.length + j] * value, 0));
  const transposed = (W: NumericArray, v: Vector): Vector =>
    range(W.shape[1]).map((j) => v.reduce((sum, value, i) => sum + W.data[i * W.shape[1] + j] * value, 0));
  const addOuter = (name: string, a: Vector, b: Vector) => {
    a.forEach((left, i) => {
      b.forEach((right, j) => {
        gradient[name][i * b.length + j] += left * right;
      });
    });
  };
  const add = (name: string, a: Vector, from = 0) => {
    a.forEach((value, i) => {
      gradient[name][from + i] += value;
    });
  };

  for (const b of range(B)) {
    const x = range(T).map((t) => row(problem.x, (t * B + b) * I, I));
    const h = [row(problem.h0, b * H, H)];
    for (const t of range(T)) {
      const [input, recurrent] = [product(Wxh, x[t]), product(Whh, h[t])];
      h.push(range(H).map((i) => Math.tanh(input[i] + recurrent[i] + bxh.data[i] + bhh.data[i])));
    }
    const errors = range(T).map((t) =>
      outputError(
        t,
        b,
        product(Why, h[t + 1]).map((value, o) => value + by.data[o]),
      ),
    );
    const slope = (t: number): Vector =>
      h[t + 1].map((value) => {
        if (kind === "derivative-missing") return 1;
        if (kind === "derivative-not-squared") return 1 - value;
        if (kind === "derivative-of-derivative") return 1 - (1 - value ** 2) ** 2;
        if (kind === "derivative-at-activation") return 1 - Math.tanh(value) ** 2;
        if (kind === "derivative-sigmoid") return value * (1 - value);
        return 1 - value ** 2;
      });
    range(T).forEach((t) => {
      addOuter("Why", errors[t], h[kind === "readout-uses-previous-state" ? t : t + 1]);
      add("by", errors[t]);
    });
    // The loss of each step is sent back on its own; only the last one reaches a state if direct terms are dropped.
    for (const loss of range(T)) {
      if (kind === "direct-term-dropped" && loss < T - 1) continue;
      let carry = transposed(Why, errors[loss]);
      for (let t = loss; t >= 0; t--) {
        const crossed = kind === "recurrent-term-dropped" ? loss - t : 0;
        const cut = Math.floor((T - 1 - t) / cutEvery) !== Math.floor((T - 1 - loss) / cutEvery);
        if (crossed > 0 || cut || loss - t >= window) {
          carry = new Array<number>(H).fill(0);
        }
        const delta = slope(t).map((value, i) => value * carry[i]);
        const previous = kind === "hidden-state-not-shifted" ? h[t + 1] : h[t];
        if (kind !== "immediate-partial-only" || t === loss) {
          if (kind === "weight-gradient-transposed") addOuter("Whh", previous, delta);
          else addOuter("Whh", delta, previous);
        }
        addOuter("Wxh", delta, x[kind === "input-off-by-one" ? Math.max(0, t - 1) : t]);
        add("bxh", delta);
        add("bhh", delta);
        add("x", transposed(Wxh, delta), (t * B + b) * I);
        carry = kind === "recurrent-not-transposed" ? product(Whh, delta) : transposed(Whh, delta);
        if (t === 0) add("h0", carry, b * H);
      }
    }
  }
  const zeroed: Record<string, string[]> = {
    "bias-gradient-missing": ["bxh", "bhh"],
    "initial-state-gradient-missing": ["h0"],
  };
  return Object.entries(gradient).map(([name, values]) => {
    const { shape } = parts[name as GradientName] as NumericArray;
    const factor = (kind && zeroed[kind]?.includes(name) && 0) ?? 1;
    const averaged = kind === "averaged-over-time" && ["Wxh", "Whh", "Why", "x"].includes(name) ? T : 1;
    const data = Float64Array.from(values, (value) => (factor === 0 ? 0 : value / averaged));
    return { name, of: name as GradientName, dtype: "F64", shape, data };
  });

  function outputError(t: number, b: number, outputs: Vector): Vector {
    const count = problem.reduction === "mean" ? T * B : 1;
    if (kind === "last-step-loss-only" && t < T - 1) return outputs.map(() => 0);
    if (problem.loss !== "cross_entropy") {
      const target = (problem.target as NumericArray).data;
      return outputs.map((value, o) => (kind === "mse-factor-2" ? 1 : 2) * (value - target[(t * B + b) * O + o]));
    }
    const largest = Math.max(...outputs);
    const powers = outputs.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((total, value) => total + value, 0);
    const label = problem.target[t * B + b];
    return powers.map((power, o) => {
      const hot = o === label && kind !== "ce-target-not-subtracted" ? 1 : 0;
      const error = (power / sum - hot) / (kind === "mean-as-sum" ? 1 : count);
      return kind === "sign-flipped" ? -error : error;
    });
  }
}
