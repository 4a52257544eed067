import { type Arithmetic, at, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";

/**
 * The notes' network of a single tanh neuron without biases; with the gradient of something in their place, shapes alike.
 */
export interface ScalarNeuron<V> {
  /** w_xn [I] */
  readonly inputWeights: V;
  /** w_nn, a scalar [] */
  readonly recurrentWeight: V;
  /** w_ny, a scalar [] */
  readonly readoutWeight: V;
  /** h_0, a scalar [] */
  readonly initialState: V;
  /** x_1 to x_T [T, I] */
  readonly inputs: V;
}

export interface ScalarTrajectory<S> {
  /** h_0 to h_T [T + 1] */
  readonly states: Tensor<S>;
  /** y_1 to y_T [T] */
  readonly outputs: Tensor<S>;
  /** 1 − h_t² for t = 1 to T [T] */
  readonly slopes: Tensor<S>;
  /** ∂h_t/∂h_{t−1} for t = 1 to T [T] */
  readonly derivatives: Tensor<S>;
  /** dh_t/dh_k [T + 1, T + 1], row t, column k; 0 for k > t. */
  readonly products: Tensor<S>;
}

/**
 * The forward pass of a single neuron and how its states depend on each other: Eqs. 22 to 27, (27) with f where the notes
 * have f′.
 *
 * (S1)  h_t = tanh(w_xn · x_t + w_nn h_{t−1})                    Eq. 22
 * (S2)  y_t = w_ny h_t                                           Eq. 23
 * (S3)  ∂h_t/∂h_{t−1} = f′(u_t) w_nn = (1 − h_t²) w_nn           Eqs. 24 to 27
 * (S4)  dh_t/dh_k = Π_{m=k+1..t} (1 − h_m²) w_nn                 Eq. 20; dh_t/dh_t = 1
 *
 * @example
 * ```ts
 * const neuron = {
 *   inputWeights: float64.lift([0], [1]),
 *   recurrentWeight: float64.lift([1.5], []),
 *   readoutWeight: float64.lift([1], []),
 *   initialState: float64.lift([0.5], []),
 *   inputs: float64.lift([0, 0, 0], [3, 1]),
 * };
 * const { products } = scalarNeuron(float64, neuron);
 * const [, first, second, third] = [0, 1, 2, 3].map((t) => float64.lower(products)[4 * t]);
 * console.log(first.toFixed(9), second.toFixed(9), third.toFixed(9)); // -> 0.894878712 0.605249820 0.320135005
 * ```
 */
export function scalarNeuron<S>(A: Arithmetic<S>, neuron: ScalarNeuron<Tensor<S>>): ScalarTrajectory<S> {
  const { inputWeights, recurrentWeight, readoutWeight, initialState, inputs } = neuron;
  const [T, I] = inputs.shape;
  const [states, outputs, slopes] = [A.empty([T + 1]), A.empty([T]), A.empty([T])];
  const [derivatives, products] = [A.empty([T]), A.empty([T + 1, T + 1])];
  A.scope(() => {
    const u = A.empty([T]);
    const recurrent = A.empty([]);
    A.gemm(reshape(u, [T, 1]), inputs, reshape(inputWeights, [I, 1]), "write");
    A.copy(at(states, 0), initialState);
    for (let t = 0; t < T; t++) {
      A.binary(op.multiply, recurrent, recurrentWeight, at(states, t)); // (S1)
      A.binary(op.add, at(u, t), at(u, t), recurrent);
      A.unary(op.tanh, at(states, t + 1), at(u, t));
    }
    A.binary(op.multiply, outputs, slice(states, 1, T + 1), readoutWeight); // (S2)
    A.unary(op.square, slopes, slice(states, 1, T + 1)); // (S3)
    A.unary(op.oneMinus, slopes, slopes);
    A.binary(op.multiply, derivatives, slopes, recurrentWeight);
    A.copy(products, A.ratio(0, 1)); // (S4)
    for (let t = 0; t <= T; t++) {
      if (t > 0) A.binary(op.multiply, at(products, t), at(products, t - 1), at(derivatives, t - 1));
      A.copy(at(at(products, t), t), A.ratio(1, 1));
    }
  });
  return { states, outputs, slopes, derivatives, products };
}

/**
 * The gradient of J from e_t = ∂J/∂y_t [T], by the expanded sum: every t and every k <= t.
 *
 * (S5)  ∂J/∂h_k = Σ_{t >= k} e_t w_ny dh_t/dh_k                   k = 0 gives ∂J/∂h_0; here and below ∂J/∂h_k is total
 * (S6)  ∂J/∂w_nn = Σ_k ∂J/∂h_k (1 − h_k²) h_{k−1}
 * (S7)  ∂J/∂w_xn = Σ_k ∂J/∂h_k (1 − h_k²) x_k,  ∂J/∂x_k = ∂J/∂h_k (1 − h_k²) w_xn
 * (S8)  ∂J/∂w_ny = Σ_t e_t h_t
 */
export function scalarNeuronGradient<S>(
  A: Arithmetic<S>,
  neuron: ScalarNeuron<Tensor<S>>,
  { states, slopes, products }: ScalarTrajectory<S>,
  errors: Tensor<S>,
): ScalarNeuron<Tensor<S>> {
  const [T, I] = neuron.inputs.shape;
  const gradient: ScalarNeuron<Tensor<S>> = {
    inputWeights: A.empty([I]),
    recurrentWeight: A.empty([]),
    readoutWeight: A.empty([]),
    initialState: A.empty([]),
    inputs: A.empty([T, I]),
  };
  A.scope(() => {
    const total = A.empty([T + 1]);
    const delta = A.empty([T]);
    A.binary(op.multiply, delta, errors, neuron.readoutWeight); // (S5)
    A.gemm(reshape(total, [1, T + 1]), reshape(delta, [1, T]), slice(products, 1, T + 1), "write");
    A.copy(gradient.initialState, at(total, 0));
    A.binary(op.multiply, delta, slice(total, 1, T + 1), slopes);
    const row = reshape(delta, [1, T]);
    A.gemm(reshape(gradient.recurrentWeight, [1, 1]), row, reshape(slice(states, 0, T), [T, 1]), "write"); // (S6)
    A.gemm(reshape(gradient.inputWeights, [1, I]), row, neuron.inputs, "write"); // (S7)
    A.gemm(gradient.inputs, transpose(row), reshape(neuron.inputWeights, [1, I]), "write");
    const h = reshape(slice(states, 1, T + 1), [T, 1]);
    A.gemm(reshape(gradient.readoutWeight, [1, 1]), reshape(errors, [1, T]), h, "write"); // (S8)
  });
  return gradient;
}
