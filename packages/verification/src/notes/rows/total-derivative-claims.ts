import type { Tensor } from "@gradproof/arithmetic";
import { noRecurrence, nothingToLearn, twoSteps } from "../blind-spots.ts";
import {
  contribution,
  immediate,
  jacobianProduct,
  overSteps,
  stepJacobian,
  throughLoss,
  total,
  weightedContributions,
} from "../chain-rule.ts";
import type { TestedClaim } from "../claim.ts";
import { jacobian } from "../dual-jacobian.ts";
import { identity, plus, row, times, zeros } from "../matrices.ts";
import { from, input, sizesOf, states, windowGradient, without } from "../net.ts";
import { type NetCase, netClaim } from "../net-claim.ts";
import { forwardMode, graphRow } from "../oracles.ts";

type Residues = Tensor<Float64Array>;

/** The readings of Σ ∂h_t/∂h_k · ∂h_k/∂W with a total Jacobian and a total derivative. */
function totalTimesTotal({ F, net }: NetCase, t: number, last: number): Residues {
  const h = states(net);
  return overSteps(net, 1, last, "Wxh", (k) => times(F, jacobianProduct(net, t, k, h), total(net, k, h)));
}

/** Eq. 13 continued to step t, total Jacobians times total derivatives. */
function thirteenDoubled(drawn: NetCase): Residues {
  const { net, F } = drawn;
  const { z } = sizesOf(net);
  return plus(F, totalTimesTotal(drawn, z, z - 1), immediate(net, z, states(net), "Wxh"));
}

/** The chain rule from J_2 to the weights. */
export const equation10: TestedClaim = netClaim({
  row: "Eq. 10",
  statement: "the last factor is the total derivative dh_2/dW",
  asWritten: String.raw`\frac{\partial J_2}{\partial W_{xh}} = \frac{\partial J_2}{\partial \hat{y}_2} \frac{\partial \hat{y}_2}{\partial h_2} \frac{\partial h_2}{\partial W_{xh}}`,
  corrected: String.raw`\frac{\partial J_2}{\partial W_{xh}} = e_2^\top W_{hy} \frac{d h_2}{d W_{xh}}`,
  verdict: "ambiguous",
  sizes: { z: 2 },
  laws: [
    {
      name: "e_2ᵀ W_hy dh_2/dW = ∂J_2/∂W by the graph",
      sides: (drawn) => [throughLoss(drawn.net, 2, forwardMode(drawn, 2)), graphRow(drawn, 2)],
    },
    {
      name: "with ∂⁺h_2/∂W it is BPTT cut to one step",
      sides: ({ F, net }) => [
        throughLoss(net, 2, immediate(net, 2, states(net), "Wxh")),
        row(F, windowGradient(net, 2, 1).Wxh),
      ],
    },
  ],
  wrongReading: "the last factor read as the immediate partial, h_1 held constant",
  quantity: "∂J_2/∂W_xh",
  wrong: ({ net }) => throughLoss(net, 2, immediate(net, 2, states(net), "Wxh")),
  right: (drawn) => graphRow(drawn, 2),
  blindSpots: [noRecurrence, nothingToLearn],
  small: { sizes: twoSteps, vary: ["Whh", "Why", "x", "y"] },
});

/** What h_2 is made of. */
export const equation11: TestedClaim = netClaim({
  row: "Eq. 11",
  statement: "h_1 is what cannot be held constant",
  asWritten: String.raw`\text{“the term } \partial h_2 / \partial W_{xh} \text{ cannot be treated as a constant”}`,
  corrected: String.raw`h_2 = f(W_{xh} x_2 + W_{hh} h_1) \text{, where } h_1 \text{ depends on } W_{xh} \text{ too}`,
  verdict: "ambiguous",
  sizes: { z: 2 },
  laws: [
    {
      name: "with h_1 held constant, forward mode gives ∂⁺h_2/∂W",
      sides: ({ F, net }) => {
        const h = states(net);
        return [jacobian(F, from(net, 1, h[1]), "Wxh", (own) => states(own)[1]), immediate(net, 2, h, "Wxh")];
      },
    },
    {
      name: "dh_2/dW = ∂⁺h_2/∂W + A_2 ∂⁺h_1/∂W",
      sides: (drawn) => {
        const { F, net } = drawn;
        const h = states(net);
        const earlier = times(F, stepJacobian(net, 2, h), immediate(net, 1, h, "Wxh"));
        return [forwardMode(drawn, 2), plus(F, immediate(net, 2, h, "Wxh"), earlier)];
      },
    },
  ],
  wrongReading: "h_1 held constant",
  quantity: "dh_2/dW_xh",
  wrong: ({ F, net }) => jacobian(F, from(net, 1, states(net)[1]), "Wxh", (own) => states(own)[1]),
  right: (drawn) => forwardMode(drawn, 2),
  blindSpots: [noRecurrence],
  small: { sizes: twoSteps, vary: ["Whh", "x"] },
});

