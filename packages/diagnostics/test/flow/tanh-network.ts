import { type Random, random } from "@gradproof/arithmetic";
import type { FlowArray } from "../../src/flow/jacobians.ts";
import { logTanhSlope } from "../../src/flow/tanh-slope.ts";

export interface NetworkOptions {
  readonly seed: number;
  readonly n: number;
  readonly steps: number;
  readonly gain: number;
  /** Standard deviation of the input to each unit. */
  readonly drive?: number;
  /** Steps before those recorded. */
  readonly settle?: number;
}

/** h_t = tanh(W h_{t−1} + input), W_ij from N(0, g²/n), written out in plain loops: the factors of its Jacobians. */
export function tanhNetwork({ seed, n, steps, gain, drive = 0, settle = 0 }: NetworkOptions) {
  const source = random(seed);
  const weights = gaussian(source, n, gain);
  const W = weights.data;
  const slopes = new Float64Array(steps * n);
  const logSlopes = new Float64Array(steps * n);
  let h = Float64Array.from({ length: n }, () => source.normal());
  for (let t = -settle; t < steps; t++) {
    const u = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = drive * source.normal();
      for (let j = 0; j < n; j++) sum += W[i * n + j] * h[j];
      u[i] = sum;
    }
    h = u.map(Math.tanh);
    for (let i = 0; i < n && t >= 0; i++) {
      slopes[t * n + i] = 1 - h[i] ** 2;
      logSlopes[t * n + i] = logTanhSlope(u[i]);
    }
  }
  const shape = [steps, n];
  return { weights, slopes: { shape, data: slopes }, logSlopes: { shape, data: logSlopes } };
}

export function gaussian(source: Random, n: number, gain: number): FlowArray {
  return {
    shape: [n, n],
    data: Float64Array.from({ length: n * n }, () => (gain * source.normal()) / Math.sqrt(n)),
  };
}

/** diag(slopes_t) W as they are [T, n, n]. */
export function multipliedOut({ weights, slopes }: { weights: FlowArray; slopes: FlowArray }): FlowArray {
  const [T, n] = slopes.shape;
  const data = new Float64Array(T * n * n);
  for (let t = 0; t < T; t++) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) data[(t * n + i) * n + j] = slopes.data[t * n + i] * weights.data[i * n + j];
    }
  }
  return { shape: [T, n, n], data };
}
