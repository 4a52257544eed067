import { at, reshape, type Tensor, transpose } from "@gradproof/arithmetic";
import { type ScalarTrajectory, scalarNeuron } from "@gradproof/rnn";
import { stepJacobian } from "../chain-rule.ts";
import { ClaimError, type TestedClaim } from "../claim.ts";
import { jacobian } from "../dual-jacobian.ts";
import { eachFloatCase } from "../float-cases.ts";
import { type Precise, precise, preciseSlope } from "../high-precision.ts";
import { copied, minus, oneMinusSquare, plus, row, scaled, tanh, times } from "../matrices.ts";
import { input, type Net, preactivation, sizesOf, states, without } from "../net.ts";
import { netClaim, type SmallNets } from "../net-claim.ts";
import { numberText } from "../number-text.ts";

type Residues = Tensor<Float64Array>;
type FieldNet = Net<Float64Array>;

const oneUnit = { n: 1, m: 1 } as const;

const toOneUnit = <T extends object>(sizes: T) => ({ ...sizes, ...oneUnit });

/** h_z of the single neuron by Eq. 22, the input weight a column [l, 1]. */
function scalarState<S>(net: Net<S>, product: (weight: Tensor<S>, x: Tensor<S>) => Tensor<S>): Tensor<S> {
  const { A, Whh, h0 } = net;
  const column = copied(A, transpose(net.Wxh));
  let h = h0;
  for (let t = 1; t <= sizesOf(net).z; t++) {
    h = tanh(A, plus(A, product(column, input(net, t)), times(A, Whh, h)));
  }
  return h;
}

/** The net, which has one unit, as `rnn`'s single neuron. */
function neuron(net: FieldNet): ScalarTrajectory<Float64Array> {
  const { A, Wxh, Whh, Why, h0, x } = net;
  return scalarNeuron(A, {
    inputWeights: reshape(copied(A, Wxh), [sizesOf(net).l]),
    recurrentWeight: reshape(copied(A, Whh), []),
    readoutWeight: reshape(copied(A, Why), []),
    initialState: reshape(copied(A, h0), []),
    inputs: copied(A, x),
  });
}

/** f(u_1) and f′(u_1) of the single neuron. */
function activation(net: FieldNet): { f: Residues; slope: Residues } {
  const f = states(net)[1];
  return { f, slope: oneMinusSquare(net.A, f) };
}

/** Eq. 27 as written: [1 − f′(u)²] W */
function asWritten27(net: FieldNet): Residues {
  return times(net.A, oneMinusSquare(net.A, activation(net).slope), net.Whh);
}

/** (√5 − 1)/2, where x = 1 − x². */
const goldenRatio = precise.divide(precise.subtract(precise.sqrt([5, 0]), [1, 0]), [2, 0]);

/** artanh x = ½ ln((1 + x) / (1 − x)) */
function artanh(x: Precise): Precise {
  const quotient = precise.divide(precise.add([1, 0], x), precise.subtract([1, 0], x));
  return precise.multiply([0.5, 0], precise.log(quotient));
}

/** [1 − f′(u)²] − [1 − f(u)²] for W = 1: how far Eq. 27 as written is off. */
function offBy(u: Precise): number {
  const [f, slope] = [precise.tanh(u), preciseSlope(u)];
  return precise.subtract(precise.multiply(f, f), precise.multiply(slope, slope))[0];
}

/** One step of a neuron with w_xn = 1 and h_0 = 0, so that x_1 is u. */
const smallNeurons: SmallNets = {
  sizes: { l: 1, ...oneUnit, z: 1 },
  vary: ["Whh", "x"],
  fixed: { Wxh: [1] },
  text: ({ Whh, x }) => `w_nn = ${Whh[0]}, u = ${x[0]}`,
};

/** The state of a single neuron. */
export const equation22: TestedClaim = netClaim({
  row: "Eq. 22",
  statement: "the neuron with a column of input weights is the network with n = 1 and W_xh = wᵀ",
  asWritten: String.raw`h_t = f(W_{xn}^\top x_t + W_{nn} h_{t-1}) \quad \text{[27]}`,
  corrected: String.raw`h_t = f(w_{xn}^\top x_t + w_{nn} h_{t-1}), \quad W_{xh} = w_{xn}^\top \in \mathbb{R}^{1 \times l}`,
  verdict: "ok",
  sizes: { l: 2 },
  settle: toOneUnit,
  laws: [
    {
      name: "h_z of the neuron is that of the network",
      sides: ({ F, net }) => [scalarState(net, (w, x) => times(F, transpose(w), x)), states(net)[sizesOf(net).z]],
    },
    {
      name: "rnn's neuron has the same h_z",
      sides: ({ F, net }) => {
        const { z } = sizesOf(net);
        return [reshape(at(neuron(net).states, z), [1, 1]), row(F, states(net)[z])];
      },
    },
  ],
  wrongReading: "Eq. 5's W_xh x_t with the column as it is: for l > 1 the shapes do not fit",
  quantity: "h_1",
  wrong: ({ F, net }) => scalarState(net, (w, x) => times(F, w, x)),
  right: ({ net }) => states(net)[sizesOf(net).z],
  blindSpots: [{ when: "l = 1", sizes: { l: 1, n: 1 } }],
  small: {
    sizes: { l: 2, n: 1, m: 1, z: 1 },
    vary: ["Wxh", "x"],
    text: () => "l = 2, everything 0",
  },
});

