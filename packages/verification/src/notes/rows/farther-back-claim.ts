import type { Random } from "@gradproof/arithmetic";
import { ClaimError, type QualitativeClaim, type TestedClaim } from "../claim.ts";
import { eachFloatCase } from "../float-cases.ts";
import { numbersText, numberText } from "../number-text.ts";
import { productsOf } from "../scalar-products.ts";
import { smallIntegers } from "../small-integers.ts";
import { type Matrix, product, spectralNorm, spectralRadius } from "../small-matrices.ts";
import { drawMany } from "../statistics.ts";

/** ‖W^d‖₂ for d = 0 to steps: the Jacobian products of the network at rest, u = 0. */
function normsOfPowers(W: Matrix, steps: number): number[] {
  let power: Matrix = [
    [1, 0],
    [0, 1],
  ];
  const norms = [1];
  for (let d = 1; d <= steps; d++) {
    power = product(power, W);
    norms.push(spectralNorm(power));
  }
  return norms;
}

/** The simplest W with entries n/2 and spectral radius below 1 whose second product is larger than its first. */
function growingMatrix(): Matrix {
  for (const values of smallIntegers(4, 12)) {
    const [a, b, c, d] = values.map((value) => value / 2);
    const W: Matrix = [
      [a, b],
      [c, d],
    ];
    const [, first, second] = normsOfPowers(W, 2);
    if (spectralRadius(a, b, c, d) < 1 && first > 1 && second > first) return W;
  }
  throw new ClaimError("Conclusion (iv)", "no matrix found that grows before it decays");
}

/** Norms of Jacobian products of a driven network with ‖W‖_F ≤ 0.8, each smaller than the one before. */
function expectShrinking(source: Random): void {
  const entries = drawMany(source, 4, (own) => own.integer(-25, 25) / 64);
  const [[a, b], [c, d]] = [entries.slice(0, 2), entries.slice(2)];
  let [h, k] = [source.unit(), source.unit()];
  let power: Matrix = [
    [1, 0],
    [0, 1],
  ];
  let before = 1;
  for (let t = 0; t < 10 && before > 0; t++) {
    [h, k] = [Math.tanh(a * h + b * k + source.unit()), Math.tanh(c * h + d * k - source.unit())];
    const [s, r] = [1 - h * h, 1 - k * k];
    power = product(
      [
        [s * a, s * b],
        [r * c, r * d],
      ],
      power,
    );
    const norm = spectralNorm(power);
    if (norm >= before) throw new ClaimError("Conclusion (iv)", `‖Φ‖ grows from ${before} to ${norm}`);
    before = norm;
  }
}

export const fartherBack: TestedClaim = {
  row: "Conclusion (iv)",
  statement: "‖Φ‖ must shrink with the lag where ‖W_hh‖ < 1; a spectral radius below 1 is not enough",
  asWritten: String.raw`\text{“errors due to further back time steps have increasingly smaller gradients”}`,
  corrected: String.raw`\lVert \Phi(t,k) \rVert \leq \lVert W_{hh} \rVert^{t-k} \text{, which shrinks where } \lVert W_{hh} \rVert < 1 \text{; otherwise not in general}`,
  verdict: "false",
  kind: "float",
  wrongReading: "as written, for W = [[a, b], [0, a]] at rest with |a| < 1 and |b| ≥ 2",
  blindSpots: [
    {
      when: "‖W_hh‖ < 1: as written it is right",
      shown: (seed) => eachFloatCase(seed, 200, (source) => expectShrinking(source)).cases,
    },
  ],
  check(seed) {
    const row = "Conclusion (iv)";
    const norms = normsOfPowers(
      [
        [0.9, 5],
        [0, 0.9],
      ],
      100,
    );
    // Known to the digits given, by another program.
    const largest = Math.max(...norms);
    if (norms.indexOf(largest) !== 9 || largest.toFixed(3) !== "19.379" || norms[100].toFixed(4) !== "0.0148") {
      throw new ClaimError(row, `[[.9, 5], [0, .9]] has its largest power ${largest} at ${norms.indexOf(largest)}`);
    }
    // A single neuron with |w| > 1 at rest: |Φ| = |w|^d, exactly for a power of two.
    productsOf(2, 0, 10).forEach((value, d) => {
      if (value !== 2 ** d) throw new ClaimError(row, `Φ = ${value} for w = 2 at rest after ${d} steps`);
    });
    return eachFloatCase(seed, 200, expectShrinking);
  },
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 200, (source) => {
      const [a, b] = [source.integer(-63, 63) / 64, source.integer(128, 512) / 64];
      const norms = normsOfPowers(
        [
          [a, b],
          [0, a],
        ],
        1,
      );
      if (norms[1] > norms[0]) caught++;
    });
    const W = growingMatrix();
    const norms = normsOfPowers(W, 200);
    const text = `n = 1: w_nn = 2 at rest, ‖Φ‖ = ${numbersText(productsOf(2, 0, 3))}; n = 2 with spectral radius ${numberText(spectralRadius(W[0][0], W[0][1], W[1][0], W[1][1]))}: W_hh = [[${W[0].join(", ")}], [${W[1].join(", ")}]] at rest, ‖Φ‖ = ${numbersText(norms.slice(0, 5))}`;
    return { cases, caught, counterexample: text };
  },
};

/** Conclusion (v): what training does to weights. */
export const shortTermBias: QualitativeClaim = {
  row: "Conclusion (v)",
  statement: "weights become biased towards short-term dependencies",
  asWritten: String.raw`\text{“weight parameters become biased towards capturing shorter-term dependencies”}`,
  corrected: String.raw`\text{the share of lag } d \text{ in the gradient goes like } e^{\lambda_1 d} \text{ where } \lambda_1 < 0`,
  verdict: "heuristic",
  kind: "qualitative",
  reason:
    "it speaks of what training does to weights, under conditions that it does not name; what can be measured on a problem is its gradient lag by lag",
};
