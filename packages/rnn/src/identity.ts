import { type Arithmetic, at, type Tensor } from "@gradproof/arithmetic";

/** out ← the identity, for each matrix of out [B, H, H]. */
export function setIdentity<S>(A: Arithmetic<S>, out: Tensor<S>): void {
  A.copy(out, A.ratio(0, 1));
  const one = A.ratio(1, 1);
  for (let b = 0; b < out.shape[0]; b++) {
    for (let i = 0; i < out.shape[1]; i++) A.copy(at(at(at(out, b), i), i), one);
  }
}