/** The chain rule for a step of it. */
export const equations24And25: TestedClaim = netClaim({
  row: "Eqs. 24, 25",
  statement: "∂h_t/∂h_{t−1} is ∂f/∂u times ∂u/∂h_{t−1} = w_nn",
  asWritten: String.raw`\frac{\partial h_t}{\partial h_{t-1}} = \frac{\partial f}{\partial u} \frac{\partial u}{\partial h_{t-1}}, \quad \frac{\partial u}{\partial h_{t-1}} = W_{nn}`,
  corrected: String.raw`\frac{\partial h_t}{\partial h_{t-1}} = f'(u) w_{nn}`,
  verdict: "ok",
  sizes: {},
  settle: toOneUnit,
  laws: [
    {
      name: "∂u_1/∂h_0 = w_nn",
      sides: ({ F, net }) => [jacobian(F, net, "h0", (own) => preactivation(own, 1, own.h0)), net.Whh],
    },
    {
      name: "∂h_1/∂h_0 = f′(u_1) w_nn",
      sides: ({ F, net }) => [
        jacobian(F, net, "h0", (own) => states(own)[1]),
        times(F, activation(net).slope, net.Whh),
      ],
    },
  ],
  wrongReading: "f′(u) alone, the inner derivative left out",
  quantity: "∂h_1/∂h_0",
  wrong: ({ net }) => activation(net).slope,
  right: ({ F, net }) => jacobian(F, net, "h0", (own) => states(own)[1]),
  blindSpots: [{ when: "w_nn = 1", change: (net) => ({ ...net, Whh: net.A.lift([1], [1, 1]) }), sizes: oneUnit }],
  small: smallNeurons,
});

/** The derivative of a step, with f′ where f belongs. */
export const equation27: TestedClaim = netClaim({
  row: "Eq. 27",
  statement: "the derivative of a step is [1 − f(u)²] w_nn, with f and not f′",
  asWritten: String.raw`\frac{\partial h_t}{\partial h_{t-1}} = [1 - f'(u)^2] W_{nn}`,
  corrected: String.raw`\frac{\partial h_t}{\partial h_{t-1}} = [1 - f(u)^2] w_{nn}`,
  verdict: "wrong",
  sizes: {},
  settle: toOneUnit,
  laws: [
    {
      name: "[1 − f(u)²] w_nn by dual numbers",
      sides: ({ F, net }) => [stepJacobian(net, 1, states(net)), jacobian(F, net, "h0", (own) => states(own)[1])],
    },
    {
      name: "rnn's neuron has the same derivative",
      sides: ({ F, net }) => [
        reshape(at(neuron(net).derivatives, 0), [1, 1]),
        jacobian(F, net, "h0", (own) => states(own)[1]),
      ],
    },
    {
      name: "as written is off by (f − f′) (f + f′) w_nn, so right only where f′ = ±f",
      sides: ({ F, net }) => {
        const { f, slope } = activation(net);
        const factors = scaled(F, minus(F, f, slope), plus(F, f, slope));
        return [minus(F, asWritten27(net), stepJacobian(net, 1, states(net))), times(F, factors, net.Whh)];
      },
    },
  ],
  wrongReading: "as written",
  quantity: "∂h_1/∂h_0",
  wrong: ({ net }) => asWritten27(net),
  right: ({ F, net }) => jacobian(F, net, "h0", (own) => states(own)[1]),
  blindSpots: [{ when: "w_nn = 0", sizes: oneUnit, change: (net) => without(net, "Whh") }],
  small: smallNeurons,
});

/** Where Eq. 27 as written is right by chance. */
export const equation27Crossing: TestedClaim = {
  row: "Eq. 27",
  statement: "as written it is right at |u| = artanh((√5 − 1)/2) = 0.72182 alone",
  asWritten: "[1 - f'(u)^2] W_{nn}",
  corrected: String.raw`[1 - f(u)^2] w_{nn}; \text{ equal only where } f' = \lvert f \rvert = \tfrac{\sqrt 5 - 1}{2}`,
  verdict: "wrong",
  kind: "float",
  wrongReading: "as written, w_nn = 1, at least 0.001 away from that u",
  blindSpots: [
    {
      when: "|u| = artanh((√5 − 1)/2): f = f′ = 0.618",
      shown() {
        const u = artanh(goldenRatio);
        if (u[0] !== 0.7218177375894052) throw new ClaimError("Eq. 27", `the crossing is at ${u[0]}`);
        // Six operations of 2^-102 each, and the derivative of the difference at the crossing is below 4.
        for (const [high, low] of [u, [-u[0], -u[1]] as const]) {
          if (Math.abs(offBy([high, low])) > 2 ** -96) throw new ClaimError("Eq. 27", `the two differ at ${high}`);
        }
        return 2;
      },
    },
  ],
  check: (seed) =>
    eachFloatCase(seed, 1000, (source) => {
      // f² − f′² grows with |u|, so its sign says on which side of the crossing |u| is.
      const u = source.integer(0, 8192) / 1024;
      if (offBy([u, 0]) > 0 !== u > artanh(goldenRatio)[0]) throw new ClaimError("Eq. 27", `sign at ${u}`);
    }),
  control(seed) {
    let [cases, caught] = [0, 0];
    eachFloatCase(seed, 1000, (source) => {
      const u = source.integer(0, 8192) / 1024;
      if (Math.abs(u - 0.72182) < 1e-3) return;
      cases++;
      // Rounding is far below: both sides are at most 1, and computed to 2^-96.
      if (Math.abs(offBy([u, 0])) > 2 ** -50) caught++;
    });
    const far = preciseSlope([3, 0])[0];
    const text = `w_nn = 1, u = 3: ∂h_t/∂h_{t−1} = ${numberText(far)}, as written ${numberText(1 - far * far)}`;
    return { cases, caught, counterexample: text };
  },
};
