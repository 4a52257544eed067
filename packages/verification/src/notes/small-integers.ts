/**
 * Integer vectors of a length, the simplest first: by the sum of their magnitudes, then with few entries that are not 0,
 * then early entries first, 1 before −1.
 */
export function* smallIntegers(length: number, largestSum: number): Generator<readonly number[]> {
  for (let sum = 0; sum <= largestSum; sum++) {
    for (let entries = sum === 0 ? 0 : 1; entries <= Math.min(sum, length); entries++) {
      yield* withSum(length, sum, entries);
    }
  }
}

/** Those of one sum of magnitudes over exactly so many entries. */
function* withSum(length: number, sum: number, entries: number): Generator<readonly number[]> {
  if (entries === 0) {
    if (sum === 0) yield new Array<number>(length).fill(0);
    return;
  }
  if (length < entries || sum < entries) return;
  for (let magnitude = 1; magnitude <= sum - entries + 1; magnitude++) {
    for (const rest of withSum(length - 1, sum - magnitude, entries - 1)) {
      yield [magnitude, ...rest];
      yield [-magnitude, ...rest];
    }
  }
  for (const rest of withSum(length - 1, sum, entries)) yield [0, ...rest];
}
