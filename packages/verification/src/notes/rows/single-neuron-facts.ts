import type { Random } from "@gradproof/arithmetic";
import { ClaimError, type TestedClaim } from "../claim.ts";
import { eachFloatCase } from "../float-cases.ts";
import { type Precise, precise } from "../high-precision.ts";
import { numberText } from "../number-text.ts";

/** h* = tanh(w h*), h* > 0, for w > 1: bisection on doubles, then Newton's steps in double-double. */
function fixedPoint(w: number): Precise {
  let [low, high] = [2 ** -20, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (Math.tanh(w * middle) > middle) low = middle;
    else high = middle;
  }
  let h: Precise = [low, 0];
  for (let i = 0; i < 4; i++) {
    const f = precise.tanh(precise.multiply([w, 0], h));
    const slope = precise.subtract(precise.multiply([w, 0], oneMinusSquare(f)), [1, 0]);
    h = precise.subtract(h, precise.divide(precise.subtract(f, h), slope));
  }
  return h;
}

function oneMinusSquare(h: Precise): Precise {
  return precise.subtract([1, 0], precise.multiply(h, h));
}

/** w (1 − h*²), what a step multiplies a small change by at the fixed point. */
function multiplier(w: number): number {
  return precise.multiply([w, 0], oneMinusSquare(fixedPoint(w)))[0];
}

/** ∂h_t/∂h_0 for t = 1 to steps, in double-double, rounded. */
function products(w: number, start: number, steps: number): number[] {
  let [h, product]: [Precise, Precise] = [
    [start, 0],
    [1, 0],
  ];
  return Array.from({ length: steps }, () => {
    h = precise.tanh(precise.multiply([w, 0], h));
    product = precise.multiply(product, precise.multiply([w, 0], oneMinusSquare(h)));
    return product[0];
  });
}

const row = "Single neuron";

/** By another program with 40 digits, rounded to those given: multipliers by w, and Φ(t, 0) for w = 1.5, h_0 = 0.5. */
const multipliers = [
  [1.1, 0.821755855882],
  [1.5, 0.394313025499],
  [2, 0.166372087752],
  [3, 0.030512846048],
] as const;
const firstProducts = [
  0.8948787124219971, 0.6052498203161478, 0.3201350047827554, 0.14479417366130032, 0.06053052051788357,
  0.024443084230009012,
];

/** Where a neuron without input settles. */
export const fixedPointSlope: TestedClaim = {
  row,
  statement: "with |w| > 1 the gradient vanishes too: at the stable fixed point a step multiplies by less than 1",
  asWritten: String.raw`\lvert w_{nn} \rvert > 1 \text{ explodes}`,
  corrected: String.raw`w (1 - h^{\ast 2}) < 1 \text{ at } h^\ast = \tanh(w h^\ast)`,
  verdict: "ok",
  kind: "float",
  wrongReading: "w, the slope at rest, for the slope at the fixed point",
  blindSpots: [{ when: "h_0 = 0 without input: the state stays at rest, and the product is w^t" }],
  check(seed) {
    for (const [w, expected] of multipliers) {
      // Given to 12 decimals.
      if (Math.abs(multiplier(w) - expected) > 0.5e-12)
        throw new ClaimError(row, `multiplier of ${w} is ${multiplier(w)}`);
    }
    products(1.5, 0.5, 6).forEach((product, i) => {
      if (product !== firstProducts[i]) throw new ClaimError(row, `Φ(${i + 1}, 0) is ${product}`);
    });
    return eachFloatCase(seed, 200, (source) => {
      const w = drawGain(source);
      const value = multiplier(w);
      if (!(value > 0 && value < 1)) throw new ClaimError(row, `multiplier of ${w} is ${value}`);
    });
  },
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 200, (source) => {
      const w = drawGain(source);
      if (multiplier(w) < 1 && w > 1) caught++;
    });
    return { cases, caught, counterexample: `w_nn = 2: a step multiplies by ${numberText(multiplier(2))}, mistaken 2` };
  },
};

/** A weight in (1, 4]. */
function drawGain(source: Random): number {
  return 1 + source.integer(32, 3072) / 1024;
}

/** State, its sum of squares before, and ∂h_t/∂h_0, after so many steps with w = 1. */
function critical(start: number, steps: number) {
  let [h, squares, product] = [start, 0, 1];
  for (let t = 0; t < steps; t++) {
    squares += h * h;
    h = Math.tanh(h);
    product *= 1 - h * h;
  }
  return { h, squares, product };
}

