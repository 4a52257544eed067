import type { Random } from "@gradproof/arithmetic";
import { ClaimError, type TestedClaim } from "../claim.ts";
import { eachFloatCase } from "../float-cases.ts";
import {
  nextDouble,
  precise,
  preciseComplement,
  preciseSlope,
  previousDouble,
  relativeDifference,
  roundedTanh,
  saturates,
} from "../high-precision.ts";
import { numberText } from "../number-text.ts";

/** Eq. 3 as written, in float64. */
function naiveTanh(u: number): number {
  const [up, down] = [Math.exp(u), Math.exp(-u)];
  return (up - down) / (up + down);
}

/** f′(u) in float64 without cancellation: 4E / (1 + E)², E = exp(−2|u|). */
function stableSlope(u: number): number {
  const E = Math.exp(-2 * Math.abs(u));
  return (4 * E) / ((1 + E) * (1 + E));
}

/** 1 − h·h for the h that is tanh u rounded to float64. */
function naiveSlope(u: number): number {
  const h = roundedTanh(u);
  return 1 - h * h;
}

/** A multiple of 2^−10 between low and high, of either sign. */
function drawArgument(source: Random, low: number, high: number): number {
  const magnitude = source.integer(low * 1024, high * 1024) / 1024;
  return source.integer(0, 1) === 0 ? magnitude : -magnitude;
}

/** The smallest integer from which something holds. */
function firstInteger(holds: (u: number) => boolean): number {
  let u = 0;
  while (!holds(u)) u++;
  return u;
}

/** The doubles on both sides of ½ ln(2^55 − 1), where 1 − tanh u = 2^−54. */
function saturationThreshold(): { below: number; above: number } {
  const [high, low] = precise.multiply([0.5, 0], precise.log(precise.subtract([2 ** 55, 0], [1, 0])));
  // The double nearest to it lies above where the low part is negative.
  const above = low <= 0 ? high : nextDouble(high);
  return { below: previousDouble(above), above };
}

/** The engine's exp is taken to err by one unit in the last place at most, which ECMAScript does not promise. */
const expError = 2 ** -52;

/** Eq. 3 as a program. */
export const equation3InFloats: TestedClaim = {
  row: "Eq. 3",
  statement: "as a float64 program the quotient of exponentials overflows from |u| = 710 on; tanh does not",
  asWritten: String.raw`\tanh u = \frac{e^u - e^{-u}}{e^u + e^{-u}}`,
  corrected: String.raw`\text{right for reals; in float64 use } \mathtt{Math.tanh}`,
  verdict: "ok",
  kind: "float",
  wrongReading: "as written, in float64",
  blindSpots: [
    {
      when: "|u| ≤ 300",
      // |p̂ − p| and |q̂ − q| are below (expError + 2^−53) q, and the quotient rounds once more.
      shown: (seed) =>
        eachFloatCase(seed, 1000, (source) => {
          const u = drawArgument(source, 0, 300);
          const error = Math.abs(naiveTanh(u) - roundedTanh(u));
          if (error > 2 * (expError + 2 ** -53) + 2 ** -52) throw new ClaimError("Eq. 3", `off by ${error} at ${u}`);
        }).cases,
    },
  ],
  check: (seed) =>
    eachFloatCase(seed, 1000, (source) => {
      const u = drawArgument(source, 0, 25) || 1;
      const h = roundedTanh(u);
      const fail = (what: string) => {
        throw new ClaimError("Eq. 3", `${what} at u = ${u}`);
      };
      if (roundedTanh(-u) !== -h) fail("rounded tanh is not odd");
      if (Math.abs(h) > 1) fail("rounded tanh is above 1");
      if (Math.abs(roundedTanh(nextDouble(u))) < Math.abs(h)) fail("rounded tanh falls between adjacent doubles");
      // One unit in the last place is what fdlibm promises; ECMAScript promises nothing.
      if (Math.abs(Math.tanh(u) - h) > 2 ** -51 * Math.abs(h)) fail("Math.tanh is off by more than 2^-51");
      const far = drawArgument(source, 710, 10_000);
      if (Math.tanh(far) !== Math.sign(far)) fail(`Math.tanh(${far}) is not ±1`);
    }),
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 1000, (source) => {
      if (Number.isNaN(naiveTanh(drawArgument(source, 710, 10_000)))) caught++;
    });
    const u = firstInteger((argument) => Number.isNaN(naiveTanh(argument)));
    return { cases, caught, counterexample: `u = ${u}: tanh u = ${Math.tanh(u)}, as written ${naiveTanh(u)}` };
  },
};

