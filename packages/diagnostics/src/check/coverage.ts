/** Of an input with too many elements to look at each: the share of the limit that is looked at one by one. */
const sampled = 1 / 4;
/** Of that sample, the share that has the largest given derivatives. */
const largestShare = 1 / 4;

/**
 * The elements that are looked at one by one: all up to a limit, else the first, the last, those with the largest given
 * derivatives, and others evenly between them.
 */
export function elementsToCheck(given: Float64Array, limit: number): readonly number[] {
  const { length } = given;
  if (length <= limit) return Array.from({ length }, (_, i) => i);
  const count = Math.ceil(limit * sampled);
  const byLargest = indicesOfLargest(given, Math.ceil(count * largestShare));
  const evenly = count - byLargest.length;
  const spread = Array.from({ length: evenly }, (_, k) => Math.round((k * (length - 1)) / Math.max(1, evenly - 1)));
  return [...new Set([...byLargest, ...spread])].sort((a, b) => a - b);
}

/** Indices of the largest magnitudes, by repeated selection: `count` is small. */
function indicesOfLargest(values: Float64Array, count: number): number[] {
  const chosen: number[] = [];
  for (let k = 0; k < count; k++) {
    let best = -1;
    for (let i = 0; i < values.length; i++) {
      if ((best < 0 || Math.abs(values[i]) > Math.abs(values[best])) && !chosen.includes(i)) best = i;
    }
    if (best >= 0) chosen.push(best);
  }
  return chosen;
}
