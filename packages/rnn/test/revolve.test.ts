import { expect, test } from "vitest";
import { fewestAdvances, nextCheckpoint } from "../src/revolve.ts";

const largest = 40;

/** The fewest steps forward to reverse n steps with s checkpoints, by trying every place for the next one. */
const fewest = (() => {
  const known = new Map<string, number>();
  return function search(n: number, s: number): number {
    if (n === 1) return 0;
    if (s === 1) return (n * (n - 1)) / 2;
    const key = `${n} ${s}`;
    let best = known.get(key) ?? Number.POSITIVE_INFINITY;
    if (known.has(key)) return best;
    for (let m = 1; m < n; m++) best = Math.min(best, m + search(m, s) + search(n - m, s - 1));
    known.set(key, best);
    return best;
  };
})();

/** Steps forward of a schedule that is chosen by `place`. */
function stepsOf(n: number, s: number, place: (n: number, s: number) => number): number {
  if (n === 1) return 0;
  const m = place(n, s);
  expect(Number.isInteger(m) && 1 <= m && m < n, `a checkpoint at ${m} of ${n} with ${s}`).toBe(true);
  return m + stepsOf(m, s, place) + stepsOf(n - m, s - 1, place);
}

test(`Griewank's formula is the least that a search finds, and the schedule takes it, for n and s up to ${largest}`, () => {
  for (let n = 1; n <= largest; n++) {
    for (let s = 1; s <= largest; s++) {
      const expected = fewest(n, s);
      expect(fewestAdvances(n, s), `t(${n}, ${s})`).toBe(expected);
      expect(stepsOf(n, s, nextCheckpoint), `schedule for ${n} steps and ${s} checkpoints`).toBe(expected);
    }
  }
});

test("checkpoints in the middle take more steps: the control", () => {
  const middle = (n: number, s: number) => (s === 1 ? n - 1 : n >> 1);
  let more = 0;
  for (let n = 2; n <= largest; n++) {
    for (let s = 2; s <= 6; s++) if (stepsOf(n, s, middle) > fewest(n, s)) more++;
  }
  expect(more).toBeGreaterThan(100);
});

test("known values: 10 steps with 3 checkpoints, one checkpoint, as many as steps", () => {
  expect(fewestAdvances(10, 3)).toBe(15);
  expect(fewestAdvances(10, 1)).toBe(45);
  expect(fewestAdvances(10, 10)).toBe(9);
  // With 10 checkpoints and 5 repetitions 3003 steps are reversed.
  expect(fewestAdvances(3003, 10)).toBe(5 * 3003 - 1365);
});
