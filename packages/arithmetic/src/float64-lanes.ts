import { type LaneNoise, nextState } from "./noise.ts";

/** o ← o (1 + δ) + η in every lane, from o[i] on. */
export function perturbLanes(o: Float64Array, i: number, noise: LaneNoise): void {
  const { lanes, scale, underflowing, states, shared } = noise;
  for (let lane = 0; lane < lanes; lane++) {
    const value = o[i + lane];
    if (Math.abs(value) >= underflowing) {
      states[lane] = nextState(states[lane]);
      o[i + lane] = value + value * (scale * (states[lane] / 2147483648 + shared[lane]));
    } else if (value !== 0) {
      o[i + lane] = underflowed(value, lane, noise);
    }
  }
}

/** o ← (o + a b (1 + δ)) (1 + δ') in every lane, from o[i], a[j] and b[k] on. */
export function multiplyAddLanes(
  o: Float64Array,
  i: number,
  a: Float64Array,
  j: number,
  b: Float64Array,
  k: number,
  noise: LaneNoise,
): void {
  const { lanes, scale, underflowing, states, shared } = noise;
  for (let lane = 0; lane < lanes; lane++) {
    let product = a[j + lane] * b[k + lane];
    if (Math.abs(product) >= underflowing) {
      states[lane] = nextState(states[lane]);
      product += product * (scale * (states[lane] / 2147483648 + shared[lane]));
    } else if (product !== 0) {
      product = underflowed(product, lane, noise);
    }
    let sum = o[i + lane] + product;
    if (Math.abs(sum) >= underflowing) {
      states[lane] = nextState(states[lane]);
      sum += sum * (scale * (states[lane] / 2147483648 + shared[lane]));
    } else if (sum !== 0) {
      sum = underflowed(sum, lane, noise);
    }
    o[i + lane] = sum;
  }
}

/** A result, other than 0, that may underflow. */
function underflowed(value: number, lane: number, noise: LaneNoise): number {
  if (Number.isNaN(value)) return value;
  return value + (value * noise.relative(lane) + noise.absolute(lane));
}
