import { expect, test } from "vitest";
import { countFalseAlarms } from "../src/false-alarms.ts";

const problems = 1000;
const seed = Number(process.env.GRADPROOF_SEED ?? 20261122);

test("1,000 correct float gradients: no false alarm, at most 1 % inconclusive, planted errors of 4Kσ all found", () => {
  const run = countFalseAlarms(problems, seed);
  const inconclusive = [...run.inconclusive.values()].reduce((sum, count) => sum + count, 0);
  console.log(
    `seed ${seed}: ${run.match} match, ${inconclusive} inconclusive, ${run.planted} planted errors, largest error ${run.errors.at(-1)?.toFixed(2)} σ`,
  );
  expect(run.falseAlarms).toEqual([]);
  expect(run.missed).toEqual([]);
  expect(inconclusive).toBeLessThanOrEqual(problems / 100);
  expect(run.match + inconclusive).toBe(problems);
  expect(run.planted).toBeGreaterThan(0.95 * problems);
}, 600_000);
