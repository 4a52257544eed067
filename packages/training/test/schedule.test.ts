import { expect, test } from "vitest";
import { checkSchedule, rateFactor, type Schedule } from "../src/schedule.ts";

const table: [Schedule, Record<number, number>][] = [
  [{ kind: "constant" }, { 0: 1, 1000: 1 }],
  [
    { kind: "constant", warmUp: 4 },
    { 0: 0.25, 1: 0.5, 3: 1, 4: 1 },
  ],
  [
    { kind: "step", every: 10, factor: 0.5 },
    { 0: 1, 9: 1, 10: 0.5, 35: 0.125 },
  ],
  [
    { kind: "exponential", factor: 0.5 },
    { 0: 1, 3: 0.125 },
  ],
  [
    { kind: "cosine", steps: 100 },
    { 0: 1, 50: 0.5, 100: 0, 1000: 0 },
  ],
  [
    { kind: "cosine", steps: 100, floor: 0.1 },
    { 0: 1, 50: 0.55, 100: 0.1 },
  ],
  [
    { kind: "inverse-square-root", every: 10 },
    { 0: 1, 30: 0.5, 990: 0.1 },
  ],
];

test.each(table)("%j", (schedule, factors) => {
  checkSchedule(schedule);
  for (const [step, factor] of Object.entries(factors))
    expect(rateFactor(schedule, Number(step))).toBeCloseTo(factor, 14);
});

test.each<[Schedule, string]>([
  [{ kind: "step", every: 0, factor: 1 }, "schedule: every is 0; expected an integer at least 1"],
  [{ kind: "exponential", factor: -1 }, "schedule: factor is -1; expected a number above 0"],
  [{ kind: "cosine", steps: 10, floor: 1 }, "schedule: floor is 1; expected a number at least 0 and below 1"],
  [{ kind: "linear" } as unknown as Schedule, 'schedule: kind is "linear"; expected constant, step'],
])("%j is refused", (schedule, message) => {
  expect(() => checkSchedule(schedule)).toThrow(message);
});
