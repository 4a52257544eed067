/** A function value and how far rounding can have moved it. */
export interface Evaluation {
  readonly value: number;
  readonly error: number;
}

const levels = 4;
const u = 2 ** -53;

/**
 * f′(0) by central differences at h, h/2, h/4 and h/8, extrapolated to h = 0 (Richardson 1911), with an error bound in
 * two parts. Truncation: how far the last extrapolation moved from the one before, which has one order of h² less and so
 * errs much more. Rounding: the error of each f over its step, carried through the extrapolation.
 *
 * @param f - must evaluate at h exactly where it says so: h a power of two, arguments multiples of a coarse power of two.
 */
export function centralDifference(f: (h: number) => Evaluation, h: number): Evaluation {
  let previous: Evaluation[] = [];
  let truncation = Number.POSITIVE_INFINITY;
  for (let level = 0; level < levels; level++) {
    const step = h * 2 ** -level;
    const [right, left] = [f(step), f(-step)];
    const value = (right.value - left.value) / (2 * step);
    const current = [{ value, error: (right.error + left.error) / (2 * step) + 2 * u * Math.abs(value) }];
    for (let order = 1; order <= level; order++) {
      const weight = 4 ** order;
      const [fine, coarse] = [current[order - 1], previous[order - 1]];
      current.push({
        value: (weight * fine.value - coarse.value) / (weight - 1),
        error: (weight * fine.error + coarse.error) / (weight - 1) + 4 * u * Math.abs(fine.value),
      });
    }
    if (level > 0) truncation = Math.abs(current[level].value - previous[level - 1].value);
    previous = current;
  }
  const { value, error } = previous[levels - 1];
  return { value, error: truncation + error };
}
