import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { withMistakeTables, withScoreTable } from "./score/mistake-tables.ts";
import { scoreAll, scoreLegend, scoreRows, scoreSeed } from "./score/score-table.ts";

const root = resolve(import.meta.dirname, "../../..");
const path = resolve(root, "apps/docs/mistakes.md");

const { values } = parseArgs({
  options: { seed: { type: "string", default: String(scoreSeed) }, write: { type: "boolean", default: false } },
});
const seed = Number(values.seed);
if (!Number.isSafeInteger(seed)) throw new RangeError(`score: --seed is ${values.seed}; expected an integer`);

const scored = scoreAll(seed, undefined, (name) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${name}`);
});
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");

const rows = scoreRows(scored);
const width = Math.max(...rows.map(([name = ""]) => name.length));
for (const [name = "", ...cells] of rows)
  console.log(name.padEnd(width) + cells.map((cell) => cell.padStart(8)).join(""));
console.log(`\n${scoreLegend} Seed ${seed}.`);

const own = scored.at(-1);
const failed = own?.scores.some(({ survivors, falseAlarms }) => survivors.length + falseAlarms > 0);
if (failed) process.exitCode = 1;
else if (values.write) {
  writeFileSync(path, withScoreTable(withMistakeTables(readFileSync(path, "utf8")), scored, seed));
  console.log(`tables written to ${relative(root, path)}`);
}
