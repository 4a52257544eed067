import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { calibrate, type Plan } from "../src/calibrate.ts";
import { partsOf, runParts } from "../src/parts.ts";
import { tablesOf } from "../src/tables.ts";

const plan: Plan = { problems: 20, seed: 7, scales: "wide", noise: "operations" };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "calibration-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("parts cover a plan without gap or overlap", () => {
  const parts = partsOf({ ...plan, problems: 1234 });
  expect(parts.map(({ start, end }) => [start, end])).toEqual([
    [0, 500],
    [500, 1000],
    [1000, 1234],
  ]);
});

test("a run in workers gives the counts of a plain one; the second time nothing is left to run", async () => {
  const counts = await runParts(plan, folder, 2, () => {});
  expect(counts).toEqual(calibrate(plan, 0, plan.problems));
  const files = readdirSync(folder);
  expect(files).toEqual(["wide-7-0-20.json"]);
  const altered = { ...counts, F32: { ...counts.F32, match: 12_345 } };
  writeFileSync(join(folder, files[0]), JSON.stringify(altered));
  expect(await runParts(plan, folder, 1, () => {})).toEqual(altered);
}, 60_000);

test("a broken part is named", async () => {
  writeFileSync(join(folder, "wide-7-0-20.json"), "{");
  await expect(runParts(plan, folder, 1, () => {})).rejects.toThrow(
    /wide-7-0-20\.json cannot be read .*; next: delete it/,
  );
});

test("the tables name every count", () => {
  const text = tablesOf(calibrate(plan, 0, plan.problems));
  expect(text).toContain("| correct gradients | 10 | 10 | 20 |");
  expect(text).toMatch(/\| false alarms \| 0 \| 0 \| 0 \|/);
  expect(text).toMatch(/\| N = 16 \| [1-9]/);
  expect(text).toMatch(/\| 1 K σ = 32 σ \| [1-9]/);
});
