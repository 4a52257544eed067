import { at, broadcastTo, float64, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { forward } from "@gradproof/rnn";
import { autodiffGradient } from "../../autodiff-gradient.ts";
import { ClaimError, type TestedClaim } from "../claim.ts";
import { jacobian } from "../dual-jacobian.ts";
import { eachFloatCase } from "../float-cases.ts";
import { copied, inner, plus, row, scaled, tanh, times, zeros } from "../matrices.ts";
import {
  bpttGradient,
  drawDyadicNet,
  fitted,
  from,
  input,
  lastState,
  lossOf,
  type Net,
  networkState,
  outputError,
  problemOf,
  sizesOf,
  slopes,
  states,
  weightNames,
  without,
} from "../net.ts";
import { netClaim } from "../net-claim.ts";

/** Eq. 1 to the letter: every state sees the inputs of all steps. */
function literalStates<S>(net: Net<S>): Tensor<S>[] {
  const { z } = sizesOf(net);
  const inputs = Array.from({ length: z }, (_, i) => times(net.A, net.Wxh, input(net, i + 1)));
  const all = plus(net.A, inputs[0], ...inputs.slice(1));
  const h = [net.h0];
  for (let t = 1; t <= z; t++) h.push(tanh(net.A, plus(net.A, all, times(net.A, net.Whh, h[t - 1]))));
  return h;
}

/** The net with its last input replaced. */
function withLastInput(net: Net<Float64Array>, other: Net<Float64Array>): Net<Float64Array> {
  const { z } = sizesOf(net);
  const x = copied(net.A, net.x);
  net.A.copy(at(x, z - 1), at(other.x, z - 1));
  return { ...net, x };
}

/** The net with its first and last input exchanged. */
function exchanged(net: Net<Float64Array>): Net<Float64Array> {
  const { z } = sizesOf(net);
  const x = copied(net.A, net.x);
  net.A.copy(at(x, 0), at(net.x, z - 1));
  net.A.copy(at(x, z - 1), at(net.x, 0));
  return { ...net, x };
}

/** δ_1 [n, 1], by the gradient with respect to the state behind it. */
function firstDelta(net: Net<Float64Array>): Tensor<Float64Array> {
  const { A, Why } = net;
  const { n, z } = sizesOf(net);
  const h = states(net);
  let error = times(A, transpose(Why), outputError(net, 1, h));
  if (z > 1) error = plus(A, error, reshape(bpttGradient(from(net, 1, h[1])).h0, [n, 1]));
  return times(A, slopes(net, h[1]), error);
}

/** ŷ_z in float64 for W_hy and for 2 W_hy, a bias added to each element. */
function readouts(net: Net<Float64Array>, bias: number) {
  const h = lastState(net);
  const b = float64.lift([bias], []);
  const readOut = (Why: Tensor<Float64Array>) => {
    const out = times(float64, Why, h);
    float64.binary(op.add, out, out, b);
    return out;
  };
  return { once: readOut(net.Why), twice: readOut(plus(float64, net.Why, net.Why)) };
}

/** X, Y and the loss that the notes do not define. */
export const definitions: TestedClaim = netClaim({
  row: "Definitions",
  statement: "X and Y are sequences with an order, y_t are targets, and J_t = ½ ‖ŷ_t − y_t‖²",
  asWritten: String.raw`X = \lbrace x_1, \dots, x_z \rbrace`,
  corrected: String.raw`X = (x_1, \dots, x_z)`,
  verdict: "ambiguous",
  sizes: { z: 2 },
  laws: [
    {
      name: "the gradient of each weight has its shape",
      sides: ({ F, net }) => {
        const gradient = bpttGradient(net);
        const shapes = (of: Readonly<Record<(typeof weightNames)[number], Tensor<Float64Array>>>) =>
          weightNames.map((name) => zeros(F, of[name].shape));
        const [expected, found] = [shapes(net), shapes(gradient as typeof net)];
        const wrong = expected.findIndex((zero, i) => !F.same(zero, found[i]));
        return wrong < 0 ? [expected[0], expected[0]] : [expected[wrong], found[wrong]];
      },
    },
    {
      name: "J_t = ½ ‖ŷ_t − y_t‖²",
      sides: ({ F, net }) => {
        const e = outputError(net, 2, states(net));
        return [lossOf(net, 2), scaled(F, F.ratio(1, 2), inner(F, e, e))];
      },
    },
  ],
  wrongReading: "X as a set, whose elements may be taken in any order",
  quantity: "h_2",
  wrong: ({ net }) => lastState(exchanged(net)),
  right: ({ net }) => lastState(net),
  blindSpots: [
    { when: "z = 1", sizes: { z: 1 } },
    {
      when: "all x_t are equal",
      change: (net) => ({ ...net, x: copied(net.A, broadcastTo(slice(net.x, 0, 1), net.x.shape)) }),
    },
  ],
  small: { sizes: { l: 1, n: 1, m: 1, z: 2 }, vary: ["Wxh", "x"] },
});

/** The state, with a sum that does not belong there. */
export const equation1: TestedClaim = netClaim({
  row: "Eq. 1",
  statement: "a state is a function of the inputs up to its own step",
  asWritten: String.raw`h_t = f\left(\sum_{1 \leq t \leq z} W_{xh} x_t + W_{hh} h_{t-1}\right)`,
  corrected: "h_t = f(W_{xh} x_t + W_{hh} h_{t-1})",
  verdict: "wrong",
  sizes: { z: 2 },
  laws: [
    {
      name: "h_t by Eq. 5 is the network's",
      sides: ({ F, net }) => [row(F, lastState(net)), networkState(net, sizesOf(net).z)],
    },
    {
      name: "another x_z leaves h_{z−1}",
      sides: ({ net, other }) => {
        const before = sizesOf(net).z - 1;
        return [networkState(net, before), networkState(withLastInput(net, other), before)];
      },
    },
    {
      name: "another x_z changes h_1 of Eq. 1 as written",
      differ: true,
      sides: ({ net, other }) => [literalStates(net)[1], literalStates(withLastInput(net, other))[1]],
    },
  ],
  wrongReading: "as written: every state sees the inputs of all steps (the sum over h as well would be circular)",
  quantity: "h_1",
  wrong: ({ net }) => literalStates(net)[1],
  right: ({ net }) => states(net)[1],
  blindSpots: [
    { when: "z = 1", sizes: { z: 1 } },
    { when: "every x_t is 0", change: (net) => without(net, "x") },
  ],
  small: { sizes: { l: 1, n: 1, m: 1, z: 2 }, vary: ["Wxh", "x"] },
});

/** The output of a step. */
export const readout: TestedClaim = netClaim({
  row: "Eqs. 2, 6, 23",
  statement: "ŷ_t = W_hy h_t, linear in W_hy",
  asWritten: String.raw`\hat{y}_t = W_{hy} h_t \text{, in (23) without the hat}`,
  corrected: String.raw`\hat{y}_t = W_{hy} h_t`,
  verdict: "ok",
  sizes: {},
  laws: [
    {
      name: "ŷ_z = W_hy h_z is the network's",
      sides: ({ F, net }) => {
        const { outputs } = forward(F, problemOf(net));
        return [
          row(F, times(F, net.Why, lastState(net))),
          row(F, at(outputs as Tensor<Float64Array>, sizesOf(net).z - 1)),
        ];
      },
    },
    {
      name: "ŷ of a V + W_hy is a (V h) + ŷ",
      sides: ({ F, net, other }) => {
        const a = F.uniform([]);
        const h = lastState(net);
        const combined = times(F, plus(F, scaled(F, a, other.Why), net.Why), h);
        return [combined, plus(F, scaled(F, a, times(F, other.Why, h)), times(F, net.Why, h))];
      },
    },
  ],
  wrongReading: "a readout that passes through tanh",
  quantity: "ŷ_1",
  wrong: ({ F, net }) => tanh(F, times(F, net.Why, lastState(net))),
  right: ({ F, net }) => times(F, net.Why, lastState(net)),
  blindSpots: [{ when: "h_t = 0", change: (net) => without(net, "x", "h0") }],
  small: {
    sizes: { l: 1, n: 1, m: 1, z: 1 },
    vary: ["Why", "x"],
    fixed: { Wxh: [1] },
  },
});

/** The same in float64. */
export const readoutBits: TestedClaim = {
  row: "Eqs. 2, 6, 23",
  statement: "2 W_hy gives 2 ŷ_t, bit for bit in float64",
  asWritten: String.raw`\hat{y}_t = W_{hy} h_t`,
  corrected: String.raw`\hat{y}_t = W_{hy} h_t`,
  verdict: "ok",
  kind: "float",
  wrongReading: "a readout with a bias of ½",
  blindSpots: [],
  check: (seed) =>
    eachFloatCase(seed, 60, (source) => {
      // A product with a power of two is exact, so each rounded sum is twice the other.
      const { once, twice } = readouts(drawDyadicNet(source), 0);
      if (!float64.same(twice, plus(float64, once, once))) throw new ClaimError("Eqs. 2, 6, 23", "ŷ(2W) is not 2ŷ(W)");
    }),
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 60, (source) => {
      const { once, twice } = readouts(drawDyadicNet(source), 0.5);
      if (!float64.same(twice, plus(float64, once, once))) caught++;
    });
    return { cases, caught, counterexample: "h_t = 0: ŷ_t = 0 for W_hy and for twice it, mistaken 0.5 and 0.5" };
  },
};

