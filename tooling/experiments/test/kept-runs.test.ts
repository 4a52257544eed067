import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TablesDocument } from "../src/document.ts";
import { experiments } from "../src/experiment.ts";
import { KeptRuns } from "../src/kept-runs.ts";
import { doneRun } from "./done-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradproof-experiments-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a run that is kept is found again, by experiment and seed, until it is forgotten", () => {
  const kept = new KeptRuns(folder);
  for (const [i, experiment] of experiments.entries()) kept.keep(experiment, { ...doneRun(2), steps: i });
  for (const [i, experiment] of experiments.entries()) expect(new KeptRuns(folder).of(experiment, 2)?.steps).toBe(i);
  expect(readdirSync(folder)).toHaveLength(experiments.length);
  const [first, second] = experiments;
  expect(kept.of(first, 1)).toBeUndefined();
  kept.forget(first, 2);
  expect([kept.of(first, 2), kept.of(second, 2)?.steps]).toEqual([undefined, 1]);
});

test("a run with other settings is not this experiment's", () => {
  const [experiment] = experiments;
  const kept = new KeptRuns(folder);
  kept.keep(experiment, doneRun(1));
  expect(kept.of({ ...experiment, settings: { ...experiment.settings, learningRate: 0.004 } }, 1)).toBeUndefined();
  expect(kept.of({ ...experiment, seconds: 60 }, 1)).toBeUndefined();
  expect(kept.of({ ...experiment }, 1)).toEqual(doneRun(1));
});

test("a file that is torn is named, with what to do", () => {
  const [experiment] = experiments;
  const kept = new KeptRuns(folder);
  kept.keep(experiment, doneRun(1));
  const [name] = readdirSync(folder);
  writeFileSync(join(folder, name), readFileSync(join(folder, name), "utf8").slice(0, 100));
  expect(() => kept.of(experiment, 1)).toThrow(/^experiments: .*seed-1\.json cannot be read: .*; next: delete it$/);
});

test("tables go between the marks, and a document without them is refused", () => {
  const path = join(folder, "tables.md");
  writeFileSync(path, "before\n<!-- tables -->\nold\n<!-- end of tables -->\nafter\n");
  const document = new TablesDocument(path);
  document.write("first");
  document.write("new");
  expect(readFileSync(path, "utf8")).toBe("before\n<!-- tables -->\n\nnew\n\n<!-- end of tables -->\nafter\n");
  for (const text of ["", "<!-- tables -->\n", "<!-- end of tables -->\n<!-- tables -->\n"]) {
    writeFileSync(path, text);
    expect(() => new TablesDocument(path)).toThrow(/lacks the marks/);
  }
});
