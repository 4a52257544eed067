import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { mistakeFamilies, mistakes, mistakesBeyondEquations } from "@gradproof/verification";
import { expect, test } from "vitest";
import { withMistakeTables } from "../src/score/mistake-tables.ts";
import { scoreAll, scoreRows, scoreSeed } from "../src/score/score-table.ts";

const root = resolve(import.meta.dirname, "../../..");
const page = readFileSync(resolve(root, "apps/docs/mistakes.md"), "utf8");

test("the page has the catalogue as it is in the code: `pnpm score --write` pastes it", () => {
  expect(withMistakeTables(page) === page).toBe(true);
});

test("the catalogue is large, its names are different, its formulas are not those that are right", () => {
  expect(mistakes.length).toBeGreaterThanOrEqual(50);
  expect(new Set(mistakes.map(({ name }) => name)).size).toBe(mistakes.length);
  expect(mistakes.filter(({ mistaken, right }) => mistaken === right)).toEqual([]);
  expect(mistakes.filter(({ name }) => !/^[a-z]+(-[a-z0-9]+)+$/.test(name))).toEqual([]);
  console.log(mistakeFamilies.map((family) => `${family.name}: ${family.mistakes.length}`).join(", "));
});

test.each(mistakesBeyondEquations)("$name is found by a test that exists", ({ foundBy }) => {
  const source = readFileSync(resolve(root, foundBy.file), "utf8");
  expect(source).toMatch(
    new RegExp(`(test(\\.each)?\\(.*|name: )${JSON.stringify(foundBy.test).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`),
  );
});

test("scores at two sizes of the weights are those of the page, and gradproof has no survivors", () => {
  const scales = [1e-4, 1e-3];
  const rows = scoreRows(scoreAll(scoreSeed, scales));
  for (const [name = "", ...cells] of rows) {
    const line = page
      .replaceAll("\\_", "_")
      .split("\n")
      .find((one) => one.startsWith(`| ${name} |`));
    expect(
      line
        ?.split("|")
        .slice(2, 2 + scales.length)
        .map((cell) => cell.trim()),
      name,
    ).toEqual(cells);
  }
  const [, ...counts] = rows;
  const survivors = (checker: string) =>
    counts
      .find(([name]) => name === checker)
      ?.slice(1)
      .map(Number.parseFloat);
  expect(survivors("gradproof check")).toEqual([0, 0]);
  for (const count of survivors("PyTorch gradcheck, fast mode") ?? []) expect(count).toBeGreaterThan(20);
  expect(Math.min(...(survivors("mistakes that show") ?? []))).toBeGreaterThan(90);
}, 60_000);
