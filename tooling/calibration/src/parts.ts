import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { CountsByType, Plan } from "./calibrate.ts";
import { mergedCounts, noCounts } from "./counts.ts";

/** Problems in a part: what an interruption loses, for each worker. */
const partLength = 500;

export interface Part extends Plan {
  readonly start: number;
  readonly end: number;
}

/** A plan's parts, in order. */
export function partsOf(plan: Plan): Part[] {
  const count = Math.ceil(plan.problems / partLength);
  return Array.from({ length: count }, (_, n) => ({
    ...plan,
    start: n * partLength,
    end: Math.min((n + 1) * partLength, plan.problems),
  }));
}

/**
 * Runs the parts of a plan that have no file in the folder yet, `workers` at a time, writes a file for each, and merges
 * all. A run that was interrupted goes on where it was.
 *
 * @param onPart - called with the merged counts whenever there are more of them.
 */
export async function runParts(
  plan: Plan,
  folder: string,
  workers: number,
  onPart: (counts: CountsByType) => void,
): Promise<CountsByType> {
  mkdirSync(folder, { recursive: true });
  let merged: CountsByType = { F32: noCounts, F64: noCounts };
  const add = ({ F32, F64 }: CountsByType) => {
    merged = { F32: mergedCounts(merged.F32, F32), F64: mergedCounts(merged.F64, F64) };
    onPart(merged);
  };
  const open = partsOf(plan).filter((part) => {
    const counts = readPart(fileOf(folder, part));
    if (counts) add(counts);
    return counts === undefined;
  });
  const workOff = async () => {
    if (open.length === 0) return;
    const { judge, end } = partJudge();
    try {
      for (let part = open.shift(); part; part = open.shift()) {
        const counts = await judge(part);
        writePart(fileOf(folder, part), counts);
        add(counts);
      }
    } finally {
      await end();
    }
  };
  await Promise.all(Array.from({ length: workers }, workOff));
  return merged;
}

/** All that a part depends on is in its name: another plan may share the folder. */
function fileOf(folder: string, { scales, noise, seed, start, end }: Part): string {
  const kind = noise === "kernels" ? `${scales}-kernels` : scales;
  return join(folder, `${kind}-${seed}-${start}-${end}.json`);
}

function readPart(path: string): CountsByType | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new Error(`calibrate: ${path} cannot be read (${error}); expected a finished part; next: delete it`);
  }
}

/** Whole or not at all, whenever the process ends. */
function writePart(path: string, counts: CountsByType): void {
  writeFileSync(`${path}.unfinished`, JSON.stringify(counts));
  renameSync(`${path}.unfinished`, path);
}

/** A worker that judges one part after the other, so that its code is compiled once. */
function partJudge(): { judge(part: Part): Promise<CountsByType>; end(): Promise<unknown> } {
  const worker = new Worker(new URL("./part-worker.ts", import.meta.url));
  const judge = (part: Part) =>
    new Promise<CountsByType>((resolve, reject) => {
      const failed = (cause: unknown) =>
        reject(new Error(`calibrate: the worker of problem ${part.start} on ended`, { cause }));
      worker.once("error", failed).once("exit", failed);
      worker.once("message", (counts: CountsByType) => {
        worker.off("error", failed).off("exit", failed);
        resolve(counts);
      });
      worker.postMessage(part);
    });
  return { judge, end: () => worker.terminate() };
}
