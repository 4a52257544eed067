import { type Tensor, transpose } from "@gradproof/arithmetic";
import { autodiffGradient } from "../../autodiff-gradient.ts";
import { noRecurrence, nothingToLearn, twoSteps } from "../blind-spots.ts";
import { immediate, throughLoss, total } from "../chain-rule.ts";
import type { TestedClaim } from "../claim.ts";
import { jacobian } from "../dual-jacobian.ts";
import { plus, row, tanh, times, zeros } from "../matrices.ts";
import {
  bpttGradient,
  input,
  type Net,
  networkState,
  outputError,
  problemOf,
  sizesOf,
  states,
  without,
} from "../net.ts";
import { netClaim } from "../net-claim.ts";

type Residues = Tensor<Float64Array>;
type FieldNet = Net<Float64Array>;

/** The last state of a network whose outputs are its next inputs. */
function closedLoopState<S>(net: Net<S>): Tensor<S> {
  const { A, Wxh, Whh, Why, h0 } = net;
  const { z } = sizesOf(net);
  let [x, h] = [input(net, 1), h0];
  for (let t = 1; t <= z; t++) {
    h = tanh(A, plus(A, times(A, Wxh, x), times(A, Whh, h)));
    x = times(A, Why, h);
  }
  return h;
}

/** The derivative through h_t of J by the terms k = t alone: Σ_t e_tᵀ W_hy ∂⁺h_t/∂W_hh, as a row. */
function immediateAlone(net: FieldNet): Residues {
  const { z } = sizesOf(net);
  const h = states(net);
  const terms = Array.from({ length: z }, (_, i) => throughLoss(net, i + 1, immediate(net, i + 1, h, "Whh")));
  return plus(net.A, terms[0], ...terms.slice(1));
}

/** Remark (*) (a). */
export const dependsOnWhh: TestedClaim = netClaim({
  row: "(*) (a)",
  statement: "h_t depends on W_hh, h_1 only where h_0 is not 0",
  asWritten: String.raw`h_t \text{ does depend on } W_{hh}`,
  corrected: String.raw`\frac{d h_t}{d W_{hh}} = \sum_{k=1}^{t} \Phi(t,k) \frac{\partial^+ h_k}{\partial W_{hh}}; \quad \frac{d h_1}{d W_{hh}} = 0 \text{ where } h_0 = 0`,
  verdict: "ok",
  sizes: {},
  laws: [
    {
      name: "Σ Φ(t, k) ∂⁺h_k/∂W_hh = dh_t/dW_hh by forward mode",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        return [total(net, z, states(net), "Whh"), jacobian(F, net, "Whh", (own) => states(own)[z])];
      },
    },
    {
      name: "dh_1/dW_hh = 0 where h_0 = 0",
      sides: ({ F, net }) => {
        const { n } = sizesOf(net);
        return [jacobian(F, without(net, "h0"), "Whh", (own) => states(own)[1]), zeros(F, [n, n * n])];
      },
    },
  ],
  wrongReading: "h_1 does not depend on W_hh",
  quantity: "dh_1/dW_hh",
  wrong: ({ F, net }) => zeros(F, [sizesOf(net).n, sizesOf(net).n ** 2]),
  right: ({ F, net }) => jacobian(F, net, "Whh", (own) => states(own)[1]),
  blindSpots: [{ when: "h_0 = 0", change: (net) => without(net, "h0") }],
  small: { sizes: { l: 1, n: 1, m: 1, z: 1 }, vary: ["Whh", "h0", "x"] },
});