/** The border between vanishing and staying. */
export const criticalWeight: TestedClaim = {
  row,
  statement: "w = 1 is the critical case: the gradient falls with t^(−3/2), not geometrically",
  asWritten: String.raw`\text{gradients vanish exponentially}`,
  corrected: String.raw`w = 1: \quad h_t \sim \sqrt{3/(2t)}, \quad \Phi(t,0) \sim t^{-3/2}`,
  verdict: "ok",
  kind: "float",
  wrongReading: "a geometric fall: twice the steps, the square of the product",
  blindSpots: [{ when: "h_0 = 0: Φ(t, 0) = 1" }],
  check: (seed) =>
    eachFloatCase(seed, 20, (source) => {
      const [start, steps] = [source.integer(8, 64) / 64, 4000];
      const { h, squares } = critical(start, steps);
      // coth² h − 1/h² lies in (2/3, 2/3 + h²/15), so 1/h² grows by that each step. Rounding: 4000 steps of 2^-51.
      const [least, found] = [1 / start ** 2 + (2 * steps) / 3, 1 / h ** 2];
      const slack = 1e-9 * least;
      if (found < least - slack || found > least + squares / 15 + slack) {
        throw new ClaimError(
          row,
          `1/h² = ${found} after ${steps} steps from ${start}; expected ${least} to ${least + squares / 15}`,
        );
      }
    }),
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 20, (source) => {
      const start = source.integer(8, 64) / 64;
      const [once, twice] = [critical(start, 2000).product, critical(start, 4000).product];
      // A power law with exponent 3/2 gives a ratio of 2^(−3/2) = 0.354, up to the start's part in 1/h².
      if (twice / once > 0.3 && once < 0.1) caught++;
    });
    const [once, twice] = [critical(0.5, 2000).product, critical(0.5, 4000).product];
    const text = `w_nn = 1, h_0 = 0.5: Φ(4000, 0) / Φ(2000, 0) = ${numberText(twice / once)}, mistaken ${numberText(once)}`;
    return { cases, caught, counterexample: text };
  },
};

/** h_t and ∂h_t/∂h_0 of a driven neuron. */
function run(w: number, drives: readonly number[], start: number) {
  let [h, product] = [start, 1];
  for (const drive of drives) {
    h = Math.tanh(w * h + drive);
    product *= w * (1 - h * h);
  }
  return { h, product };
}

/** The mean of |∂h_t/∂h_0| over h_0 in [−1, 1] by Simpson's rule, and by (h_t(1) − h_t(−1)) / 2. */
function meanProduct(w: number, drives: readonly number[], intervals: number) {
  let sum = 0;
  for (let i = 0; i <= intervals; i++) {
    const weight = i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.abs(run(w, drives, -1 + (2 * i) / intervals).product);
  }
  return { mean: sum / (3 * intervals), byEnds: Math.abs(run(w, drives, 1).h - run(w, drives, -1).h) / 2 };
}

/** All starts together. */
export const meanOverStarts: TestedClaim = {
  row,
  statement: "a single neuron cannot explode: over all starts in [−1, 1] the mean of |∂h_t/∂h_0| is at most 1",
  asWritten: String.raw`\lvert w_{nn} \rvert > 1 \text{ explodes}`,
  corrected: String.raw`\int_{-1}^{1} \left\lvert \frac{\partial h_t}{\partial h_0} \right\rvert d h_0 = \lvert h_t(1) - h_t(-1) \rvert \leq 2`,
  verdict: "ok",
  kind: "float",
  wrongReading: "|w|^t, the bound of (iii), for the mean over the starts",
  blindSpots: [{ when: "|w| ≤ 1" }],
  check: (seed) =>
    eachFloatCase(seed, 60, (source) => {
      const [w, drives] = drawDriven(source);
      const [coarse, fine] = [meanProduct(w, drives, 512), meanProduct(w, drives, 1024)];
      // The difference to half as many intervals is 15 times what Simpson's rule is still off by; rounding is far below.
      const error = Math.abs(fine.mean - coarse.mean) + 1e-12;
      if (Math.abs(fine.mean - fine.byEnds) > error)
        throw new ClaimError(row, `mean ${fine.mean}, by ends ${fine.byEnds}`);
      if (fine.byEnds > 1) throw new ClaimError(row, `the mean over the starts is ${fine.byEnds}`);
    }),
  control(seed) {
    let caught = 0;
    const { cases } = eachFloatCase(seed, 60, (source) => {
      const [w, drives] = drawDriven(source);
      if (w ** drives.length > 1 && meanProduct(w, drives, 512).byEnds <= 1) caught++;
    });
    const { byEnds } = meanProduct(2, [0, 0, 0], 512);
    return {
      cases,
      caught,
      counterexample: `w_nn = 2, t = 3, no input: the mean is ${numberText(byEnds)}, mistaken 8`,
    };
  },
};

/** A weight above 1 and up to five inputs. */
function drawDriven(source: Random): [w: number, drives: number[]] {
  const drives = Array.from({ length: source.integer(1, 5) }, () => source.integer(-32, 32) / 32);
  return [1 + source.integer(1, 32) / 16, drives];
}
