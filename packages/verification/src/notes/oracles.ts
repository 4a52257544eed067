import type { Tensor } from "@gradproof/arithmetic";
import { autodiffGradient } from "../autodiff-gradient.ts";
import { jacobian } from "./dual-jacobian.ts";
import { row } from "./matrices.ts";
import { problemOf, states } from "./net.ts";
import type { NetCase } from "./net-claim.ts";

/** dh_t/dW_xh by forward mode through Eq. 5 [n, n·l] */
export function forwardMode({ F, net }: NetCase, t: number): Tensor<Float64Array> {
  return jacobian(F, net, "Wxh", (own) => states(own)[t]);
}

/** ∂J_t/∂W_xh by the autodiff graph, as a row [1, n·l] */
export function graphRow({ F, net }: NetCase, t: number): Tensor<Float64Array> {
  return row(F, autodiffGradient(F, problemOf(net, t)).gradient.Wxh);
}
