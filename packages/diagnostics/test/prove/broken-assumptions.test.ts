import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runs, seed } from "@gradproof/vitest-preset/settings";
import { expect, test } from "vitest";
import { breakAssumptions } from "./broken-assumptions.ts";

const trials = runs(10_000).numRuns;
const rows = breakAssumptions(seed, trials);
const table = [
  "| | assumed | violated by | found | to be expected |",
  "|---|---|---|---|---|",
  ...rows.map(
    ({ number, assumption, broken, found, expected }) =>
      `| ${number} | ${assumption} | ${broken} | ${found} | ${expected} |`,
  ),
].join("\n");
console.log(`seed ${seed}, ${trials} trials\n${table}`);

test.each(rows)("$number: $assumption, violated by $broken", ({ holds, found, expected }) => {
  expect(holds, `${found}; expected ${expected}`).toBe(true);
});

test("every assumption is in apps/docs/proof.md, with what was found with the usual seed", () => {
  const document = readFileSync(join(import.meta.dirname, "../../../../apps/docs/proof.md"), "utf8");
  for (const { number, assumption } of rows) {
    expect(document.includes(`| ${number} | ${assumption} |`), `row ${number}`).toBe(true);
  }
  if (seed === 20261122 && trials === 10_000)
    expect(document.includes(table), `the table as printed:\n${table}`).toBe(true);
});
