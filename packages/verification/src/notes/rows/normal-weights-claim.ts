import { random } from "@gradproof/arithmetic";
import { ClaimError, type TestedClaim } from "../claim.ts";
import { eachFloatCase } from "../float-cases.ts";
import { integral, withinNormal } from "../normal-distribution.ts";
import { numberText } from "../number-text.ts";
import { spectralRadius } from "../small-matrices.ts";
import { drawMany, expectMean, expectShare, standardErrors } from "../statistics.ts";

/** P(|Z| < 1) for Z of N(0, 1), and P(Z < 1). */
const insideOne = withinNormal(1);

const belowOne = (1 + insideOne) / 2;

/** E ln|Z| = −(γ + ln 2)/2, and var ln|Z| = π²/8. */
const meanLogarithm = -(0.5772156649015329 + Math.LN2) / 2;

const deviationLogarithm = Math.PI / Math.sqrt(8);

/**
 * P(ρ < 1) for a 2 × 2 matrix of N(0, 1) entries. In s = (a + d)/√2, r² = (a − d)²/2 + (b + c)²/2 and q = (b − c)/√2 the
 * eigenvalues are s/√2 ± √((r² − q²)/2): real for v = r² − q² ≥ 0, whose density is e^(−v/2)/(2√2), and otherwise of
 * modulus √((s² − v)/2), −v having the density e^(w/2) P(Z² > 2w)/(2√2) at w.
 */
function smallRadiusShare(): number {
  const real = integral(
    // v = r², so that the square root has a finite slope at 0.
    (r) => ((2 * r * Math.exp((-r * r) / 2)) / (2 * Math.SQRT2)) * withinNormal(Math.SQRT2 - r),
    0,
    Math.SQRT2,
    400,
  );
  const complex = integral(
    // 2 − w = r²
    (r) => {
      const w = Math.max(0, 2 - r * r);
      return ((2 * r * Math.exp(w / 2)) / (2 * Math.SQRT2)) * (1 - withinNormal(Math.sqrt(2 * w))) * withinNormal(r);
    },
    0,
    Math.SQRT2,
    400,
  );
  return real + complex;
}

function logMagnitude(x: number): number {
  return Math.log(Math.abs(x));
}

/** Conclusion (ii): what weights from N(0, 1) are like. */
export const normalWeights: TestedClaim = {
  row: "Conclusion (ii)",
  statement: "W of N(0, 1) has |W| < 1 with probability 0.6827, and a matrix of them expands",
  asWritten: String.raw`W_{nn} \sim N(0, 1) \Rightarrow W_{nn} < 1`,
  corrected: String.raw`P(W < 1) = 0.8413, \quad P(\lvert W \rvert < 1) = 0.6827; \quad \mathrm{E} \lVert W v \rVert^2 = n \lVert v \rVert^2`,
  verdict: "false",
  kind: "float",
  wrongReading: "as written: no |W| of at least 1 among 100 draws",
  blindSpots: [{ when: "a single draw: two in three are below 1" }],
  check(seed) {
    const row = "Conclusion (ii)";
    const source = random(seed);
    const draws = drawMany(source, 40_000, (own) => own.normal());
    expectShare(
      row,
      "the share of W < 1",
      draws.map((w) => w < 1),
      belowOne,
    );
    expectShare(
      row,
      "the share of |W| < 1",
      draws.map((w) => Math.abs(w) < 1),
      insideOne,
    );
    expectMean(row, "the mean of |W|", draws.map(Math.abs), Math.sqrt(2 / Math.PI), Math.sqrt(1 - 2 / Math.PI));
    expectMean(row, "the mean of ln|W|", draws.map(logMagnitude), meanLogarithm, deviationLogarithm);
    // The same W at every step: W^50 grows as often as W does. Fifty fresh draws would shrink, by E ln|W| < 0; by
    // Cantelli's inequality at most var / (var + mean²) of the products do not.
    expectShare(
      row,
      "the share of |W^50| ≥ 1",
      draws.slice(0, 800).map((w) => Math.abs(w ** 50) >= 1),
      1 - insideOne,
    );
    const fresh = drawMany(source, 800, (own) =>
      drawMany(own, 50, (each) => logMagnitude(each.normal())).reduce((sum, value) => sum + value, 0),
    );
    const spread = 50 * deviationLogarithm ** 2;
    const limit = spread / (spread + (50 * meanLogarithm) ** 2);
    const growing = fresh.filter((logarithm) => logarithm >= 0).length / fresh.length;
    if (growing > limit + standardErrors * Math.sqrt(limit / fresh.length)) {
      throw new ClaimError(row, `${growing} of products of fresh draws grow; expected at most ${limit}`);
    }
    // ‖W v‖² is χ² with n degrees of freedom for a unit v: mean n, variance 2n.
    for (const n of [2, 8]) {
      const lengths = drawMany(source, 2000, (own) =>
        drawMany(own, n, (each) => each.normal() ** 2).reduce((sum, value) => sum + value, 0),
      );
      expectMean(row, `the mean of ‖Wv‖² for n = ${n}`, lengths, n, Math.sqrt(2 * n));
    }
    const radii = drawMany(source, 20_000, (own) =>
      spectralRadius(own.normal(), own.normal(), own.normal(), own.normal()),
    );
    expectShare(
      row,
      "the share of ρ < 1 for n = 2",
      radii.map((radius) => radius < 1),
      smallRadiusShare(),
    );
    return { cases: draws.length + 800 + 4000 + radii.length };
  },
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 400, (source) => {
      if (drawMany(source, 100, (own) => Math.abs(own.normal()) >= 1).includes(true)) caught++;
    });
    const text = `P(W ≥ 1) = ${numberText(1 - belowOne)}, P(|W| ≥ 1) = ${numberText(1 - insideOne)}; for n = 2, P(ρ ≥ 1) = ${numberText(1 - smallRadiusShare())}`;
    return { cases, caught, counterexample: text };
  },
};
