import { type Random, random } from "@gradproof/arithmetic";
import { ClaimError, type TestedClaim } from "../claim.ts";
import { eachFloatCase } from "../float-cases.ts";
import { integral, normalDensity, withinNormal } from "../normal-distribution.ts";
import { productsOf } from "../scalar-products.ts";
import { drawMany, expectShare } from "../statistics.ts";

/** f′(u) in float64. */
function slope(u: number): number {
  const h = Math.tanh(u);
  return 1 - h * h;
}

/**
 * P(|W f′(u)| > 1) for u = V x + W h, h = tanh g, with W, V, x and g of N(0, 1): f′(u) > 1/|W| is |u| < a with
 * a = artanh √(1 − 1/|W|), and given W, x and g, u is N(W h, x²).
 */
function growingStepShare(): number {
  // |W| = 1 + r², so that the square root is smooth at 1. More intervals change the fifth decimal.
  return integral(
    (r) => {
      const w = 1 + r * r;
      const a = Math.atanh(Math.sqrt(1 - 1 / w));
      const given = (x: number) =>
        integral(
          (g) => {
            const shift = w * Math.tanh(g);
            const above = withinNormal((a + shift) / x) + Math.sign(a - shift) * withinNormal(Math.abs(a - shift) / x);
            return normalDensity(g) * above;
          },
          0,
          6,
          intervals,
        );
      return 2 * normalDensity(w) * 2 * r * integral((x) => 2 * normalDensity(x) * given(x), 1e-3, 6, intervals);
    },
    0,
    Math.sqrt(5),
    intervals,
  );
}

/** Of each of the three integrals. */
const intervals = 40;

/** |W f′(u)| with u = V x + W tanh g, all four of N(0, 1). */
function drawFactor(source: Random): number {
  const [w, v, x, g] = drawMany(source, 4, (own) => own.normal());
  return Math.abs(w * slope(v * x + w * Math.tanh(g)));
}

export const smallFactors: TestedClaim = {
  row: "Conclusion (iii)",
  statement: "a product of d steps is at most |W|^d; for N(0, 1) weights one factor in eleven is above 1",
  asWritten: String.raw`\text{“we are multiplying a lot of small numbers together”}`,
  corrected: String.raw`\lvert \Phi(t,k) \rvert \leq \lvert w_{nn} \rvert^{t-k} \text{, with equality where every } u = 0 \text{; } P(\lvert W f'(u) \rvert > 1) = 0.094`,
  verdict: "heuristic",
  kind: "float",
  wrongReading: "as written: no factor of at least 1 among 200",
  blindSpots: [{ when: "|w_nn| < 1: then every factor is small" }],
  check(seed) {
    const row = "Conclusion (iii)";
    const { cases } = eachFloatCase(seed, 500, (source) => {
      // A power of two multiplies without rounding, and rounding is monotone: the bound holds for the floats themselves.
      const w = source.pick([0.25, 0.5, 1, 2, 4]);
      const inputs = drawMany(source, 12, (own) => own.integer(-64, 64) / 32);
      productsOf(w, source.integer(-64, 64) / 64, 12, (t) => inputs[t - 1]).forEach((product, d) => {
        if (Math.abs(product) > w ** d) throw new ClaimError(row, `|Φ| = ${product} after ${d} steps of w = ${w}`);
      });
      productsOf(w, 0, 12).forEach((product, d) => {
        if (product !== w ** d) throw new ClaimError(row, `Φ = ${product} at u = 0 after ${d} steps of w = ${w}`);
      });
    });
    const factors = drawMany(random(seed), 20_000, drawFactor);
    expectShare(
      row,
      "the share of |W f′(u)| > 1",
      factors.map((factor) => factor > 1),
      growingStepShare(),
    );
    return { cases: cases + factors.length };
  },
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 200, (source) => {
      if (drawMany(source, 200, (own) => drawFactor(own) >= 1).includes(true)) caught++;
    });
    const text = `w_nn = 2, u = 0: a factor of 2; P(|W f′(u)| > 1) = ${growingStepShare().toFixed(3)}`;
    return { cases, caught, counterexample: text };
  },
};
