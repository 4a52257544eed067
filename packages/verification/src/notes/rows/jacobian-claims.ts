import { type Tensor, transpose } from "@gradproof/arithmetic";
import { jacobianProduct, stepJacobian } from "../chain-rule.ts";
import type { TestedClaim } from "../claim.ts";
import { jacobian } from "../dual-jacobian.ts";
import { copied, determinant, diagonal, identity, oneMinusSquare, scaled, times } from "../matrices.ts";
import { from, type Net, sizesOf, slopes, states, without } from "../net.ts";
import { netClaim } from "../net-claim.ts";

type Residues = Tensor<Float64Array>;
type FieldNet = Net<Float64Array>;

/** A_{k+1} A_{k+2} ⋯ A_t: the factors of Φ(t, k) in the order in which Eq. 20's product sign counts. */
function reversedProduct(net: FieldNet, t: number, k: number): Residues {
  const h = states(net);
  let product = identity(net.A, sizesOf(net).n);
  for (let step = k + 1; step <= t; step++) product = times(net.A, product, stepJacobian(net, step, h));
  return product;
}

/** det(W_hh)^z Π_t Π_i (1 − h_{t,i}²) */
function determinantByFactors(net: FieldNet): Residues {
  const { A } = net;
  const { z } = sizesOf(net);
  const h = states(net);
  let value = A.ratio(1, 1);
  for (let t = 1; t <= z; t++) {
    value = scaled(A, determinant(A, net.Whh), value);
    value = scaled(A, determinant(A, slopes(net, h[t])), value);
  }
  return value;
}

function withDiagonal(net: FieldNet): FieldNet {
  return { ...net, Whh: diagonal(net.A, copied(net.A, net.h0)) };
}

/** Identity weights into two units, so that an input is what a unit is driven by. */
const pair = { sizes: { l: 2, n: 2, m: 1, z: 2 }, fixed: { Wxh: [1, 0, 0, 1] } } as const;

/** The Jacobian of one step. */
export const jacobianOfStep: TestedClaim = netClaim({
  row: "Eqs. 17, 21",
  statement: "∂h_t/∂h_{t−1} = diag(1 − h_t²) W_hh",
  asWritten: String.raw`\frac{\partial h_t}{\partial h_{t-1}} \text{ is needed}`,
  corrected: String.raw`A_t = \frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2) W_{hh}`,
  verdict: "ok",
  sizes: {},
  laws: [
    {
      name: "diag(1 − h_t²) W_hh by columns of dual numbers",
      sides: ({ F, net }) => {
        const h = states(net);
        const { z } = sizesOf(net);
        const lastStep = from(net, z - 1, h[z - 1]);
        return [stepJacobian(net, z, h), jacobian(F, lastStep, "h0", (own) => states(own)[1])];
      },
    },
  ],
  wrongReading: "W_hh without the activation's derivative",
  quantity: "∂h_1/∂h_0",
  wrong: ({ net }) => net.Whh,
  right: ({ net }) => stepJacobian(net, sizesOf(net).z, states(net)),
  blindSpots: [{ when: "u_t = 0", change: (net) => without(net, "x", "h0") }],
  small: { sizes: { l: 1, n: 1, m: 1, z: 1 }, vary: ["Whh", "x"], fixed: { Wxh: [1] } },
});

/** The Jacobian of many steps. */
export const orderedProduct: TestedClaim = netClaim({
  row: "Eqs. 18 to 20",
  statement: "∂h_t/∂h_k is the product with the latest step on the left",
  asWritten: String.raw`\frac{\partial h_t}{\partial h_k} = \prod_{m=k+1}^{t} \frac{\partial h_m}{\partial h_{m-1}}`,
  corrected: String.raw`\Phi(t,k) = A_t A_{t-1} \cdots A_{k+1}, \quad \Phi(t,t) = I`,
  verdict: "ambiguous",
  sizes: { n: 2, z: 2 },
  laws: [
    {
      name: "Φ(z, 0) by columns of dual numbers",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        return [jacobianProduct(net, z, 0, states(net)), jacobian(F, net, "h0", (own) => states(own)[z])];
      },
    },
    {
      name: "Φ(z, 1) Φ(1, 0) = Φ(z, 0)",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        const h = states(net);
        const product = times(F, jacobianProduct(net, z, 1, h), jacobianProduct(net, 1, 0, h));
        return [product, jacobianProduct(net, z, 0, h)];
      },
    },
    {
      name: "det Φ(z, 0) = det(W_hh)^z Π (1 − h²)",
      sides: ({ F, net }) => [
        determinant(F, jacobianProduct(net, sizesOf(net).z, 0, states(net))),
        determinantByFactors(net),
      ],
    },
    {
      name: "the determinant does not see the order",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        return [determinant(F, reversedProduct(net, z, 0)), determinant(F, jacobianProduct(net, z, 0, states(net)))];
      },
    },
  ],
  wrongReading: "the product in the order of its index, the earliest step on the left",
  quantity: "∂h_2/∂h_0",
  wrong: ({ net }) => reversedProduct(net, sizesOf(net).z, 0),
  right: ({ F, net }) => jacobian(F, net, "h0", (own) => states(own)[sizesOf(own).z]),
  blindSpots: [
    { when: "n = 1", sizes: { n: 1 } },
    { when: "t = k + 1", sizes: { z: 1 } },
    { when: "W_hh is diagonal, so that all A_t commute", change: withDiagonal },
  ],
  small: { ...pair, vary: ["Whh", "x"] },
});

/** Which side the slope is on. */
export const equation26: TestedClaim = netClaim({
  row: "Eq. 26",
  statement: "for matrices the derivative multiplies the rows of W_hh, not its columns",
  asWritten: String.raw`\frac{\partial h_t}{\partial h_{t-1}} = f'(u) W_{nn}`,
  corrected: String.raw`\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(f'(u_t)) W_{hh}`,
  verdict: "ok",
  sizes: { n: 2 },
  laws: [
    {
      name: "diag(f′(u_1)) W_hh by columns of dual numbers",
      sides: ({ F, net }) => [
        times(F, diagonal(F, oneMinusSquare(F, states(net)[1])), net.Whh),
        jacobian(F, net, "h0", (own) => states(own)[1]),
      ],
    },
    {
      name: "the transpose has it on the other side",
      sides: ({ F, net }) => [
        times(F, transpose(net.Whh), slopes(net, states(net)[1])),
        copied(F, transpose(stepJacobian(net, 1, states(net)))),
      ],
    },
  ],
  wrongReading: "W_hh diag(f′(u_t))",
  quantity: "∂h_1/∂h_0",
  wrong: ({ F, net }) => times(F, net.Whh, slopes(net, states(net)[1])),
  right: ({ F, net }) => jacobian(F, net, "h0", (own) => states(own)[1]),
  blindSpots: [
    { when: "n = 1", sizes: { n: 1 } },
    { when: "all f′(u_i) are equal, here at u = 0", change: (net) => without(net, "x", "h0") },
    { when: "W_hh is diagonal", change: withDiagonal },
  ],
  small: { ...pair, sizes: { ...pair.sizes, z: 1 }, vary: ["Whh", "x"] },
});