/** What h_2 depends on. */
export const equation12: TestedClaim = netClaim({
  row: "Eq. 12",
  statement: "h_0 does not depend on the weights, and h_2 on h_0 only through h_1",
  asWritten: "h_2 = h_2(h_1(W_{xh}), h_0(W_{xh}); W_{xh})",
  corrected: String.raw`h_2 = h_2(h_1(h_0; W_{xh}); W_{xh}), \quad \frac{d h_0}{d W_{xh}} = 0`,
  verdict: "wrong",
  sizes: { z: 2 },
  laws: [
    {
      name: "dh_0/dW = 0",
      sides: (drawn) => [
        forwardMode(drawn, 0),
        zeros(drawn.F, [sizesOf(drawn.net).n, drawn.net.Wxh.shape[1] * sizesOf(drawn.net).n]),
      ],
    },
    {
      name: "dh_2/dh_0 = (∂h_2/∂h_1) (∂h_1/∂h_0), with nothing besides",
      sides: ({ F, net }) => {
        const h = states(net);
        const first = jacobian(F, net, "h0", (own) => states(own)[1]);
        const second = jacobian(F, from(net, 1, h[1]), "h0", (own) => states(own)[1]);
        return [jacobian(F, net, "h0", (own) => states(own)[2]), times(F, second, first)];
      },
    },
  ],
  wrongReading: "as written: an h_0 that is a function of the weights, here W_xh x_1",
  quantity: "dh_2/dW_xh",
  wrong: ({ F, net }) =>
    jacobian(F, net, "Wxh", (own) => states({ ...own, h0: times(own.A, own.Wxh, input(own, 1)) })[2]),
  right: ({ F, net }) => forwardMode({ F, net: { ...net, h0: times(F, net.Wxh, input(net, 1)) }, other: net }, 2),
  blindSpots: [noRecurrence],
  small: { sizes: twoSteps, vary: ["Whh", "x"] },
});

/** The total derivative of h_2, term by term. */
export const equation13: TestedClaim = netClaim({
  row: "Eq. 13",
  statement: "the recursion and the unrolled sum agree; total Jacobians times total derivatives count twice",
  asWritten: String.raw`\frac{d h_2}{d W} = \frac{\partial h_2}{\partial W} + \frac{\partial h_2}{\partial h_1} \frac{\partial h_1}{\partial W} + \frac{\partial h_2}{\partial h_0} \frac{\partial h_0}{\partial W}`,
  corrected: String.raw`\frac{d h_t}{d W} = \frac{\partial^+ h_t}{\partial W} + A_t \frac{d h_{t-1}}{d W} = \sum_{k=1}^{t} \Phi(t,k) \frac{\partial^+ h_k}{\partial W}`,
  verdict: "ambiguous",
  sizes: { z: 3 },
  laws: [
    {
      name: "recursion = unrolled sum",
      sides: ({ F, net }) => {
        const h = states(net);
        const { z } = sizesOf(net);
        let derivative = immediate(net, 1, h, "Wxh");
        for (let t = 2; t <= z; t++) {
          derivative = plus(F, immediate(net, t, h, "Wxh"), times(F, stepJacobian(net, t, h), derivative));
        }
        return [derivative, total(net, z, h)];
      },
    },
    {
      name: "unrolled sum = forward mode",
      sides: (drawn) => {
        const { z } = sizesOf(drawn.net);
        return [total(drawn.net, z, states(drawn.net)), forwardMode(drawn, z)];
      },
    },
    {
      name: "the double count is Σ_{j<t} (t − j) contribution_j + contribution_t",
      sides: (drawn) => {
        const { z } = sizesOf(drawn.net);
        return [thirteenDoubled(drawn), weightedContributions(drawn.net, z, (j) => (j < z ? z - j : 1))];
      },
    },
  ],
  wrongReading: "continued to step z with total Jacobians times total derivatives",
  quantity: "dh_3/dW_xh",
  wrong: thirteenDoubled,
  right: (drawn) => forwardMode(drawn, sizesOf(drawn.net).z),
  blindSpots: [{ when: "t = 2, the step that the notes write out", sizes: { z: 2 } }, noRecurrence],
  small: { sizes: { l: 1, n: 1, m: 1, z: 3 }, vary: ["Whh", "x"] },
});