/** Eq. 4 as a program. */
export const equation4InFloats: TestedClaim = {
  row: "Eq. 4",
  statement: "in float64 1 − h·h keeps no digit from |u| = 19 on; 4E / (1 + E)² keeps all",
  asWritten: "f' = 1 - f^2",
  corrected: String.raw`\text{right for reals; in float64 } \frac{4E}{(1+E)^2}, \quad E = e^{-2 \lvert u \rvert}`,
  verdict: "ok",
  kind: "float",
  wrongReading: "as written, in float64, for |u| in [20, 300]: all of it is lost",
  blindSpots: [
    {
      when: "|u| ≤ 1",
      // h is off by 2^−53 of itself, so h² by 2^−52, and two roundings follow: 2^−51 in all.
      shown: (seed) =>
        eachFloatCase(seed, 1000, (source) => {
          const u = drawArgument(source, 0, 1);
          const error = relativeDifference([naiveSlope(u), 0], preciseSlope([u, 0]));
          if (Math.abs(error) > 2 ** -51 / preciseSlope([u, 0])[0]) throw new ClaimError("Eq. 4", `off at ${u}`);
        }).cases,
    },
  ],
  check: (seed) =>
    eachFloatCase(seed, 1000, (source) => {
      const u = drawArgument(source, 0, 350);
      const exact = preciseSlope([u, 0]);
      const fail = (what: string) => {
        throw new ClaimError("Eq. 4", `${what} at u = ${u}`);
      };
      if (Math.abs(naiveSlope(u) - exact[0]) > 2 ** -51) fail("1 − h·h is off by more than 2^-51");
      // exp errs by expError, the sum, its square, and the quotient by 2^−53 each, the sum twice.
      const stable = relativeDifference([stableSlope(u), 0], exact);
      if (Math.abs(stable) > expError + 4 * 2 ** -53) fail(`the stable form is off by ${stable}`);
      // ln f′ = 2 (ln 2 − |u| − log1p E): each of the three terms rounds, and their sums.
      const logarithm = 2 * (Math.LN2 - Math.abs(u) - Math.log1p(Math.exp(-2 * Math.abs(u))));
      const error = Math.abs(logarithm - precise.log(exact)[0]);
      if (error > 8 * 2 ** -53 * (Math.abs(u) + 2)) fail(`the logarithm of the slope is off by ${error}`);
    }),
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 1000, (source) => {
      const u = drawArgument(source, 20, 300);
      const h = roundedTanh(u);
      // The other factorisation does no better, for h itself is rounded.
      if (naiveSlope(u) === 0 && (1 - h) * (1 + h) === 0 && stableSlope(u) > 0) caught++;
    });
    const u = firstInteger((x) => Math.abs(relativeDifference([naiveSlope(x), 0], preciseSlope([x, 0]))) > 0.5);
    const text = `u = ${u}: f′ = ${numberText(stableSlope(u))}, as written ${numberText(naiveSlope(u))}`;
    return { cases, caught, counterexample: text };
  },
};

/** Conclusion (i): where f′ lies. */
export const slopeRange: TestedClaim = {
  row: "Conclusion (i)",
  statement: "f′ lies in (0, 1]; float64 makes it [0, 1], with 0 from |u| = ½ ln(2^55 − 1) on",
  asWritten: String.raw`f'(u) \in [0, 1]`,
  corrected: String.raw`f'(u) \in (0, 1]`,
  verdict: "wrong",
  kind: "float",
  wrongReading: "a derivative of 0, which float64 gives from |u| = 19.0615 on",
  blindSpots: [
    {
      when: "|u| < 19.0615: 1 − h·h is not 0",
      shown: (seed) =>
        eachFloatCase(seed, 1000, (source) => {
          const u = drawArgument(source, 0, 19);
          if (naiveSlope(u) === 0) throw new ClaimError("Conclusion (i)", `1 − h·h is 0 at ${u}`);
        }).cases,
    },
  ],
  check(seed) {
    const fail = (what: string) => {
      throw new ClaimError("Conclusion (i)", what);
    };
    const { below, above } = saturationThreshold();
    if (saturates(below) || !saturates(above)) fail(`tanh does not saturate between ${below} and ${above}`);
    if (above !== 19.061547465398498) fail(`the threshold is ${above}`);
    // Math.tanh may err by a unit in the last place, and the threshold of an engine moves with that.
    if (Math.tanh(18) === 1 || Math.tanh(20) !== 1) fail("Math.tanh saturates below 18 or above 20");
    return eachFloatCase(seed, 1000, (source) => {
      const u = drawArgument(source, 0, 350);
      const [slope] = preciseSlope([u, 0]);
      if (!(slope > 0 && slope <= 1)) fail(`f′(${u}) is ${slope}`);
      const h = 2 * source.unit() - 1;
      const rounded = 1 - h * h;
      if (!(rounded > 0 && rounded <= 1)) fail(`1 − h·h is ${rounded} at h = ${h}`);
      const [complement] = preciseComplement([u, 0]);
      if (saturates(u) !== complement <= 2 ** -54) fail(`saturation at ${u}`);
    });
  },
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 1000, (source) => {
      const u = drawArgument(source, 20, 350);
      if (naiveSlope(u) === 0 && preciseSlope([u, 0])[0] > 0) caught++;
    });
    const u = firstInteger((argument) => naiveSlope(argument) === 0);
    const text = `u = ${u}: f′ = ${numberText(preciseSlope([u, 0])[0])}, as written ${naiveSlope(u)}`;
    return { cases, caught, counterexample: text };
  },
};
