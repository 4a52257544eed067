import { dense, doubleDouble, type Random, random, roundingOf } from "@gradproof/arithmetic";
import { dimensions, forward, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { exactUnits } from "../src/exact-units.ts";
import { seed } from "./settings.ts";

const orders = 12;

/** A relu problem whose numbers are multiples of 1/4 (most of them) or of 2^-12; two sequences. */
function drawProblem(source: Random): RnnProblem<NumericArray> {
  const [T, B, I, H] = [source.integer(2, 6), 2, source.integer(1, 4), source.integer(2, 6)];
  const step = source.integer(0, 3) === 0 ? 4096 : 4;
  const draw = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
      return Math.round(scale * source.normal() * step) / step;
    }),
  });
  return {
    nonlinearity: "relu",
    loss: "mse",
    reduction: "sum",
    parameters: { Wxh: draw(1, H, I), Whh: draw(0.6, H, H), Why: draw(1, 1, H), bxh: draw(0.5, H), bhh: draw(0.5, H) },
    x: draw(1, T, B, I),
    h0: draw(1, B, H),
    target: draw(1, T, B, 1),
  };
}

/** u_t [T, B, H] with each sum's terms in an order of its own and, by chance, products that are not rounded before. */
function shuffledPreactivations(
  { parameters, x, h0 }: RnnProblem<NumericArray>,
  round: (value: number) => number,
  source: Random,
): Float64Array {
  const [T, B, I] = x.shape;
  const H = h0.shape[1];
  const { Wxh, Whh, bxh, bhh } = parameters;
  const u = new Float64Array(T * B * H);
  for (let row = 0; row < T * B; row++) {
    for (let unit = 0; unit < H; unit++) {
      const terms = [bxh?.data[unit] ?? 0, bhh?.data[unit] ?? 0];
      const product = (a: number, b: number) => (source.integer(0, 1) === 1 ? round(a * b) : a * b);
      for (let i = 0; i < I; i++) terms.push(product(Wxh.data[unit * I + i], x.data[row * I + i]));
      for (let k = 0; k < H; k++) {
        const h = row < B ? h0.data[row * H + k] : Math.max(0, u[(row - B) * H + k]);
        terms.push(product(Whh.data[unit * H + k], h));
      }
      for (let n = terms.length - 1; n > 0; n--) {
        const m = source.integer(0, n);
        [terms[n], terms[m]] = [terms[m], terms[n]];
      }
      u[row * H + unit] = terms.reduce((sum, term) => round(sum + term), 0);
    }
  }
  return u;
}

test.each([
  ["float32", roundingOf.float32, Math.fround],
  ["float64", roundingOf.float64, (value: number) => value],
] as const)("a unit called exact has the same bits in every order of summation in %s", (name, rounding, round) => {
  const source = random(seed);
  const D = dense(doubleDouble);
  const counts = { exact: 0, later: 0, differing: 0, wrong: 0, caught: 0 };
  for (let problems = 0; problems < 150; problems++) {
    const problem = drawProblem(source);
    const { B, H } = dimensions(problem);
    const reference = D.lower(forward(D, liftProblem(D, problem)).preactivations);
    // Contested here is whatever an order of summation puts on another side than another.
    const runs = Array.from({ length: orders }, () => shuffledPreactivations(problem, round, source));
    const isContested = (unit: number) => runs.some((run) => run[unit] > 0) && runs.some((run) => !(run[unit] > 0));
    const exact = exactUnits(problem, reference, isContested, rounding);
    // The control believes in 12 bits that the type does not have.
    const control = exactUnits(problem, reference, isContested, {
      ...rounding,
      unitRoundoff: rounding.unitRoundoff / 4096,
    });
    for (let unit = 0; unit < exact.length; unit++) {
      const differs = runs.some((run) => run[unit] !== reference[unit]);
      if (exact[unit] === 1) counts.exact++;
      if (exact[unit] === 1 && unit >= 2 * B * H) counts.later++;
      if (differs) counts.differing++;
      if (differs && exact[unit] === 1) counts.wrong++;
      if (differs && control[unit] === 1) counts.caught++;
    }
  }
  console.log(
    `${name}: ${counts.exact} units exact, ${counts.later} of them after the second step; ${counts.differing} rounded differently by some order; the control calls ${counts.caught} of those exact`,
  );
  expect(counts.wrong).toBe(0);
  expect(counts.caught).toBeGreaterThan(10);
  expect(counts.later).toBeGreaterThan(200);
  expect(counts.differing).toBeGreaterThan(200);
});

const one = (value: number, ...shape: number[]): NumericArray => ({ shape, data: Float64Array.of(value) });

/** One unit, two steps: u_1 = w x_1 + b and u_2 = w x_2 + v h_1 + b. */
function twoSteps(w: number, v: number, b: number, x: readonly [number, number]): RnnProblem<NumericArray> {
  return {
    nonlinearity: "relu",
    loss: "mse",
    reduction: "sum",
    parameters: { Wxh: one(w, 1, 1), Whh: one(v, 1, 1), Why: one(1, 1, 1), bxh: one(b, 1) },
    x: { shape: [2, 1, 1], data: Float64Array.from(x) },
    h0: one(0, 1, 1),
    target: { shape: [2, 1, 1], data: new Float64Array(2) },
  };
}

test.each([
  ["small integers", twoSteps(3, 2, 1, [1, 2]), [1, 1]],
  ["24 bits of digits", twoSteps(2 ** 23, 0, 1, [1, 1]), [1, 1]],
  ["25 bits of digits", twoSteps(2 ** 24, 0, 1, [1, 1]), [0, 0]],
  ["a product of 26 bits", twoSteps(4097, 0, 0, [8191, 1]), [0, 1]],
  ["an exact u_2 after a rounded h_1", twoSteps(2 ** 24, 1, 1, [1, 0]), [0, 0]],
  ["the same times 0", twoSteps(2 ** 24, 0, 1, [1, 0]), [0, 1]],
  ["a rounded u_1 that is off beyond doubt", twoSteps(2 ** 24, 1, 1, [-1, 0]), [0, 1]],
  ["below the smallest normal number", twoSteps(2 ** -70, 0, 0, [2 ** -60, 1]), [0, 1]],
] as const)("%s", (_, problem, expected) => {
  const D = dense(doubleDouble);
  const reference = D.lower(forward(D, liftProblem(D, problem)).preactivations);
  expect(Array.from(exactUnits(problem, reference, () => false, roundingOf.float32))).toEqual(expected);
});
