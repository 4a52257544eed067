import { type Arithmetic, at, float64, primeField, random, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  contributions,
  forward,
  initialise,
  liftProblem,
  type NumericArray,
  type RnnProblem,
  type Trajectory,
} from "@gradproof/rnn";
import { autodiffGradient } from "@gradproof/verification";
import { productsOf, type Reading } from "./readings.ts";

export interface LagSettings {
  readonly T: number;
  readonly H: number;
  readonly gain: number;
  readonly seed: number;
  readonly reading: Reading;
  /** The cell that is looked at: loss t, state k <= t. */
  readonly t: number;
  readonly k: number;
}

/** One factor of a chain, and the product so far. */
export interface ChainLink {
  /** A_m = ∂h_m/∂h_{m−1} */
  readonly m: number;
  readonly jacobian: readonly (readonly number[])[];
  /** Of dh_t/dh_{m−1}. */
  readonly product: readonly (readonly number[])[];
  readonly norm: number;
}

/** How a row's sum compares with what autodiff says of its loss alone. */
export interface RowCheck {
  /** ‖Σ_k − autodiff‖ / ‖autodiff‖ in float64. */
  readonly relative: number;
  /** Whether they are the same residues modulo both primes. */
  readonly same: boolean;
}

export interface LagShares {
  /** ‖term (t, k)‖ of ∂J_t/∂W_hh, rows t = 1 … T, each with k = 1 … t. */
  readonly sizes: readonly (readonly number[])[];
  readonly rows: readonly RowCheck[];
  /** From A_t down to A_{k+1}. */
  readonly chain: readonly ChainLink[];
}

type Net<S> = { readonly problem: RnnProblem<Tensor<S>>; readonly trajectory: Trajectory<S> };

/** Every term of the expanded sum for ∂J_t/∂W_hh under a reading of the notes, checked row by row against autodiff. */
export function lagShares(settings: LagSettings): LagShares {
  const problem = problemOf(settings);
  const exact = primeField(settings.seed);
  const [real, residues] = [netOf(float64, problem), netOf(exact, problem)];
  const terms = termsOf(float64, real, settings.reading);
  const exactTerms = termsOf(exact, residues, settings.reading);
  const rows = terms.map((row, i) => {
    const [sum, expected] = [sumOf(float64, row), ofOneLoss(float64, real.problem, i)];
    const error = float64.empty(sum.shape);
    float64.binary(op.subtract, error, sum, expected);
    return {
      relative: norm(error) / norm(expected),
      same: exact.same(sumOf(exact, exactTerms[i]), ofOneLoss(exact, residues.problem, i)),
    };
  });
  return { sizes: terms.map((row) => row.map(norm)), rows, chain: chainOf(real, settings) };
}

/** The problem of this scene: random inputs and targets, one loss at every step. */
export function problemOf({ T, H, gain, seed }: Omit<LagSettings, "reading" | "t" | "k">): RnnProblem<NumericArray> {
  const source = random(seed);
  const sequence = () => ({ shape: [T, 1, 1], data: Float64Array.from({ length: T }, () => source.normal()) });
  return {
    nonlinearity: "tanh",
    loss: "half_squared_error",
    reduction: "sum",
    parameters: initialise({ seed, I: 1, H, O: 1, kind: "normal", gain, biases: false }),
    x: sequence(),
    h0: { shape: [1, H], data: Float64Array.from({ length: H }, () => source.normal() / 2) },
    target: sequence(),
  };
}

function netOf(A: Arithmetic<Float64Array>, problem: RnnProblem<NumericArray>): Net<Float64Array> {
  const lifted = liftProblem(A, problem);
  return { problem: lifted, trajectory: forward(A, lifted) };
}

/** The terms of W_hh: rows t, each from k = 1 to t. */
function termsOf(
  A: Arithmetic<Float64Array>,
  { problem, trajectory }: Net<Float64Array>,
  reading: Reading,
): Tensor<Float64Array>[][] {
  const T = problem.x.shape[0];
  const rows = Array.from({ length: T }, (): Tensor<Float64Array>[] => []);
  for (const { t, k, gradient } of contributions(A, problem, trajectory, productsOf(reading))) {
    if (k === 0 || !gradient.Whh) continue;
    if (reading === "eq15" && k < t) A.copy(gradient.Whh, A.ratio(0, 1));
    rows[t - 1][k - 1] = gradient.Whh;
  }
  // dh_k/dW holds the immediate terms of every j <= k.
  if (reading === "eq14") {
    for (const row of rows) for (let k = 1; k < row.length; k++) A.binary(op.add, row[k], row[k], row[k - 1]);
  }
  return rows;
}

function sumOf(A: Arithmetic<Float64Array>, terms: readonly Tensor<Float64Array>[]): Tensor<Float64Array> {
  const sum = A.empty(terms[0].shape);
  A.copy(sum, A.ratio(0, 1));
  for (const term of terms) A.binary(op.add, sum, sum, term);
  return sum;
}

/** ∂J_t/∂W_hh by autodiff: every other loss masked out. */
function ofOneLoss(A: Arithmetic<Float64Array>, problem: RnnProblem<Tensor<Float64Array>>, t: number) {
  const T = problem.x.shape[0];
  const mask = A.lift(new Float64Array(T).fill(1, t, t + 1), [T, 1]);
  return autodiffGradient(A, { ...problem, mask }).gradient.Whh;
}

function chainOf({ problem, trajectory }: Net<Float64Array>, { reading, t, k }: LagSettings): ChainLink[] {
  const products = productsOf(reading);
  const chain: ChainLink[] = [];
  for (const { k: reached, product } of products(float64, problem, trajectory, t)) {
    if (reached === t) continue;
    if (reached < k) break;
    const m = reached + 1;
    const [, factor] = products(float64, problem, trajectory, m);
    chain.push({ m, jacobian: rowsOf(at(factor.product, 0)), product: rowsOf(at(product, 0)), norm: norm(product) });
  }
  return chain;
}

function rowsOf(matrix: Tensor<Float64Array>): number[][] {
  return Array.from({ length: matrix.shape[0] }, (_, i) => [...float64.lower(at(matrix, i))]);
}

/** Frobenius norm. */
function norm(tensor: Tensor<Float64Array>): number {
  return Math.hypot(...float64.lower(tensor));
}
