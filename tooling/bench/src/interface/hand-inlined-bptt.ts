import type { NumericArray, RnnProblem } from "@gradproof/rnn";

/** The gradient of a tanh RNN with squared error, as one writes it for one purpose: plain loops over Float64Arrays. */
export interface HandGradient {
  readonly Wxh: Float64Array;
  readonly Whh: Float64Array;
  readonly Why: Float64Array;
  readonly h0: Float64Array;
  readonly x: Float64Array;
  readonly loss: number;
}

/** Loss and gradient without an interface: what the interface's cost is measured against. */
export function handInlinedBptt(problem: RnnProblem<NumericArray>): HandGradient {
  if (problem.loss !== "mse" || problem.nonlinearity !== "tanh")
    throw new TypeError("handInlinedBptt: expected tanh, mse");
  const [T, B, I] = problem.x.shape;
  const H = problem.h0.shape[1];
  const O = problem.target.shape[2];
  const Wxh = problem.parameters.Wxh.data;
  const Whh = problem.parameters.Whh.data;
  const Why = (problem.parameters.Why as NumericArray).data;
  const x = problem.x.data;
  const y = problem.target.data;
  const h = new Float64Array((T + 1) * B * H);
  h.set(problem.h0.data);
  const e = new Float64Array(T * B * O);
  let loss = 0;
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      const before = (t * B + b) * H;
      const after = before + B * H;
      const input = (t * B + b) * I;
      for (let j = 0; j < H; j++) {
        let u = 0;
        for (let i = 0; i < I; i++) u += Wxh[j * I + i] * x[input + i];
        for (let k = 0; k < H; k++) u += Whh[j * H + k] * h[before + k];
        h[after + j] = Math.tanh(u);
      }
      const output = (t * B + b) * O;
      for (let o = 0; o < O; o++) {
        let sum = 0;
        for (let k = 0; k < H; k++) sum += Why[o * H + k] * h[after + k];
        const error = sum - y[output + o];
        loss += error * error;
        e[output + o] = 2 * error;
      }
    }
  }
  const dWxh = new Float64Array(H * I);
  const dWhh = new Float64Array(H * H);
  const dWhy = new Float64Array(O * H);
  const dx = new Float64Array(T * B * I);
  const delta = new Float64Array(B * H);
  const next = new Float64Array(B * H);
  for (let t = T - 1; t >= 0; t--) {
    for (let b = 0; b < B; b++) {
      const before = (t * B + b) * H;
      const after = before + B * H;
      const input = (t * B + b) * I;
      const output = (t * B + b) * O;
      const row = b * H;
      for (let k = 0; k < H; k++) next[row + k] = 0;
      for (let o = 0; o < O; o++) {
        const error = e[output + o];
        for (let k = 0; k < H; k++) {
          dWhy[o * H + k] += error * h[after + k];
          next[row + k] += Why[o * H + k] * error;
        }
      }
      for (let j = 0; j < H; j++) {
        const d = delta[row + j];
        for (let k = 0; k < H; k++) next[row + k] += Whh[j * H + k] * d;
      }
      for (let k = 0; k < H; k++) delta[row + k] = (1 - h[after + k] * h[after + k]) * next[row + k];
      for (let j = 0; j < H; j++) {
        const d = delta[row + j];
        for (let i = 0; i < I; i++) {
          dWxh[j * I + i] += d * x[input + i];
          dx[input + i] += Wxh[j * I + i] * d;
        }
        for (let k = 0; k < H; k++) dWhh[j * H + k] += d * h[before + k];
      }
    }
  }
  const dh0 = new Float64Array(B * H);
  for (let b = 0; b < B; b++) {
    for (let j = 0; j < H; j++) {
      for (let k = 0; k < H; k++) dh0[b * H + k] += Whh[j * H + k] * delta[b * H + j];
    }
  }
  return { Wxh: dWxh, Whh: dWhh, Why: dWhy, h0: dh0, x: dx, loss };
}
