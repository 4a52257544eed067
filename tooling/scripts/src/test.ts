import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Tally, VitestReport } from "./tally.ts";
import { add, check, none, summary, vitestTally } from "./tally.ts";

const root = resolve(import.meta.dirname, "../../..");
const bin = join(root, "node_modules/.bin");
const temporary = mkdtempSync(join(tmpdir(), "gradproof-test-"));

/** Runs a command, in the root unless told otherwise, its output going where ours goes; answers its exit status. */
function run(command: string, args: readonly string[], cwd = root): number {
  const colour = process.stdout.isTTY ? {} : { NO_COLOR: "1", FORCE_COLOR: undefined };
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...colour, TURBO_TELEMETRY_DISABLED: "1" },
  });
  if (error) console.error(error.message);
  return status ?? 1;
}

const script = (name: string): number => run(process.execPath, [join(import.meta.dirname, name)]);
const turbo = (...tasks: string[]): number =>
  run(join(bin, "turbo"), [
    "run",
    ...tasks,
    "--continue=dependencies-successful",
    "--output-logs=errors-only",
    "--log-order=grouped",
  ]);

function vitest(): Tally {
  const output = join(temporary, "vitest.json");
  const exitCode = run(join(bin, "vitest"), [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${output}`,
  ]);
  const report = existsSync(output) ? (JSON.parse(readFileSync(output, "utf8")) as VitestReport) : undefined;
  return vitestTally(report, exitCode);
}

/** Whether the bundles are as small as they are to be. */
function sizes(): Tally {
  const folder = join(root, "tooling/scripts");
  return check(run(process.execPath, [join(folder, "node_modules/size-limit/bin.js")], folder) === 0);
}

/** The build, and only after a good one what would be published of it. */
function published(): Tally {
  const built = check(turbo("build") === 0);
  if (built.failed > 0) return built;
  return [sizes(), check(script("packed.ts") === 0)].reduce(add, built);
}

const steps: readonly (readonly [heading: string, step: () => Tally])[] = [
  ["Format", () => check(run(join(bin, "biome"), ["format", "."]) === 0)],
  [
    "Lint",
    () => check(run(join(bin, "biome"), ["check", "--formatter-enabled=false", "--error-on-warnings", "."]) === 0),
  ],
  ["Imports: the table of the house", () => check(script("imports.ts") === 0)],
  ["Types", () => check(turbo("typecheck", "typecheck:configs") === 0)],
  ["Tests, and the snippets of every README", vitest],
  ["Build, and the packages as published", published],
];

const results = steps.map(([heading, step]) => {
  console.log(`\n=== ${heading}`);
  const start = performance.now();
  const tally = step();
  return { heading, tally, seconds: (performance.now() - start) / 1000 };
});
rmSync(temporary, { recursive: true, force: true });

console.log("\n=== Summary");
for (const { heading, tally, seconds } of results) {
  console.log(`${heading.padEnd(42)}${`${seconds.toFixed(1)} s`.padStart(8)}   ${summary(tally)}`);
}
const total = results.map(({ tally }) => tally).reduce(add, none);
console.log(`\n${summary(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
