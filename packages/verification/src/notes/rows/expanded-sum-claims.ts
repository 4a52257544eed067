import { type Tensor, transpose } from "@gradproof/arithmetic";
import { noRecurrence, nothingToLearn, twoSteps } from "../blind-spots.ts";
import {
  contribution,
  immediate,
  lossByOutput,
  outputByState,
  throughLoss,
  weightedContributions,
} from "../chain-rule.ts";
import type { TestedClaim } from "../claim.ts";
import { jacobian } from "../dual-jacobian.ts";
import { copied, inner, minus, plus, row, scaled, tanh, times } from "../matrices.ts";
import { bpttGradient, fitted, type Net, sizesOf, slopes, states, target, windowGradient } from "../net.ts";
import { netClaim } from "../net-claim.ts";
import { graphRow } from "../oracles.ts";

type Residues = Tensor<Float64Array>;
type FieldNet = Net<Float64Array>;

/** Eq. 15 to the letter: Σ_{k=0..2} ∂J_2/∂ŷ_k · ∂ŷ_k/∂h_2 · ∂h_2/∂h_k · ∂h_k/∂W; the term k = 0 is 0. */
function literalFifteen(net: FieldNet): Residues {
  const { A } = net;
  const h = states(net);
  const terms = [1, 2].map((k) =>
    times(A, lossByOutput(net, 2, k, h), outputByState(net, k, 2), contribution(net, 2, k, h)),
  );
  return plus(A, terms[0], terms[1]);
}

/** Eq. 16a to the letter: Σ_k ∂J_t/∂ŷ_k · ∂ŷ_k/∂h_k · ∂h_k/∂W · ∂h_k/∂W */
function literalSixteenA(net: FieldNet): Residues {
  const { A } = net;
  const { z } = sizesOf(net);
  const h = states(net);
  const terms = Array.from({ length: z }, (_, i) => {
    const own = immediate(net, i + 1, h, "Wxh");
    return times(A, lossByOutput(net, z, i + 1, h), net.Why, own, own);
  });
  return plus(A, terms[0], ...terms.slice(1));
}

/** Eq. 16b to the letter: Σ_k ∂J_t/∂ŷ_k · ∂ŷ_k/∂h_k · Φ(t, k) · ∂⁺h_k/∂W */
function literalSixteenB(net: FieldNet): Residues {
  const { A } = net;
  const { z } = sizesOf(net);
  const h = states(net);
  const terms = Array.from({ length: z }, (_, i) =>
    times(A, lossByOutput(net, z, i + 1, h), outputByState(net, i + 1, i + 1), contribution(net, z, i + 1, h)),
  );
  return plus(A, terms[0], ...terms.slice(1));
}

/** The same network with the readout ŷ_t = tanh(W_hy h_t). */
function bentOutput<S>(net: Net<S>, h: Tensor<S>): Tensor<S> {
  return tanh(net.A, times(net.A, net.Why, h));
}

/** J_t of that network. */
function bentLoss<S>(net: Net<S>, t: number): Tensor<S> {
  const e = minus(net.A, bentOutput(net, states(net)[t]), target(net, t));
  return scaled(net.A, net.A.ratio(1, 2), inner(net.A, e, e));
}

/** Σ_k e_tᵀ · ∂ŷ_s/∂h_s · Φ(t, k) · ∂⁺h_k/∂W for that network, the readout's Jacobian taken at step s(k). */
function bentSum(net: FieldNet, readoutStep: (k: number) => number): Residues {
  const { A } = net;
  const { z } = sizesOf(net);
  const h = states(net);
  const e = copied(A, transpose(minus(A, bentOutput(net, h[z]), target(net, z))));
  const terms = Array.from({ length: z }, (_, i) => {
    const readout = times(A, slopes(net, bentOutput(net, h[readoutStep(i + 1)])), net.Why);
    return times(A, e, readout, contribution(net, z, i + 1, h));
  });
  return plus(A, terms[0], ...terms.slice(1));
}

/** The gradient of J_2 as a sum over earlier steps. */
export const equation15: TestedClaim = netClaim({
  row: "Eq. 15",
  statement: "the loss of step 2 is reached through ŷ_2 in every term",
  asWritten: String.raw`\frac{\partial J_2}{\partial W} = \sum_{k=0}^{2} \frac{\partial J_2}{\partial \hat{y}_k} \frac{\partial \hat{y}_k}{\partial h_2} \frac{\partial h_2}{\partial h_k} \frac{\partial h_k}{\partial W}`,
  corrected: String.raw`\frac{\partial J_2}{\partial W} = \sum_{k=1}^{2} e_2^\top W_{hy} \Phi(2,k) \frac{\partial^+ h_k}{\partial W}`,
  verdict: "wrong",
  sizes: { z: 2 },
  laws: [
    {
      name: "corrected = ∂J_2/∂W by the graph",
      sides: (drawn) => [
        throughLoss(
          drawn.net,
          2,
          weightedContributions(drawn.net, 2, () => 1),
        ),
        graphRow(drawn, 2),
      ],
    },
    {
      name: "as written = BPTT cut to one step",
      sides: ({ F, net }) => [literalFifteen(net), row(F, windowGradient(net, 2, 1).Wxh)],
    },
  ],
  wrongReading: "as written",
  quantity: "∂J_2/∂W_xh",
  wrong: ({ net }) => literalFifteen(net),
  right: (drawn) => graphRow(drawn, 2),
  blindSpots: [noRecurrence, nothingToLearn],
  small: { sizes: twoSteps, vary: ["Whh", "Why", "x", "y"] },
});