/** The same as a sum. */
export const equation14: TestedClaim = netClaim({
  row: "Eq. 14",
  statement: "total Jacobians times immediate derivatives; the term k = 0 is 0",
  asWritten: String.raw`\frac{d h_2}{d W} = \sum_{k=0}^{2} \frac{\partial h_2}{\partial h_k} \frac{\partial h_k}{\partial W}`,
  corrected: String.raw`\frac{d h_2}{d W} = \sum_{k=1}^{2} \Phi(2,k) \frac{\partial^+ h_k}{\partial W}`,
  verdict: "ambiguous",
  sizes: { z: 2 },
  laws: [
    {
      name: "Σ Φ(t, k) ∂⁺h_k/∂W = dh_t/dW by forward mode",
      sides: (drawn) => {
        const { z } = sizesOf(drawn.net);
        return [weightedContributions(drawn.net, z, () => 1), forwardMode(drawn, z)];
      },
    },
    {
      name: "from k = 0 as from k = 1",
      sides: (drawn) => {
        const { F, net } = drawn;
        const { z } = sizesOf(net);
        const zeroth = times(F, jacobianProduct(net, z, 0, states(net)), forwardMode(drawn, 0));
        return [
          plus(
            F,
            zeroth,
            weightedContributions(drawn.net, z, () => 1),
          ),
          weightedContributions(drawn.net, z, () => 1),
        ];
      },
    },
    {
      name: "total times total = Σ_j (t − j + 1) contribution_j",
      sides: (drawn) => {
        const { z } = sizesOf(drawn.net);
        return [totalTimesTotal(drawn, z, z), weightedContributions(drawn.net, z, (j) => z - j + 1)];
      },
    },
    {
      name: "immediate times immediate = the derivative with h_{t−2} held constant",
      sides: ({ F, net }) => {
        const h = states(net);
        const { z } = sizesOf(net);
        const earlier = times(F, stepJacobian(net, z, h), immediate(net, z - 1, h, "Wxh"));
        const window = from(net, z - 2, h[z - 2]);
        return [plus(F, earlier, immediate(net, z, h, "Wxh")), jacobian(F, window, "Wxh", (own) => states(own)[2])];
      },
    },
  ],
  wrongReading: "total Jacobians times total derivatives",
  quantity: "dh_2/dW_xh",
  wrong: (drawn) => totalTimesTotal(drawn, sizesOf(drawn.net).z, sizesOf(drawn.net).z),
  right: (drawn) => forwardMode(drawn, sizesOf(drawn.net).z),
  blindSpots: [{ when: "t = 1", sizes: { z: 1 } }, noRecurrence],
  small: { sizes: twoSteps, vary: ["Whh", "x"] },
});

/** The term k = 2 of that sum. */
export const lastTerm: TestedClaim = netClaim({
  row: "(a), k = 2",
  statement: "the last term is the immediate derivative, for Φ(t, t) = I",
  asWritten: String.raw`\frac{\partial h_2}{\partial h_2} \frac{\partial h_2}{\partial W} = \frac{\partial h_2}{\partial W}`,
  corrected: String.raw`\Phi(2,2) \frac{\partial^+ h_2}{\partial W} = \frac{\partial^+ h_2}{\partial W}`,
  verdict: "ok",
  sizes: { z: 2 },
  laws: [
    {
      name: "Φ(t, t) = I",
      sides: ({ F, net }) => [jacobianProduct(net, 2, 2, states(net)), identity(F, sizesOf(net).n)],
    },
    {
      name: "Φ(2, 2) ∂⁺h_2/∂W = dh_2/dW with h_1 held constant",
      sides: ({ F, net }) => [
        contribution(net, 2, 2, states(net)),
        jacobian(F, from(net, 1, states(net)[1]), "Wxh", (own) => states(own)[1]),
      ],
    },
  ],
  wrongReading: "a product that begins one factor too early, at m = k",
  quantity: "Φ(2, 2) ∂⁺h_2/∂W_xh",
  wrong: ({ F, net }) => {
    const h = states(net);
    return times(F, stepJacobian(net, 2, h), immediate(net, 2, h, "Wxh"));
  },
  right: ({ net }) => immediate(net, 2, states(net), "Wxh"),
  blindSpots: [{ when: "x_2 = 0", change: (net) => without(net, "x") }],
  small: { sizes: twoSteps, vary: ["Whh", "x"] },
});
