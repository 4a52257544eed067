import { setPriority } from "node:os";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import { TablesDocument } from "./document.ts";
import { experiments, nameOf, seeds } from "./experiment.ts";
import { KeptRuns } from "./kept-runs.ts";
import { type Run, run } from "./run.ts";
import { tables } from "./table.ts";

interface Options {
  readonly only: string;
  readonly seed?: string;
  readonly fresh?: boolean;
  readonly list?: boolean;
}

const root = resolve(import.meta.dirname, "../../..");
const [folder, path] = [join(root, "out/experiments"), join(root, "apps/docs/experiments.md")];

const program = new Command("experiments")
  .description(
    `Trains every experiment with the seeds ${seeds.join(", ")}, and writes the tables of ${relative(root, path)} after each run.`,
  )
  .option("--only <text>", "experiments whose name contains this", "")
  .option("--seed <number>", `one of the seeds ${seeds.join(", ")}; all unless given`)
  .option("--fresh", "do the runs again, kept or not")
  .option("--list", "say what is kept, and run nothing")
  .addHelpText(
    "after",
    `
Experiments:
${experiments.map((experiment) => `  ${nameOf(experiment).padEnd(36)}at most ${experiment.seconds} s a run`).join("\n")}

A run that is done is kept in ${relative(root, folder)}, a file each, and not done again: stop whenever you like, and go on with the same command.
Seconds are of one core's time, whatever else runs; all of it takes about a quarter of an hour.`,
  );
const { only, seed: asked, fresh, list } = program.parse().opts<Options>();
const chosen = experiments.filter((experiment) => nameOf(experiment).includes(only));
if (chosen.length === 0)
  program.error(
    `experiments: no name contains ${only}; expected part of one of: ${experiments.map(nameOf).join("; ")}`,
  );
const chosenSeeds = seeds.filter((seed) => asked === undefined || asked === String(seed));
if (chosenSeeds.length === 0) program.error(`experiments: --seed is ${asked}; expected one of ${seeds.join(", ")}`);

try {
  const document = new TablesDocument(path);
  const kept = new KeptRuns(folder);
  if (list) tellKept(kept);
  else runAll(kept, document);
} catch (error) {
  if (
    !(
      error instanceof Error &&
      (error instanceof SyntaxError || "syscall" in error || /^experiments: /.test(error.message))
    )
  )
    throw error;
  program.error(error.message);
}

function runAll(kept: KeptRuns, document: TablesDocument): void {
  setPriority(19);
  const write = () => document.write(tables((experiment, seed) => kept.of(experiment, seed)));
  if (fresh) for (const experiment of chosen) for (const seed of chosenSeeds) kept.forget(experiment, seed);
  for (const experiment of chosen) {
    for (const seed of chosenSeeds) {
      if (kept.of(experiment, seed)) continue;
      const title = `${nameOf(experiment)}, seed ${seed}`;
      const done = run(experiment, seed, (steps, seconds, share) =>
        progress(`${title}: step ${steps}, ${seconds.toFixed(0)} of ${experiment.seconds} s, ${percent(share)}`),
      );
      progress("");
      console.log(`${title}: ${sentence(done)}`);
      kept.keep(experiment, done);
      write();
    }
  }
  write();
  console.log(relative(process.cwd(), document.path));
}

function tellKept(kept: KeptRuns): void {
  for (const experiment of chosen) {
    for (const seed of chosenSeeds) {
      const done = kept.of(experiment, seed);
      console.log(`${nameOf(experiment)}, seed ${seed}: ${done ? sentence(done) : "not done"}`);
    }
  }
}

function sentence({ solved, diverged, steps, seconds, share, flow }: Run): string {
  const words = solved ? "solved" : diverged ? "diverged" : "not solved";
  const says = flow ? `; flow: ${[flow.verdict, ...flow.causes].join(", ")}` : "";
  return `${words} after ${steps} steps, ${seconds.toFixed(1)} s, ${percent(share)}${says}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} % of trivial`;
}

function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