/** The gradient of J_t, the first time. */
export const equation16a: TestedClaim = netClaim({
  row: "Eq. 16a",
  statement: "one factor ∂h_k/∂W, behind the Jacobian that leads there",
  asWritten: String.raw`\frac{\partial J_t}{\partial W} = \sum_{k=0}^{t} \frac{\partial J_t}{\partial \hat{y}_k} \frac{\partial \hat{y}_k}{\partial h_k} \frac{\partial h_k}{\partial W} \frac{\partial h_k}{\partial W}`,
  corrected: String.raw`\frac{\partial J_t}{\partial W} = \sum_{k=1}^{t} e_t^\top W_{hy} \Phi(t,k) \frac{\partial^+ h_k}{\partial W}`,
  verdict: "wrong",
  sizes: {},
  laws: [
    {
      name: "corrected = ∂J_t/∂W by the graph",
      sides: (drawn) => {
        const { z } = sizesOf(drawn.net);
        return [
          throughLoss(
            drawn.net,
            z,
            weightedContributions(drawn.net, z, () => 1),
          ),
          graphRow(drawn, z),
        ];
      },
    },
    {
      name: "corrected = BPTT of J_t",
      sides: (drawn) => {
        const { z } = sizesOf(drawn.net);
        const sum = throughLoss(
          drawn.net,
          z,
          weightedContributions(drawn.net, z, () => 1),
        );
        return [sum, row(drawn.F, bpttGradient(drawn.net, z).Wxh)];
      },
    },
  ],
  wrongReading: "as written; for l > 1 its shapes do not even fit",
  quantity: "∂J_1/∂W_xh",
  wrong: ({ net }) => literalSixteenA(net),
  right: (drawn) => graphRow(drawn, sizesOf(drawn.net).z),
  blindSpots: [{ when: "ŷ_t = y_t for every t and l = 1", sizes: { l: 1 }, change: fitted }],
  small: { sizes: { l: 1, n: 1, m: 1, z: 1 }, vary: ["Why", "x", "y"] },
});

/** The gradient of J_t, the second time. */
export const equation16b: TestedClaim = netClaim({
  row: "Eq. 16b",
  statement: "both indices of the first two factors are t, not k",
  asWritten: String.raw`\frac{\partial J_t}{\partial W} = \sum_{k=0}^{t} \frac{\partial J_t}{\partial \hat{y}_k} \frac{\partial \hat{y}_k}{\partial h_k} \left[\frac{\partial h_t}{\partial h_k}\right] \frac{\partial h_k}{\partial W}`,
  corrected: String.raw`\frac{\partial J_t}{\partial W} = \sum_{k=1}^{t} \frac{\partial J_t}{\partial \hat{y}_t} \frac{\partial \hat{y}_t}{\partial h_t} \Phi(t,k) \frac{\partial^+ h_k}{\partial W}`,
  verdict: "wrong",
  sizes: { z: 2 },
  laws: [
    {
      name: "as written = BPTT cut to one step",
      sides: ({ F, net }) => [literalSixteenB(net), row(F, windowGradient(net, sizesOf(net).z, 1).Wxh)],
    },
    {
      name: "∂ŷ_k/∂h_k for ∂ŷ_t/∂h_t alone does no harm: the readout is linear and shared",
      sides: (drawn) => {
        const { F, net } = drawn;
        const { z } = sizesOf(net);
        const h = states(net);
        const terms = Array.from({ length: z }, (_, i) =>
          times(F, lossByOutput(net, z, z, h), outputByState(net, i + 1, i + 1), contribution(net, z, i + 1, h)),
        );
        return [plus(F, terms[0], ...terms.slice(1)), graphRow(drawn, z)];
      },
    },
    {
      name: "with the readout tanh(W_hy h): corrected = forward mode",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        return [bentSum(net, () => z), jacobian(F, net, "Wxh", (own) => bentLoss(own, z))];
      },
    },
    {
      name: "with the readout tanh(W_hy h): ∂ŷ_k/∂h_k is wrong too",
      differ: true,
      sides: ({ F, net }) => [bentSum(net, (k) => k), jacobian(F, net, "Wxh", (own) => bentLoss(own, sizesOf(net).z))],
    },
  ],
  wrongReading: "as written",
  quantity: "∂J_2/∂W_xh",
  wrong: ({ net }) => literalSixteenB(net),
  right: (drawn) => graphRow(drawn, sizesOf(drawn.net).z),
  blindSpots: [{ when: "t = 1", sizes: { z: 1 } }, noRecurrence, nothingToLearn],
  small: { sizes: twoSteps, vary: ["Whh", "Why", "x", "y"] },
});
