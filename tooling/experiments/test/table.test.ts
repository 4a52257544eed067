import { expect, test } from "vitest";
import { experiments, seeds } from "../src/experiment.ts";
import { type Run, run } from "../src/run.ts";
import { quartiles, tables } from "../src/table.ts";

test("quartiles are those of the order statistics", () => {
  expect(quartiles([5, 1, 3, 2, 4], 0)).toBe("3 (2 to 4)");
  expect(quartiles([1, 2], 2)).toBe("1.50 (1.25 to 1.75)");
  expect(quartiles([], 0)).toBe("–");
});

test("every experiment has a row, and a run that was not done is not counted", () => {
  const done: Run = {
    experiment: "tasks: adding 10",
    seed: 1,
    solved: true,
    diverged: false,
    steps: 400,
    seconds: 2,
    share: 0.09,
    longest: 3,
    clippedShare: 0.5,
    reachAtFirst: 4,
    reachAtLast: 8,
    shareFromAfar: 0.25,
  };
  const table = tables([done]);
  for (const { name } of experiments) expect(table).toContain(`| ${name} | ${name === "adding 10" ? 1 : 0} of`);
  expect(table).toContain("| adding 10 | 1 of 1 (of 5) | 400 (400 to 400) | 2.0 (2.0 to 2.0) | 9.0 (9.0 to 9.0) |");
  expect(seeds).toHaveLength(5);
});

test("a run ends solved, or with its time, and the same seed takes the same steps", () => {
  const [adding10] = experiments;
  const short = { ...adding10, settings: { ...adding10.settings, hidden: 8, batch: 4 }, seconds: 0.2 };
  expect(run(short, 1).solved).toBe(false);
  const easy = { ...adding10, task: { ...adding10.task, baseline: 1e9 }, seconds: 60 };
  const [a, b] = [run(easy, 3), run(easy, 3)];
  expect([a.solved, a.steps]).toEqual([true, 50]);
  expect({ ...a, seconds: 0 }).toEqual({ ...b, seconds: 0 });
});
