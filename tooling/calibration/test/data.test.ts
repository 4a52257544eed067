import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CountsByType, Plan } from "../src/calibrate.ts";
import { isClean } from "../src/counts.ts";
import { sizesIn } from "../src/histogram.ts";
import { tablesOf } from "../src/tables.ts";

type Recorded = Plan & CountsByType & { readonly command: string };

const folder = join(import.meta.dirname, "../data");
const page = readFileSync(join(import.meta.dirname, "../../../apps/docs/calibration.md"), "utf8");
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

test("there is data", () => {
  expect(files.length).toBeGreaterThan(0);
});

test.each(files)("%s is whole and clean, and the documentation shows its tables", (name) => {
  const recorded: Recorded = JSON.parse(readFileSync(join(folder, name), "utf8"));
  const { F32, F64, problems, seed, command } = recorded;
  expect(F32.problems + F64.problems).toBe(problems);
  expect(command).toContain(`--problems ${problems} --seed ${seed}`);
  for (const counts of [F32, F64]) {
    expect(isClean(counts)).toBe(true);
    expect(sizesIn(counts.errors)).toBe(counts.match);
  }
  expect(page).toContain(command);
  const tables = tablesOf(recorded);
  if (!page.includes(tables)) expect.fail(`apps/docs/calibration.md does not show ${name}; expected\n${tables}`);
});
