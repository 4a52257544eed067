import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { binary } from "../tensors.ts";

const levels = 4;

/**
 * f′(0), a scalar, by central differences at h, h/2, h/4 and h/8, extrapolated to h = 0 (Richardson 1911), with an error
 * bound in two parts. Truncation: how far the last extrapolation moved from the one before, which has one order of h²
 * less and so errs much more. Rounding: the error of each f over its step, carried through the extrapolation.
 *
 * @param f - must evaluate at h exactly where it says so.
 * @param h - a power of two below 1.
 * @param moved - how far rounding can have moved a value of f.
 */
export function centralDifference<S>(
  A: Arithmetic<S>,
  f: (h: number) => Tensor<S>,
  h: number,
  moved: number,
): { readonly value: Tensor<S>; readonly error: number } {
  const size = (t: Tensor<S>) => Math.abs(A.lower(t)[0]);
  let previous: { value: Tensor<S>; error: number }[] = [];
  let truncation = Number.POSITIVE_INFINITY;
  for (let level = 0; level < levels; level++) {
    const step = h * 2 ** -level;
    const difference = binary(A, "subtract", f(step), f(-step));
    const value = binary(A, "multiply", difference, A.ratio(1 / (2 * step), 1));
    const current = [{ value, error: moved / step + 2 * A.unitRoundoff * size(value) }];
    for (let order = 1; order <= level; order++) {
      const weight = 4 ** order;
      const [fine, coarse] = [current[order - 1], previous[order - 1]];
      const weighted = binary(A, "subtract", binary(A, "multiply", fine.value, A.ratio(weight, 1)), coarse.value);
      current.push({
        value: binary(A, "multiply", weighted, A.ratio(1, weight - 1)),
        error: (weight * fine.error + coarse.error) / (weight - 1) + 6 * A.unitRoundoff * size(fine.value),
      });
    }
    if (level > 0) truncation = size(binary(A, "subtract", current[level].value, previous[level - 1].value));
    previous = current;
  }
  const { value, error } = previous[levels - 1];
  return { value, error: truncation + error };
}
