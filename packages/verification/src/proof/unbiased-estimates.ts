import { type Arithmetic, at, random, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { artbp, uoro } from "@gradproof/rnn";
import type { ProofShape } from "../proof-shape.ts";
import { autodiffOf } from "./autodiff-of.ts";
import type { RnnDerivation } from "./derivation.ts";
import { Mean } from "./mean.ts";

/** Every pattern of that many bits. */
export function* patterns(bits: number): Generator<boolean[]> {
  for (let code = 0; code < 2 ** bits; code++) yield Array.from({ length: bits }, (_, i) => ((code >> i) & 1) === 1);
}

/** T·H <= 4, so that there are at most 16 patterns of signs, which all sequences of the batch share. */
function fewSigns(drawn: ProofShape): ProofShape {
  const H = 1 + ((drawn.H - 1) % 3);
  return { ...drawn, H, T: 1 + ((drawn.T - 1) % [4, 2, 1][H - 1]) };
}

/** Nonzero shadows for arbitrary numbers [...shape]. */
function shadows(size: number, seed: number): Float64Array {
  const source = random(seed);
  return Float64Array.from({ length: size }, () => source.integer(1, 1023) / 1024);
}

/** E[s_t θ_t] = dh_t/dW: the mean over all signs, for arbitrary scales; not where two signs are always the same. */
const overAllSigns: RnnDerivation = {
  name: "UORO, mean over signs",
  source: "Tallec and Ollivier 2018",
  mistake: "two signs are always the same",
  fit: fewSigns,
  sides({ A, shape: { T, B, H }, problem, trajectory, seed }) {
    const scales = {
      carried: A.uniform([T, B], shadows(T * B, seed)),
      fresh: A.uniform([T, B], shadows(T * B, seed + 1)),
    };
    const [all, bound] = [new Mean(A), new Mean(A)];
    for (const pattern of patterns(T * H)) {
      const signs = A.empty([T, B, H]);
      const values = pattern.map((bit) => (bit ? 1 : -1));
      A.copy(signs, A.lift(values, [T, 1, H]));
      const estimate = { ...uoro(A, problem, trajectory, { signs, scales }) };
      all.add(estimate, A.ratio(1, 2 ** (T * H)));
      if (T * H > 1 && pattern[0] === pattern[T * H - 1]) bound.add(estimate, A.ratio(1, 2 ** (T * H - 1)));
    }
    const inert = T * H === 1;
    const { h0, x, ...weights } = autodiffOf(A, problem).gradient;
    return { given: all.gradient, expected: weights, control: () => (inert ? all : bound).gradient, inert };
  },
};

/** The mean over all truncations, for arbitrary probabilities; not without the factor 1 / (1 − c). */
const overAllTruncations: RnnDerivation = {
  name: "ARTBP, mean over truncations",
  source: "Tallec and Ollivier 2017",
  mistake: "what is kept is not made larger",
  fit: fewSigns,
  sides({ A, shape: { T }, problem, trajectory, seed }) {
    const kept = A.uniform([T - 1], shadows(T - 1, seed));
    const ones = A.lift(new Float64Array(T - 1).fill(1), [T - 1]);
    const [reweighted, plain] = [new Mean(A), new Mean(A)];
    for (const truncated of patterns(T - 1)) {
      const probability = probabilityOf(A, truncated, kept);
      reweighted.add({ ...artbp(A, problem, trajectory, { truncated, kept }) }, probability);
      plain.add({ ...artbp(A, problem, trajectory, { truncated, kept: ones }) }, probability);
    }
    return {
      given: reweighted.gradient,
      expected: { ...autodiffOf(A, problem).gradient },
      control: () => plain.gradient,
      inert: T === 1,
    };
  },
};

/** Π_t (1 − c_t) where step t is kept, c_t where it is left out. */
function probabilityOf<S>(A: Arithmetic<S>, truncated: readonly boolean[], kept: Tensor<S>): Tensor<S> {
  const probability = A.lift([1], []);
  const left = A.empty([]);
  truncated.forEach((cut, t) => {
    A.copy(left, at(kept, t));
    if (cut) A.unary(op.oneMinus, left, left);
    A.binary(op.multiply, probability, probability, left);
  });
  return probability;
}

export const unbiasedEstimates: readonly RnnDerivation[] = [overAllSigns, overAllTruncations];
