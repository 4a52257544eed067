import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { experiments, seeds } from "./experiment.ts";
import { type Run, run } from "./run.ts";
import { tables } from "./table.ts";

/**
 * Runs every experiment with five seeds and puts the tables into apps/docs/experiments.md. Each run that is done is kept in
 * out/experiments.json, and not done again unless --fresh is given; --only takes a part of a name, --seed one of the seeds.
 */
const root = resolve(import.meta.dirname, "../../..");
const kept = join(root, "out/experiments.json");
const document = join(root, "apps/docs/experiments.md");
const { values } = parseArgs({
  options: { fresh: { type: "boolean" }, only: { type: "string", default: "" }, seed: { type: "string" } },
});

setPriority(19);
if (values.fresh) replace(kept, "[]");
for (const experiment of experiments) {
  const name = `${experiment.group}: ${experiment.name}`;
  if (!name.includes(values.only)) continue;
  for (const seed of seeds) {
    if (values.seed !== undefined && values.seed !== String(seed)) continue;
    if (keptRuns().some((done) => done.experiment === name && done.seed === seed)) continue;
    const done = { ...run(experiment, seed), experiment: name };
    const words = done.solved ? "solved" : done.diverged ? "diverged" : "not solved";
    const share = `${(100 * done.share).toFixed(1)} %`;
    console.log(`${name}, seed ${seed}: ${words} after ${done.steps} steps, ${done.seconds.toFixed(1)} s, ${share}`);
    // Others may run the rest meanwhile.
    replace(kept, JSON.stringify([...keptRuns(), done], undefined, 1));
    writeTables();
  }
}
writeTables();

function keptRuns(): Run[] {
  return existsSync(kept) ? JSON.parse(readFileSync(kept, "utf8")) : [];
}

/** Between the two marks of the document. */
function writeTables(): void {
  if (!existsSync(document)) return;
  const text = readFileSync(document, "utf8");
  const [before, rest = ""] = text.split("<!-- tables -->\n");
  const [, after = ""] = rest.split("<!-- end of tables -->\n");
  replace(document, `${before}<!-- tables -->\n\n${tables(keptRuns())}\n\n<!-- end of tables -->\n${after}`);
}

function replace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}