/** h_0. */
export const initialState: TestedClaim = netClaim({
  row: "h_0",
  statement: "h_0 is a constant of the run; asked for, its gradient is W_hhᵀ δ_1",
  asWritten: String.raw`h_0 : \text{some random initialisation}`,
  corrected: String.raw`\frac{\partial J}{\partial h_0} = W_{hh}^\top \delta_1`,
  verdict: "ok",
  sizes: {},
  laws: [
    {
      name: "∂J/∂h_0 = W_hhᵀ δ_1",
      sides: ({ F, net }) => [row(F, bpttGradient(net).h0), row(F, times(F, transpose(net.Whh), firstDelta(net)))],
    },
    {
      name: "∂J/∂h_0 is that of forward mode",
      sides: ({ F, net }) => [row(F, bpttGradient(net).h0), jacobian(F, net, "h0", (own) => lossOf(own))],
    },
  ],
  wrongReading: "δ_1 without W_hhᵀ",
  quantity: "∂J/∂h_0",
  wrong: ({ F, net }) => row(F, firstDelta(net)),
  right: ({ F, net }) => row(F, bpttGradient(net).h0),
  blindSpots: [
    { when: "ŷ_t = y_t for every t", change: fitted },
    {
      when: "W_hh = I",
      change: (net) => ({ ...net, Whh: slopes(net, zeros(net.A, net.h0.shape)) }),
    },
  ],
  small: { sizes: { l: 1, n: 1, m: 1, z: 1 }, vary: ["Whh", "Why", "y"] },
});

