import { expect, test } from "vitest";
import { experiments, seeds } from "../src/experiment.ts";
import { run } from "../src/run.ts";
import { quartiles, tables } from "../src/table.ts";
import { doneRun } from "./done-run.ts";

test("quartiles are those of the order statistics", () => {
  expect(quartiles([5, 1, 3, 2, 4], 0)).toBe("3 (2 to 4)");
  expect(quartiles([1, 2], 2)).toBe("1.50 (1.25 to 1.75)");
  expect(quartiles([], 0)).toBe("–");
});

test("every experiment has a row, and a run that was not done is not counted", () => {
  const table = tables(({ name }, seed) => (name === "adding 10" && seed === 1 ? doneRun(1) : undefined));
  for (const { name } of experiments) expect(table).toContain(`| ${name} | ${name === "adding 10" ? 1 : 0} of`);
  expect(table).toContain("| adding 10 | 1 of 1 (of 5) | 400 (400 to 400) | 2.0 (2.0 to 2.0) | 9.0 (9.0 to 9.0) |");
  expect(table).not.toContain("What flow says");
  expect(seeds).toHaveLength(5);
});

test("what flow measured where a task was not learnt is told over all those runs", () => {
  const measured = (seed: number, value: number) =>
    ({
      ...doneRun(seed),
      solved: false,
      flow: {
        verdict: "obstructed",
        causes: ["saturation"],
        findings: [
          {
            question: 4,
            measure: "ln ‖Φ‖",
            value,
            threshold: -6.9078,
            evidence: `e^${value} of |det|`,
            severity: "warning",
            tryNext: [],
          },
          { question: 9, measure: "noise", value: 1, evidence: "not of flow", severity: "note", tryNext: [] },
        ],
      },
    }) as const;
  const runs = new Map([
    [2, measured(2, -30)],
    [4, measured(4, -50)],
  ]);
  const table = tables(({ name }, seed) => (name === "adding 100" ? runs.get(seed) : undefined));
  expect(table).toContain("of the runs of adding 100 that did not get there: 2 × obstructed, saturation.");
  expect(table).toContain("| ln ‖Φ‖ | 2 | -40.00 (-45.00 to -35.00) | -6.9 | e^-30 of \\|det\\| |");
  expect(table).not.toContain("noise");
});

test("a run ends solved, or with its time, and the same seed takes the same steps", () => {
  const [adding10] = experiments;
  const short = { ...adding10, settings: { ...adding10.settings, hidden: 8, batch: 4 }, seconds: 0.2 };
  const stopped = run(short, 1);
  expect(stopped.solved).toBe(false);
  expect(stopped.flow?.findings.map(({ question }) => question)).toContain(3);
  const easy = { ...adding10, task: { ...adding10.task, baseline: 1e9 }, seconds: 60 };
  const [a, b] = [run(easy, 3), run(easy, 3)];
  expect([a.solved, a.steps, a.flow]).toEqual([true, 50, undefined]);
  expect({ ...a, seconds: 0 }).toEqual({ ...b, seconds: 0 });
});
