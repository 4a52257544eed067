import {
  type Arithmetic,
  at,
  float64,
  type PrimeField,
  type Random,
  reshape,
  sizeOf,
  slice,
  type Tensor,
} from "@gradproof/arithmetic";
import { backward, forward, type RnnGradient, type RnnProblem } from "@gradproof/rnn";
import { copied, diagonal, minus, oneMinusSquare, plus, tanh, times, zeros } from "./matrices.ts";

/** Lengths in the letters of the notes: x_t ∈ ℝˡ, h_t ∈ ℝⁿ, y_t ∈ ℝᵐ, 1 ≤ t ≤ z. */
export interface Sizes {
  readonly l: number;
  readonly n: number;
  readonly m: number;
  readonly z: number;
}

/** The notes' network and one sequence, no biases, over a number system. */
export interface Net<S> {
  readonly A: Arithmetic<S>;
  /** W_xh [n, l] */
  readonly Wxh: Tensor<S>;
  /** W_hh [n, n] */
  readonly Whh: Tensor<S>;
  /** W_hy [m, n] */
  readonly Why: Tensor<S>;
  /** h_0 [n, 1] */
  readonly h0: Tensor<S>;
  /** x_1 to x_z [z, l] */
  readonly x: Tensor<S>;
  /** The targets y_1 to y_z [z, m] */
  readonly y: Tensor<S>;
}

export const netParts = ["Wxh", "Whh", "Why", "h0", "x", "y"] as const;
export type NetPart = (typeof netParts)[number];

/** What is trained. */
export const weightNames = ["Wxh", "Whh", "Why"] as const;

export function sizesOf<S>({ Wxh, Why, x }: Net<S>): Sizes {
  return { l: Wxh.shape[1], n: Wxh.shape[0], m: Why.shape[0], z: x.shape[0] };
}

export function shapeOf(part: NetPart, { l, n, m, z }: Sizes): readonly number[] {
  const shapes = { Wxh: [n, l], Whh: [n, n], Why: [m, n], h0: [n, 1], x: [z, l], y: [z, m] };
  return shapes[part];
}

/** The net with every part replaced, in another number system perhaps. */
export function netOf<S>(A: Arithmetic<S>, part: (name: NetPart) => Tensor<S>): Net<S> {
  return { A, Wxh: part("Wxh"), Whh: part("Whh"), Why: part("Why"), h0: part("h0"), x: part("x"), y: part("y") };
}

/** A net of uniformly random residues. */
export function drawNet(F: PrimeField, sizes: Sizes): Net<Float64Array> {
  return netOf(F, (name) => F.uniform(shapeOf(name, sizes)));
}

/** A net of float64 numbers: multiples of 1/64 in [-1, 1], none of them 0. */
export function drawDyadicNet(source: Random): Net<Float64Array> {
  const sizes = drawSizes(source, {});
  return netOf(float64, (name) => {
    const shape = shapeOf(name, sizes);
    const magnitudes = Array.from({ length: sizeOf(shape) }, () => source.integer(1, 64) / 64);
    return float64.lift(
      magnitudes.map((magnitude) => (source.integer(0, 1) === 0 ? magnitude : -magnitude)),
      shape,
    );
  });
}

/** Sizes from those given to 3, 3, 2 and 4. */
export function drawSizes(source: Random, { l = 1, n = 1, m = 1, z = 1 }: Partial<Sizes>): Sizes {
  return { l: source.integer(l, 3), n: source.integer(n, 3), m: source.integer(m, 2), z: source.integer(z, 4) };
}

/** x_t [l, 1] */
export function input<S>({ A, x }: Net<S>, t: number): Tensor<S> {
  return copied(A, reshape(at(x, t - 1), [x.shape[1], 1]));
}

/** y_t [m, 1] */
export function target<S>({ A, y }: Net<S>, t: number): Tensor<S> {
  return copied(A, reshape(at(y, t - 1), [y.shape[1], 1]));
}

/** u_t = W_xh x_t + W_hh h_{t−1} [n, 1] */
export function preactivation<S>(net: Net<S>, t: number, before: Tensor<S>): Tensor<S> {
  return plus(net.A, times(net.A, net.Wxh, input(net, t)), times(net.A, net.Whh, before));
}

