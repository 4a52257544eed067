import { node, type Sums, type Variable } from "../variable.ts";
import { product, repeated } from "./terms.ts";

/**
 * The same variable, as one that is used many times, such as a weight at each step of a loop        da = ȳ
 *
 * In a gradient with respect to it the kernels sum what all uses give in one tensor, in the order of backpropagation
 * through time by hand, where else each use has a tensor of its own. It is the variable answered that is marked: mark it
 * before the loop and use that one in it.
 *
 * @example
 * ```ts
 * const loss = (w: Variable<Float64Array>) => {
 *   const W = shared(w);
 *   let h = variable(float64, [1, 0], [1, 2]);
 *   for (let t = 0; t < 3; t++) h = matmul(h, W);
 *   return sum(h);
 * };
 * console.log(...float64.lower(grad(loss)(variable(float64, [1, 1, 0, 1], [2, 2])).value)); // -> 6 3 4 3
 * ```
 */
export function shared<S>(a: Variable<S>): Variable<S> {
  const sums: Sums<S> = { product, repeated };
  return { ...node(a.arithmetic, "shared", a.value, [a], [same], [same]), sums };
}

function same<S>(change: Variable<S>): Variable<S> {
  return change;
}
