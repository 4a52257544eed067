import type { Rounding } from "@gradproof/arithmetic";
import { dimensions, type NumericArray, type RnnProblem } from "@gradproof/rnn";

/**
 * Relu units whose u_t every correct program computes without any rounding, whatever its order of summation and whether or
 * not it fuses products: 1 or 0 for each step, sequence and unit [T, B, H].
 *
 * u_t = Σ W_xh x_t + b_xh + b_hh + Σ W_hh h_{t-1} is a sum of terms. If all are multiples of one power of two g and
 * Σ |terms| < g / u, u the unit roundoff, then so is every product and every partial sum, so each of them is a number of
 * the type. That asks for exact h_{t-1}: a unit that is exact itself, or off beyond doubt, counts, and so does any that
 * is multiplied by 0.
 *
 * @param preactivations - u_t [T, B, H] of the reference, row-major; where a unit is exact, it is that number.
 * @param contested - |u_t| so small that rounding may decide its sign, [T, B, H].
 */
export function exactUnits(
  problem: RnnProblem<NumericArray>,
  preactivations: Float64Array,
  contested: (unit: number) => boolean,
  { unitRoundoff, smallestNormal }: Rounding,
): Uint8Array {
  const { T, B, I, H } = dimensions(problem);
  const { Wxh, Whh, bxh, bhh } = problem.parameters;
  const exact = new Uint8Array(T * B * H);

  /** h_{t-1} of a unit where it is known to every bit. */
  function stateBefore(row: number, k: number): number | undefined {
    if (row < B) return problem.h0.data[row * H + k];
    const unit = (row - B) * H + k;
    if (exact[unit] === 1) return Math.max(0, preactivations[unit]);
    return preactivations[unit] < 0 && !contested(unit) ? 0 : undefined;
  }

  function isExact(row: number, unit: number): boolean {
    const sum = new ExactSum();
    for (let k = 0; k < H; k++) {
      const weight = Whh.data[unit * H + k];
      if (weight === 0) continue;
      const state = stateBefore(row, k);
      if (state === undefined) return false;
      sum.add(weight, state);
    }
    for (let i = 0; i < I; i++) sum.add(Wxh.data[unit * I + i], problem.x.data[row * I + i]);
    for (const bias of [bxh, bhh]) if (bias) sum.add(bias.data[unit], 1);
    return sum.isExact(unitRoundoff, smallestNormal);
  }

  for (let row = 0; row < T * B; row++) {
    for (let unit = 0; unit < H; unit++) exact[row * H + unit] = isExact(row, unit) ? 1 : 0;
  }
  return exact;
}

/** Products of doubles, summed in any order. */
class ExactSum {
  /** The largest power of two, as its exponent, of which all terms are multiples. */
  #unit = Number.POSITIVE_INFINITY;
  /** Σ |terms|, rounded; where that is less than 2^53 units, nothing was. */
  #size = 0;

  /** Adds the term a b. */
  add(a: number, b: number): void {
    if (a === 0 || b === 0) return;
    this.#size += Math.abs(a * b);
    this.#unit = Math.min(this.#unit, lowestBit(a) + lowestBit(b));
  }

  isExact(unitRoundoff: number, smallestNormal: number): boolean {
    if (this.#size === 0) return true;
    const unit = 2 ** this.#unit;
    return unit >= smallestNormal && this.#size < unit / unitRoundoff;
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** The exponent of the last binary digit of a finite number other than 0: x is an odd multiple of 2^e. */
function lowestBit(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  const low = bits.getUint32(4);
  const biased = (high >>> 20) & 0x7ff;
  const fraction = biased === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000;
  const zeros = low === 0 ? 32 + trailingZeros(fraction) : trailingZeros(low);
  return Math.max(1, biased) - 1075 + zeros;
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
