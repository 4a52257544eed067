import { type Random, random } from "@gradproof/arithmetic";

/**
 * The random numbers of one draw of a run, counted from 0: a generator of its own, so that where a run stands is its
 * count of steps and nothing else. Negative numbers are streams that training does not use.
 *
 * @throws RangeError for a seed that is not a safe integer, or an index outside ±2^31.
 */
export function randomStream(seed: number, index: number): Random {
  if (!(Number.isSafeInteger(index) && Math.abs(index) < 2 ** 31)) {
    throw new RangeError(`randomStream: index is ${index}; expected an integer within ±2^31`);
  }
  // The seed's hash in the upper 21 of 53 bits, the index in the lower 32.
  return random((random(seed).uint32() >>> 11) * 2 ** 32 + (index + 2 ** 31));
}
