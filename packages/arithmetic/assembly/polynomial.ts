import { multiplyAdd } from "./vector";

/** c + x p, one step of Horner's rule. */
@inline
export function horner<T>(p: v128, x: v128, c: T): v128 {
  return multiplyAdd<T>(p, x, v128.splat<T>(c));
}