/** Remark (*) (b). */
export const dependsOnWhy: TestedClaim = netClaim({
  row: "(*) (b)",
  statement: "h_t does not depend on W_hy as long as ŷ is not fed back; J_t does",
  asWritten: String.raw`h_t \text{ does not depend on } W_{hy}`,
  corrected: String.raw`\frac{d h_t}{d W_{hy}} = 0 \text{ unless } x_{t+1} = \hat{y}_t; \quad \frac{\partial J_t}{\partial W_{hy}} = e_t h_t^\top`,
  verdict: "ok",
  sizes: { z: 2 },
  settle: (sizes) => ({ ...sizes, m: Math.min(sizes.l, 2), l: Math.min(sizes.l, 2) }),
  laws: [
    {
      name: "another W_hy leaves h_z",
      sides: ({ net, other }) => {
        const { z } = sizesOf(net);
        return [networkState({ ...net, Why: other.Why }, z), networkState(net, z)];
      },
    },
    {
      name: "dh_z/dW_hy = 0",
      sides: ({ F, net }) => {
        const { n, m, z } = sizesOf(net);
        return [jacobian(F, net, "Why", (own) => states(own)[z]), zeros(F, [n, m * n])];
      },
    },
    {
      name: "∂J_z/∂W_hy = e_z h_zᵀ",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        const h = states(net);
        const { Why } = autodiffGradient(F, problemOf(net, z)).gradient;
        return [times(F, outputError(net, z, h), transpose(h[z])), Why as Residues];
      },
    },
  ],
  wrongReading: "the sentence kept although each output is the next input",
  quantity: "dh_2/dW_hy",
  wrong: ({ F, net }) => jacobian(F, net, "Why", (own) => states(own)[sizesOf(own).z]),
  right: ({ F, net }) => jacobian(F, net, "Why", closedLoopState),
  blindSpots: [
    { when: "z = 1", sizes: { z: 1 } },
    { when: "W_xh = 0", change: (net) => without(net, "Wxh") },
  ],
  small: { sizes: twoSteps, vary: ["Wxh", "Why", "x"] },
});

/** What the notes ask and do not answer. */
export const openQuestion: TestedClaim = netClaim({
  row: "Open question",
  statement: "∂J/∂W_hh = Σ_t δ_t h_{t−1}ᵀ and ∂J/∂W_hy = Σ_t e_t h_tᵀ",
  asWritten: String.raw`\text{“What about } \partial J / \partial W_{hh} \text{ and } \partial J / \partial W_{hy} \text{?”}`,
  corrected: String.raw`\frac{\partial J}{\partial W_{hh}} = \sum_t \delta_t h_{t-1}^T, \quad \frac{\partial J}{\partial W_{hy}} = \sum_t e_t h_t^\top`,
  verdict: "ok",
  sizes: { z: 2 },
  laws: [
    {
      name: "∂J/∂W_hh = Σ_t Σ_k e_tᵀ W_hy Φ(t, k) ∂⁺h_k/∂W_hh",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        const h = states(net);
        const terms = Array.from({ length: z }, (_, i) => throughLoss(net, i + 1, total(net, i + 1, h, "Whh")));
        return [plus(F, terms[0], ...terms.slice(1)), row(F, bpttGradient(net).Whh)];
      },
    },
    {
      name: "∂J/∂W_hh is the graph's",
      sides: ({ F, net }) => [bpttGradient(net).Whh, autodiffGradient(F, problemOf(net)).gradient.Whh],
    },
    {
      name: "∂J/∂W_hy is the graph's",
      sides: ({ F, net }) => [
        bpttGradient(net).Why as Residues,
        autodiffGradient(F, problemOf(net)).gradient.Why as Residues,
      ],
    },
    {
      name: "Σ_t e_t h_tᵀ is the graph's ∂J/∂W_hy",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        const h = states(net);
        const terms = Array.from({ length: z }, (_, i) => times(F, outputError(net, i + 1, h), transpose(h[i + 1])));
        return [plus(F, terms[0], ...terms.slice(1)), autodiffGradient(F, problemOf(net)).gradient.Why as Residues];
      },
    },
  ],
  wrongReading: "∂J/∂W_hh by the terms k = t alone, which is what Eqs. 15 and 16b as written come to",
  quantity: "∂J/∂W_hh",
  wrong: ({ net }) => immediateAlone(net),
  right: ({ F, net }) => row(F, bpttGradient(net).Whh),
  blindSpots: [{ when: "z = 1", sizes: { z: 1 } }, noRecurrence, nothingToLearn],
  small: { sizes: twoSteps, vary: ["Whh", "Why", "h0", "y"] },
});
