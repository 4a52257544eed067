import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { CountsByType, Plan } from "./calibrate.ts";
import { isClean } from "./counts.ts";
import { runParts } from "./parts.ts";
import { tablesOf } from "./tables.ts";

const help = `calibrate: judges random correct gradients, float32 and float64 in turn; expects no false alarm, no
planted error of 4 K σ judged right, and at most 1 % of either inconclusive

  --problems N   how many (20000)
  --seed S       of all problems (a fresh one)
  --wide         weights at scales from 1e-4 to 1e1, gains from 0.1 to 3
  --kernels      σ by noise at every kernel, as for large problems, instead of at every operation
  --workers W    parts at a time (as many as there are processors)
  --parts DIR    where finished parts are kept; the same command goes on with them (out/calibration)
  --data FILE    writes what it came to as JSON`;

const { values } = parseArgs({
  options: {
    problems: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    wide: { type: "boolean", default: false },
    kernels: { type: "boolean", default: false },
    workers: { type: "string", default: String(availableParallelism()) },
    parts: { type: "string", default: "out/calibration" },
    data: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) console.log(help);
else await main();

async function main(): Promise<void> {
  const plan: Plan = {
    problems: wholeNumber("problems", values.problems, 1),
    seed: wholeNumber("seed", values.seed, 0),
    scales: values.wide ? "wide" : "usual",
    noise: values.kernels ? "kernels" : "operations",
  };
  const kind = `${values.wide ? " --wide" : ""}${values.kernels ? " --kernels" : ""}`;
  const command = `npx -y pnpm@12 calibrate --problems ${plan.problems} --seed ${plan.seed}${kind}`;
  console.log(`${command}\n`);
  const workers = wholeNumber("workers", values.workers, 1);
  const counts = await runParts(plan, values.parts, workers, progress(plan.problems));
  console.log(tablesOf(counts));
  const { F32, F64 } = counts;
  const complaints = [F32, F64].flatMap(({ falseAlarms, missed }) => [
    ...falseAlarms.map((line) => `false alarm: ${line}`),
    ...missed.map((line) => `judged right with an error of 4 K σ: ${line}`),
  ]);
  for (const line of complaints) console.log(line);
  if (values.data) writeFileSync(values.data, `${JSON.stringify({ command, ...plan, ...counts })}\n`);
  process.exitCode = isClean(F32) && isClean(F64) ? 0 : 1;
}

/** A line on a terminal, rewritten; a line for every part elsewhere. */
function progress(problems: number): (counts: CountsByType) => void {
  const began = performance.now();
  return ({ F32, F64 }) => {
    const done = F32.problems + F64.problems;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const line = `${done} of ${problems} problems, ${seconds} s`;
    if (process.stderr.isTTY) process.stderr.write(done === problems ? "\r\x1b[K" : `\r${line}`);
    else process.stderr.write(`${line}\n`);
  };
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  console.error(`calibrate: --${name} is ${text}; expected a whole number from ${least} on`);
  process.exit(64);
}
