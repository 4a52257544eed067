import { nudge, storeProduct, storeSum } from "./double-double-operations.ts";
import { type LaneNoise, nextState } from "./noise.ts";

/** 2^27 + 1: Veltkamp's constant for 53 bits. */
const splitter = 134217729;
/** Above it no part of a product is lost. */
const tiny = 2 ** -960;
/** Below it no splitting and no sum overflows. */
const huge = 2 ** 500;

/** o ← o (1 + δ) + η in every lane, slots from o[i] on. */
export function perturbLanes(o: Float64Array, i: number, noise: LaneNoise): void {
  for (let lane = 0; lane < noise.lanes; lane++) perturb(o, i + lane, lane, noise);
}

/**
 * o ← (o + a b (1 + δ)) (1 + δ') in every lane, slots from o[i], a[j] and b[k] on.
 *
 * The product as in algorithm 10 of Joldes, Muller and Popescu (2017), the sum with both errors and low parts added in one
 * (their algorithm 5): that errs by a few 2^-106 of the addends, far below the noise of 2^-53. What is 0, tiny, infinite or
 * NaN goes through the operations that mind the range.
 */
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
  const small = Math.max(tiny, underflowing);
  for (let lane = 0; lane < lanes; lane++) {
    const at = 2 * (i + lane);
    const ah = a[2 * (j + lane)];
    const bh = b[2 * (k + lane)];
    const oh = o[at];
    const p = ah * bh;
    const s = oh + p;
    const isProductUsual = Math.abs(p) >= small || ah === 0 || bh === 0;
    if (!(isProductUsual && Math.abs(s) >= small && Math.abs(ah) + Math.abs(bh) + Math.abs(oh) < huge)) {
      minded(o, i + lane, a, j + lane, b, k + lane, lane, noise);
      continue;
    }
    // p + e = a_h b_h exactly
    const as = splitter * ah;
    const a1 = as - (as - ah);
    const a2 = ah - a1;
    const bs = splitter * bh;
    const b1 = bs - (bs - bh);
    const b2 = bh - b1;
    const e = a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
    let c = e + (ah * b[2 * (k + lane) + 1] + a[2 * (j + lane) + 1] * bh);
    let state = states[lane];
    if (p !== 0) {
      state = nextState(state);
      c += p * (scale * (state / 2147483648 + shared[lane]));
    }
    // s + f = o_h + p exactly
    const sb = s - oh;
    const f = oh - (s - sb) + (p - sb);
    const low = f + (o[at + 1] + c);
    const sum = s + low;
    state = nextState(state);
    states[lane] = state;
    const rest = low - (sum - s) + sum * (scale * (state / 2147483648 + shared[lane]));
    const hi = sum + rest;
    o[at] = hi;
    o[at + 1] = rest - (hi - sum);
  }
}

const product = /* @__PURE__ */ new Float64Array(2);

/** The same for one lane by the operations that mind the range. */
function minded(
  o: Float64Array,
  i: number,
  a: Float64Array,
  j: number,
  b: Float64Array,
  k: number,
  lane: number,
  noise: LaneNoise,
): void {
  storeProduct(product, 0, a[2 * j], a[2 * j + 1], b[2 * k], b[2 * k + 1]);
  perturb(product, 0, lane, noise);
  storeSum(o, i, o[2 * i], o[2 * i + 1], product[0], product[1]);
  perturb(o, i, lane, noise);
}

function perturb(o: Float64Array, i: number, lane: number, noise: LaneNoise): void {
  const size = Math.abs(o[2 * i]);
  if (size >= noise.underflowing) nudge(o, i, noise.relative(lane), 0);
  else if (size > 0) nudge(o, i, noise.relative(lane), noise.absolute(lane));
}
