import { type Arithmetic, broadcastTo, type Tensor } from "@gradproof/arithmetic";
import { autodiffGradient } from "../../autodiff-gradient.ts";
import type { TestedClaim } from "../claim.ts";
import { copied, inner, plus } from "../matrices.ts";
import { bpttGradient, lossOf, problemOf, sizesOf, weightNames } from "../net.ts";
import { type NetCase, netClaim } from "../net-claim.ts";

function ones(A: Arithmetic<Float64Array>, shape: readonly number[]): Tensor<Float64Array> {
  return copied(A, broadcastTo(A.ratio(1, 1), shape));
}

/** The loss of a sequence. */
export const equation7: TestedClaim = netClaim({
  row: "Eq. 7",
  statement: "the loss is the sum of the losses of the steps",
  asWritten: String.raw`J = \sum_t J_t`,
  corrected: String.raw`J = \sum_{t=1}^{z} J_t`,
  verdict: "ok",
  sizes: { z: 2 },
  laws: [
    {
      name: "J = Σ_t J_t",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        const parts = Array.from({ length: z }, (_, i) => lossOf(net, i + 1));
        return [lossOf(net), plus(F, parts[0], ...parts.slice(1))];
      },
    },
    {
      name: "J is the graph's",
      sides: ({ F, net }) => [lossOf(net), autodiffGradient(F, problemOf(net)).loss],
    },
  ],
  wrongReading: "the loss of the last step alone",
  quantity: "J",
  wrong: ({ net }) => lossOf(net, sizesOf(net).z),
  right: ({ net }) => lossOf(net),
  blindSpots: [{ when: "z = 1", sizes: { z: 1 } }],
  small: { sizes: { l: 1, n: 1, m: 1, z: 2 }, vary: ["y"] },
});

/** Its gradient. */
export const equations8And9: TestedClaim = netClaim({
  row: "Eqs. 8, 9",
  statement: "the gradient of the loss is the sum over the steps of the gradients of J_t",
  asWritten: String.raw`\text{“summing the partial derivative with respect to each parameter”}`,
  corrected: String.raw`\frac{\partial J}{\partial \theta} = \sum_{t=1}^{z} \frac{\partial J_t}{\partial \theta} \text{: a sum over steps, for each parameter}`,
  verdict: "wrong",
  sizes: { l: 2, z: 2 },
  laws: [
    ...weightNames.map((name) => ({
      name: `Σ_t ∂J_t/∂${name} = ∂J/∂${name} by the graph`,
      sides: ({ F, net }: NetCase) => {
        const { z } = sizesOf(net);
        const parts = Array.from({ length: z }, (_, i) => bpttGradient(net, i + 1)[name] as Tensor<Float64Array>);
        const whole = autodiffGradient(F, problemOf(net)).gradient[name] as Tensor<Float64Array>;
        return [plus(F, parts[0], ...parts.slice(1)), whole] as const;
      },
    })),
    {
      name: "∂J_z/∂W_xh alone is less",
      differ: true,
      sides: ({ net }) => [bpttGradient(net, sizesOf(net).z).Wxh, bpttGradient(net).Wxh],
    },
  ],
  wrongReading: "the sentence before Eq. 8: a sum over the parameters",
  quantity: "∂J/∂W_xh",
  wrong: ({ F, net }) => {
    const { Wxh } = bpttGradient(net);
    return copied(F, broadcastTo(inner(F, Wxh, ones(F, Wxh.shape)), Wxh.shape));
  },
  right: ({ net }) => bpttGradient(net).Wxh,
  blindSpots: [{ when: "there is one parameter", sizes: { l: 1, n: 1 } }],
  small: { sizes: { l: 2, n: 1, m: 1, z: 1 }, vary: ["Why", "x", "y"] },
});
