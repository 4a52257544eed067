import { random } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { calibrate, type Plan } from "../src/calibrate.ts";
import { type Counts, inconclusiveIn, isClean, mergedCounts } from "../src/counts.ts";
import { randomGradient } from "../src/random-gradient.ts";

const seed = Number(process.env.GRADPROOF_SEED ?? 20261122);
const usual: Plan = { problems: 1000, seed, scales: "usual", noise: "operations" };
const wide: Plan = { problems: 300, seed, scales: "wide", noise: "operations" };

function both(plan: Plan, options?: Parameters<typeof calibrate>[3]): Counts {
  const { F32, F64 } = calibrate(plan, 0, plan.problems, options);
  return mergedCounts(F32, F64);
}

const kernels: Plan = { problems: 60, seed, scales: "usual", noise: "kernels" };

test.each([usual, wide, kernels])(
  "$problems correct gradients, $scales scales, noise by $noise: no false alarm, at most 1 % inconclusive, planted errors of 4Kσ all found",
  (plan) => {
    const counts = both(plan);
    const inconclusive = inconclusiveIn(counts);
    const planted = counts.planted[4];
    console.log(
      `seed ${seed}, ${plan.scales}, ${plan.noise}: ${counts.match} match, ${inconclusive} inconclusive, ${planted.planted} planted errors, largest error ${counts.errors.largest.toFixed(2)} σ`,
    );
    expect(counts.falseAlarms).toEqual([]);
    expect(counts.missed).toEqual([]);
    expect(isClean(counts)).toBe(true);
    expect(counts.match + inconclusive).toBe(plan.problems);
    expect(planted.found).toBe(planted.planted);
    expect(planted.planted).toBeGreaterThan(plan.scales === "usual" ? 0.95 * plan.problems : 1);
  },
  600_000,
);

test("gradients that have lost 8 bits of their type are called wrong: the counts can fail", () => {
  const plan: Plan = { problems: 40, seed, scales: "usual", noise: "operations" };
  const counts = both(plan, {
    draw(own, dtype, scales) {
      const { problem, gradients, name } = randomGradient(own, dtype, scales);
      const source = random(own);
      const u = 2 ** (dtype === "F32" ? -16 : -45);
      const spoiled = gradients.map((gradient) => ({
        ...gradient,
        data: gradient.data.map((value) => value * (1 + u * (2 * source.unit() - 1))),
      }));
      return { problem, gradients: spoiled, name };
    },
  });
  expect(counts.falseAlarms.length).toBeGreaterThan(20);
  expect(isClean(counts)).toBe(false);
});

test("a problem is the same whichever part it is in: parts add up to the whole", () => {
  const plan: Plan = { problems: 12, seed, scales: "wide", noise: "operations" };
  const whole = calibrate(plan, 0, 12);
  const parts = [calibrate(plan, 0, 5), calibrate(plan, 5, 12)];
  expect(mergedCounts(parts[0].F32, parts[1].F32)).toEqual(whole.F32);
  expect(mergedCounts(parts[0].F64, parts[1].F64)).toEqual(whole.F64);
});
