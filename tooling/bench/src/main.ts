import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { Command, Option } from "commander";
import type { Contender } from "./contenders/contender.ts";
import { npmPeers } from "./contenders/npm.ts";
import { ours } from "./contenders/ours.ts";
import { python } from "./contenders/python.ts";
import { trainingSteps } from "./contenders/training-step.ts";
import { figureOf } from "./figure.ts";
import { gemmShares, peakPerMillisecond } from "./peak.ts";
import { installPeers } from "./peers.ts";
import { referenceOf } from "./reference.ts";
import { type Result, race } from "./rounds.ts";
import { growths, startUp, textOf } from "./scaling.ts";
import { shapes } from "./shapes.ts";
import { tableOf } from "./table.ts";

interface Options {
  readonly quick?: boolean;
  readonly shapes: string;
  readonly only?: string;
  readonly seconds?: string;
  readonly out: string;
}

const program = new Command("bench")
  .description("Times one training step of the vanilla RNN, ours against other libraries, on the same problems.")
  .option("--quick", "a minute's look: the fast contenders, short rounds")
  .option("--shapes <names>", "which of S1 to S5, by commas", shapes.map(({ name }) => name).join(","))
  .option("--only <text>", "contenders whose name has one of these parts, by commas; the first is what ratios refer to")
  .addOption(new Option("--seconds <n>", "how long a shape is timed").argParser(String))
  .option("--out <folder>", "where bench.json and bench.svg go", "out/bench");

const options = program.parse().opts<Options>();
const seconds = Number(options.seconds ?? (options.quick ? 3 : 20));
if (!(seconds > 0)) program.error(`bench: --seconds is ${options.seconds}; expected a positive number`);
const names = options.shapes.split(",");
const chosen = shapes.filter(({ name }) => names.includes(name));
const unknown = names.find((name) => !shapes.some((shape) => shape.name === name));
if (unknown !== undefined) program.error(`bench: no shape ${unknown}; expected some of S1 to S5`);

const parts = options.only?.split(",");
const threads = availableParallelism() > 1 ? [1, 2] : [1];
const all: readonly Contender[] = [...ours(), ...npmPeers, ...python(threads), ...trainingSteps()];
const wanted = all.filter(({ name, slow }) =>
  parts ? parts.some((part) => name.includes(part)) : !(options.quick && slow),
);
if (wanted.length === 0)
  program.error(
    `bench: no contender has ${options.only} in its name; expected part of one of: ${all.map(({ name }) => name).join("; ")}`,
  );

const why = wanted.some((contender) => npmPeers.includes(contender)) && installPeers(console.error);
if (why) console.error(`bench: TensorFlow.js, jax-js and js-pytorch are left out: ${why}`);
const contenders = why ? wanted.filter((contender) => !npmPeers.includes(contender)) : wanted;
if (contenders.length === 0) program.error("bench: no contender is left");

const isTerminal = process.stderr.isTTY;
function progress(text: string): void {
  if (isTerminal) process.stderr.write(`\r\x1b[K${text}`);
}

const machine = `${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`;
console.log(`${machine}; minima of interleaved rounds, ratios to ${contenders[0].name} round by round\n`);
const first = startUp();
const peak = peakPerMillisecond(0.5);
const shares = gemmShares(options.quick ? 0.2 : 1);
console.log(
  `peak of one core in float32, 128 bits: ${((2 * peak) / 1e6).toFixed(1)} GFLOP/s; gemm's share of it (M x N x K):`,
);
console.log(`  ${shares.map(({ shape, share }) => `${shape}: ${(100 * share).toFixed(0)} %`).join(", ")}\n`);

const growth = growths(options.quick ? 0.2 : 0.7);
console.log("a step with simd as one size grows (B 16, T 100, I 16, H 128, O 16, squared error), and its memory:");
console.log(growth.map(textOf).join("\n"));
console.log(
  `  first product of a new simd arithmetic after ${first.toFixed(1)} ms; ${shippedBytes()} bytes of kernels, gzipped\n`,
);

const results: Result[] = [];
for (const shape of chosen) {
  progress(`${shape.name}: reference`);
  const reference = await referenceOf(shape);
  const raced = await race(shape, contenders, reference, seconds, progress);
  progress("");
  results.push(...raced);
  console.log(`${tableOf(shape, raced, peak)}\n  gradients checked against ${reference.by}\n`);
}
mkdirSync(options.out, { recursive: true });
write(
  "bench.json",
  JSON.stringify({ machine, peak, shares, startUp: first, growth, shapes: chosen, results }, null, 2),
);
write("bench.svg", figureOf(results));
console.log(`${join(options.out, "bench.json")}, ${join(options.out, "bench.svg")}`);

/** What importing simd adds to a page: both variants of the kernels, as they are published. */
function shippedBytes(): number {
  const kernels = fileURLToPath(new URL("./generated/kernels.ts", import.meta.resolve("@gradproof/arithmetic/simd")));
  return gzipSync(readFileSync(kernels)).length;
}

function write(name: string, text: string): void {
  const file = join(options.out, name);
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}
