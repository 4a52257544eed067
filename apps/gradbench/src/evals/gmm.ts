import {
  add,
  concat,
  exp,
  grad,
  logSumExp,
  matmul,
  multiply,
  reshape,
  scatterAdd,
  square,
  subtract,
  sum,
  transpose,
} from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, type Given, integer, matrix, number, vector } from "../protocol/given.ts";
import { type Floats, floats, fromMatrix, numberOf, numbers, rowsOf, scalar } from "./floats.ts";

/** α [K]: logarithms of weights; μ [K, D]: means; q [K, D] and l [K, D(D−1)/2]: factors of the precision matrices. */
type Parameters = Readonly<Record<"alpha" | "mu" | "q" | "l", Floats>>;

interface Problem {
  readonly parameters: Parameters;
  /** Data, [N, D]. */
  readonly x: Floats;
  /** Degrees of freedom of the Wishart prior beyond D + 1, and its precision γ. */
  readonly m: number;
  readonly gamma: number;
}

/** log p(x | α, μ, q, l) + log p(q, l) of a mixture of Gaussians with a Wishart prior on their precision matrices. */
function logPosterior({ alpha, mu, q, l }: Parameters, { x, m, gamma }: Omit<Problem, "parameters">): Floats {
  const [[K, D], [N]] = [mu.shape, x.shape];
  // Q [K, D, D]: exp q on the diagonal, l below it, column by column; QᵀQ is the precision.
  const entries = concat([exp(q), l], 1);
  const Q = reshape(scatterAdd(entries, lowerTriangle(D), D * D, 1), [K, D, D]);
  // βₖᵢ = αₖ + Σ qₖ − ½ |Qₖ (xᵢ − μₖ)|²                                                         [K, N]
  const centred = subtract(reshape(x, [1, N, D]), reshape(mu, [K, 1, D]));
  const distances = sum(square(matmul(centred, transpose(Q, [0, 2, 1]))), 2);
  const logDeterminants = sum(q, 1);
  const heights = reshape(add(alpha, logDeterminants), [K, 1]);
  const beta = subtract(heights, multiply(scalar(0.5), distances));
  const likelihood = subtract(sum(logSumExp(beta, 0)), multiply(scalar(N), logSumExp(alpha)));
  const prior = subtract(
    multiply(scalar(m), sum(logDeterminants)),
    multiply(scalar(gamma ** 2 / 2), sum(square(entries))),
  );
  const n = D + m + 1;
  const constants =
    K * (n * D * Math.log(gamma / Math.SQRT2) - logMultivariateGamma(n, D)) - N * (D / 2) * Math.log(2 * Math.PI);
  return add(add(likelihood, prior), scalar(constants));
}

/** Where the diagonal of a matrix [D, D] lies in it, then what is below, column by column. */
function lowerTriangle(D: number): number[] {
  const places = Array.from({ length: D }, (_, j) => j * D + j);
  for (let j = 0; j < D; j++) for (let i = j + 1; i < D; i++) places.push(i * D + j);
  return places;
}

/** log Γ_D(n / 2) = D(D−1)/4 log π + Σⱼ log Γ((n + 1 − j) / 2), j = 1 … D */
function logMultivariateGamma(n: number, D: number): number {
  let total = ((D * (D - 1)) / 4) * Math.log(Math.PI);
  for (let j = 1; j <= D; j++) total += logGammaOfHalf(n + 1 - j);
  return total;
}

/** log Γ(k / 2) for an integer k ≥ 1, by Γ(z + 1) = z Γ(z) from Γ(1) = 1 or Γ(½) = √π */
function logGammaOfHalf(k: number): number {
  let total = k % 2 === 0 ? 0 : Math.log(Math.PI) / 2;
  for (let twice = k - 2; twice > 0; twice -= 2) total += Math.log(twice / 2);
  return total;
}

function read(input: Given): Problem {
  const [d, k, n] = ["d", "k", "n"].map((name) => integer(field(input, name), 1));
  const parameters = {
    alpha: floats(vector(field(input, "alpha"), k)),
    mu: fromMatrix(matrix(field(input, "mu"), k, d)),
    q: fromMatrix(matrix(field(input, "q"), k, d)),
    l: fromMatrix(matrix(field(input, "l"), k, (d * (d - 1)) / 2)),
  };
  const x = fromMatrix(matrix(field(input, "x"), n, d));
  return { parameters, x, m: integer(field(input, "m")), gamma: number(field(input, "gamma")) };
}

/** Fitting a mixture of Gaussians. */
export const gmm: EvalModule = {
  objective(input) {
    const { parameters, ...data } = read(input);
    return () => numberOf(logPosterior(parameters, data));
  },
  jacobian(input) {
    const { parameters, ...data } = read(input);
    return () => {
      const { alpha, mu, q, l } = grad(logPosterior)(parameters, data);
      return { alpha: numbers(alpha), mu: rowsOf(mu), q: rowsOf(q), l: rowsOf(l) };
    };
  },
};
