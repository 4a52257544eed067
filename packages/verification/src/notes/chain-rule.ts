import type { Tensor } from "@gradproof/arithmetic";
import { byWeight, identity, plus, scaled, times, zeros } from "./matrices.ts";
import { input, type Net, outputError, sizesOf, slopes, states } from "./net.ts";

/** The recurrent layer's weights, which the states depend on. */
export type RecurrentWeight = "Wxh" | "Whh";

/** A_t = ∂h_t/∂h_{t−1} = diag(1 − h_t²) W_hh [n, n] (Eqs. 17, 21, 26) */
export function stepJacobian<S>(net: Net<S>, t: number, h: readonly Tensor<S>[]): Tensor<S> {
  return times(net.A, slopes(net, h[t]), net.Whh);
}

/** Φ(t, k) = A_t A_{t−1} ⋯ A_{k+1} [n, n], the latest on the left; I where t = k (Eqs. 18 to 20) */
export function jacobianProduct<S>(net: Net<S>, t: number, k: number, h: readonly Tensor<S>[]): Tensor<S> {
  let product = identity(net.A, sizesOf(net).n);
  for (let step = k + 1; step <= t; step++) product = times(net.A, stepJacobian(net, step, h), product);
  return product;
}

/** ∂⁺h_t/∂W = diag(1 − h_t²) (I ⊗ x_tᵀ), or (I ⊗ h_{t−1}ᵀ) for W_hh: h_{t−1} held constant [n, n·l] */
export function immediate<S>(net: Net<S>, t: number, h: readonly Tensor<S>[], weight: RecurrentWeight): Tensor<S> {
  const factor = weight === "Wxh" ? input(net, t) : h[t - 1];
  return times(net.A, slopes(net, h[t]), byWeight(net.A, sizesOf(net).n, factor));
}

/** The part of dh_t/dW that step k contributes: Φ(t, k) ∂⁺h_k/∂W [n, n·l] */
export function contribution<S>(
  net: Net<S>,
  t: number,
  k: number,
  h: readonly Tensor<S>[],
  weight: RecurrentWeight = "Wxh",
): Tensor<S> {
  return times(net.A, jacobianProduct(net, t, k, h), immediate(net, k, h, weight));
}

/** dh_t/dW = Σ_{k=1..t} Φ(t, k) ∂⁺h_k/∂W [n, n·l]: the total derivative, unrolled; 0 for h_0. */
export function total<S>(net: Net<S>, t: number, h: readonly Tensor<S>[], weight: RecurrentWeight = "Wxh"): Tensor<S> {
  return overSteps(net, 1, t, weight, (k) => contribution(net, t, k, h, weight));
}

/** Σ_{k=first..last} of a term [n, n·l] */
export function overSteps<S>(
  net: Net<S>,
  first: number,
  last: number,
  weight: RecurrentWeight,
  term: (k: number) => Tensor<S>,
): Tensor<S> {
  const { n } = sizesOf(net);
  let sum = zeros(net.A, [n, n * net[weight].shape[1]]);
  for (let k = first; k <= last; k++) sum = plus(net.A, sum, term(k));
  return sum;
}

/** ∂J_t/∂ŷ_k [1, m]: e_tᵀ for k = t, and 0 otherwise, for J_t is a function of ŷ_t alone. */
export function lossByOutput<S>(net: Net<S>, t: number, k: number, h: readonly Tensor<S>[]): Tensor<S> {
  const { m } = sizesOf(net);
  if (k !== t) return zeros(net.A, [1, m]);
  const e = outputError(net, t, h);
  return { ...e, shape: [1, m], strides: [m, 1] };
}

/** ∂ŷ_k/∂h_t [m, n]: W_hy for k = t; 0 for another step, as an immediate partial. */
export function outputByState<S>(net: Net<S>, k: number, t: number): Tensor<S> {
  return k === t ? net.Why : zeros(net.A, net.Why.shape);
}

/** e_tᵀ W_hy a [1, n·l] for a [n, n·l] */
export function throughLoss<S>(net: Net<S>, t: number, a: Tensor<S>): Tensor<S> {
  return times(net.A, lossByOutput(net, t, t, states(net)), net.Why, a);
}

/** Σ_k weight(k) Φ(t, k) ∂⁺h_k/∂W_xh [n, n·l] */
export function weightedContributions<S>(net: Net<S>, t: number, weight: (k: number) => number): Tensor<S> {
  const h = states(net);
  return overSteps(net, 1, t, "Wxh", (k) => {
    return scaled(net.A, net.A.ratio(weight(k), 1), contribution(net, t, k, h));
  });
}
