import { MutationError } from "./errors.ts";
import { type FloatArray, type Inputs, type Point, pointOf } from "./point.ts";

/**
 * A function called with fresh copies of the arrays, so that nothing it keeps can be mistaken for what it is given next.
 *
 * @throws MutationError where the function writes to its inputs.
 */
export function guarded<P extends Point, R>(
  called: string,
  f: (x: P) => R,
  like: P,
  inputs: Inputs,
): (arrays: readonly FloatArray[]) => R {
  return (arrays) => {
    const copies = arrays.map((array) => array.slice());
    const result = f(pointOf(like, inputs, copies));
    copies.forEach((copy, i) => {
      const original = arrays[i];
      for (let j = 0; j < copy.length; j++) {
        if (!Object.is(copy[j], original[j])) throw new MutationError(called, inputs.names[i], j, original[j], copy[j]);
      }
    });
    return result;
  };
}
