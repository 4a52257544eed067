import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";

/** Twenty by GRADPROOF_KILLS=20; each costs a start of the process. */
const kills = Number(process.env.GRADPROOF_KILLS ?? 4);
const folder = temporaryFolder().path;
const main = join(import.meta.dirname, "../../src/main.ts");
const run = [
  "train",
  "delayed-xor",
  "--hidden",
  "16",
  "--no-stop",
  "--steps",
  // More than it comes to between two kills, so that each finds it running.
  String(250 * kills),
  "--save-every",
  "20",
  "--check-every",
  "300",
];

function start(save: string, ...more: string[]): ChildProcess {
  const args = ["--conditions=@gradproof/source", main, ...run, "--save", save, "--json", ...more];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
}

async function finish(child: ChildProcess): Promise<{ status: number | null; out: string }> {
  let out = "";
  child.stdout?.on("data", (data) => {
    out += data;
  });
  const [status] = await once(child, "close");
  return { status, out };
}

/** Waits until a checkpoint has been written, or the run has ended, and then for a while; what it says is read on. */
async function checkpointed(child: ChildProcess, milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => {
    child.once("close", resolve);
    child.stdout?.on("data", (data) => {
      if (String(data).includes('"checkpoint"')) resolve();
    });
  });
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function last(save: string): [string, Buffer] {
  const name = readdirSync(save)
    .filter((file) => file.endsWith(".safetensors"))
    .sort()
    .at(-1) as string;
  return [name, readFileSync(join(save, name))];
}

test(`killed ${kills} times at random moments and resumed, a run ends in the bits of one that was not`, {
  timeout: 1_200_000,
}, async () => {
  const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
  expect((await finish(start(whole))).status).toBe(0);
  const steps: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const child = start(killed, ...(kill > 0 ? ["--resume"] : []));
    const closed = once(child, "close");
    await checkpointed(child, Math.random() * 150);
    child.kill("SIGKILL");
    const [, signal] = await closed;
    if (signal === "SIGKILL") steps.push(last(killed)[0]);
  }
  const end = await finish(start(killed, "--resume"));
  expect(end.status).toBe(0);
  console.log(`killed ${steps.length} times, last after ${steps.join(", ")}`);
  expect(steps.length).toBe(kills);
  expect(last(killed)).toEqual(last(whole));
});

test("a pipe that its reader has closed ends the run in good order", { timeout: 300_000 }, async () => {
  const save = join(folder, "piped");
  const child = start(save, "--steps", "1000000");
  const closed = once(child, "close");
  await once(child.stdout as NodeJS.ReadableStream, "data");
  child.stdout?.destroy();
  expect(await closed).toEqual([3, null]);
  expect(last(save)[1].length).toBeGreaterThan(1000);
});

test("Ctrl-C saves, says how to go on, and ends with status 3", { timeout: 300_000 }, async () => {
  const save = join(folder, "interrupted");
  const args = ["--conditions=@gradproof/source", main, ...run, "--save", save];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const finished = finish(child);
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (data) => {
      if (String(data).includes("saved")) resolve();
    });
  });
  child.kill("SIGINT");
  const { status, out } = await finished;
  expect(status).toBe(3);
  expect(out).toMatch(/^interrupted at step [\d,]+/m);
  expect(out).toContain(`to go on: gradproof ${run.join(" ")} --save ${save} --resume\n`);
});
