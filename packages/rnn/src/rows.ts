import { reshape, type Tensor } from "@gradproof/arithmetic";

/** [L, B, N] as [L·B, N]. */
export function rows<S>(t: Tensor<S>): Tensor<S> {
  return reshape(t, [t.shape[0] * t.shape[1], t.shape[2]]);
}
