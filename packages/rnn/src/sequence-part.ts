import type { Tensor } from "@gradproof/arithmetic";

/**
 * A part of a sequence seen at its place in the whole: entry t is entry t − start of the part [L, ...]. The entries before
 * and behind it are not there and must not be read or written.
 */
export function atItsPlace<S>(part: Tensor<S>, start: number, length: number): Tensor<S> {
  return { ...part, offset: part.offset - start * part.strides[0], shape: [length, ...part.shape.slice(1)] };
}