/** h_0 to h_z by Eq. 5, each [n, 1]. */
export function states<S>(net: Net<S>): Tensor<S>[] {
  const h = [net.h0];
  for (let t = 1; t <= sizesOf(net).z; t++) h.push(tanh(net.A, preactivation(net, t, h[t - 1])));
  return h;
}

/** h_t as `rnn` computes it [1, n] */
export function networkState<S>(net: Net<S>, t: number): Tensor<S> {
  return copied(net.A, at(forward(net.A, problemOf(net)).states, t));
}

/** h_z [n, 1] */
export function lastState<S>(net: Net<S>): Tensor<S> {
  return states(net)[sizesOf(net).z];
}

/** e_t = ∂J_t/∂ŷ_t = ŷ_t − y_t [m, 1] for J_t = ½ ‖ŷ_t − y_t‖². */
export function outputError<S>(net: Net<S>, t: number, h: readonly Tensor<S>[]): Tensor<S> {
  return minus(net.A, times(net.A, net.Why, h[t]), target(net, t));
}

/** diag(f′(u_t)) = diag(1 − h_t²) [n, n] */
export function slopes<S>({ A }: Net<S>, h: Tensor<S>): Tensor<S> {
  return diagonal(A, oneMinusSquare(A, h));
}

/** The part of the sequence behind step k, from the state h_k. */
export function from<S>(net: Net<S>, k: number, state: Tensor<S>): Net<S> {
  const { z } = sizesOf(net);
  return { ...net, h0: state, x: slice(net.x, k, z), y: slice(net.y, k, z) };
}

/** The first t steps. */
export function until<S>(net: Net<S>, t: number): Net<S> {
  return { ...net, x: slice(net.x, 0, t), y: slice(net.y, 0, t) };
}

/** The net as a problem of `rnn`; with `only`, the loss of that step alone. */
export function problemOf<S>(net: Net<S>, only?: number): RnnProblem<Tensor<S>> {
  const { A, Wxh, Whh, Why, h0, x, y } = net;
  const { l, n, m, z } = sizesOf(net);
  const mask = Float64Array.from({ length: z }, (_, i) => (i + 1 === only ? 1 : 0));
  return {
    nonlinearity: "tanh",
    loss: "half_squared_error",
    reduction: "sum",
    parameters: { Wxh, Whh, Why },
    x: reshape(copied(A, x), [z, 1, l]),
    h0: reshape(copied(A, h0), [1, n]),
    target: reshape(copied(A, y), [z, 1, m]),
    ...(only !== undefined && { mask: A.lift(mask, [z, 1]) }),
  };
}

/** The gradient of J, or of J_t alone, by BPTT as `rnn` derives it. */
export function bpttGradient<S>(net: Net<S>, only?: number): RnnGradient<Tensor<S>> {
  const problem = problemOf(net, only);
  return backward(net.A, problem, forward(net.A, problem));
}

/** The gradient of J_t by BPTT over the last `window` steps up to t, the state before them taken as given. */
export function windowGradient<S>(net: Net<S>, t: number, window: number): RnnGradient<Tensor<S>> {
  const start = Math.max(0, t - window);
  return bpttGradient(from(until(net, t), start, states(net)[start]), t - start);
}

/** J, or J_t alone, a scalar. */
export function lossOf<S>(net: Net<S>, only?: number): Tensor<S> {
  return forward(net.A, problemOf(net, only)).loss;
}

/** The net with parts of it 0. */
export function without<S>(net: Net<S>, ...parts: readonly NetPart[]): Net<S> {
  return netOf(net.A, (name) => (parts.includes(name) ? zeros(net.A, net[name].shape) : net[name]));
}

/** The net with the targets that its outputs are: nothing to learn. */
export function fitted<S>(net: Net<S>): Net<S> {
  const { m, z } = sizesOf(net);
  const h = states(net);
  const y = net.A.empty([z, m]);
  for (let t = 1; t <= z; t++) net.A.copy(at(y, t - 1), reshape(times(net.A, net.Why, h[t]), [m]));
  return { ...net, y };
}