/** The state, as it should be. */
export const equation5: TestedClaim = netClaim({
  row: "Eq. 5",
  statement: "the recursion is the unrolled graph",
  asWritten: "h_t = f(W_{xh} x_t + W_{hh} h_{t-1})",
  corrected: "h_t = f(W_{xh} x_t + W_{hh} h_{t-1})",
  verdict: "ok",
  sizes: { z: 2 },
  laws: [
    {
      name: "ŷ_z by the loop is that of the unrolled graph",
      sides: ({ F, net }) => [
        row(F, times(F, net.Why, lastState(net))),
        autodiffGradient(F, problemOf(net)).outputs[sizesOf(net).z - 1],
      ],
    },
    {
      name: "ŷ_z by the loop is that of the network",
      sides: ({ F, net }) => [
        row(F, times(F, net.Why, lastState(net))),
        at(forward(F, problemOf(net)).outputs as Tensor<Float64Array>, sizesOf(net).z - 1),
      ],
    },
  ],
  wrongReading: "h_0 at every step in place of h_{t−1}",
  quantity: "h_2",
  wrong: ({ F, net }) => {
    const { z } = sizesOf(net);
    return tanh(F, plus(F, times(F, net.Wxh, input(net, z)), times(F, net.Whh, net.h0)));
  },
  right: ({ net }) => lastState(net),
  blindSpots: [
    { when: "z = 1", sizes: { z: 1 } },
    { when: "W_hh = 0", change: (net) => without(net, "Whh") },
  ],
  small: { sizes: { l: 1, n: 1, m: 1, z: 2 }, vary: ["Whh", "x"], fixed: { Wxh: [1] } },
});
