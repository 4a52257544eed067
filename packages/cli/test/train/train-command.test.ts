import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors, weightsOf, weightTensors, writeSafetensors } from "@gradproof/interchange";
import { describe, expect, test } from "vitest";
import type { TrainEvent } from "../../src/train/train-event.ts";
import { recorded } from "../recording-terminal.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder().path;
const small = ["train", "delayed-xor", "--length", "1", "--hidden", "6", "--batch", "4", "--no-stop"];

async function events(...args: string[]): Promise<{ status: number; events: TrainEvent[]; err: string }> {
  const { status, out, err } = await recorded([...args, "--json"]);
  const lines = out.split("\n").filter((line) => line !== "");
  return { status, err, events: lines.map((line) => JSON.parse(line)) };
}

/** The bytes of the newest checkpoint of a run of 40 steps that never stopped. */
async function uninterrupted(): Promise<Buffer> {
  const save = join(folder, "uninterrupted");
  if (!readdirSync(folder).includes("uninterrupted")) {
    expect((await recorded([...small, "--steps", "40", "--save", save, "--save-every", "10"])).status).toBe(0);
  }
  return newest(save);
}

function newest(save: string): Buffer {
  const last = readdirSync(save).sort().at(-1) as string;
  return readFileSync(join(save, last));
}

test("tells what happens, line by line: start, progress, checks of the running gradient, end", async () => {
  const run = await events(...small, "--steps", "40", "--log-every", "20", "--check-every", "25");
  expect([run.status, run.err]).toEqual([0, ""]);
  expect(run.events.map(({ event }) => event)).toEqual(["start", "progress", "check", "progress", "end"]);
  expect(run.events[0]).toMatchObject({
    schema: 1,
    task: "delayed-xor 1",
    precision: "float32",
    parameters: 68,
    step: 0,
  });
  expect(run.events[2]).toMatchObject({ step: 25, verdict: "match", sequences: 4, mistakes: [] });
  expect(run.events[4]).toMatchObject({ ending: "out-of-steps", step: 40, checks: 1, mismatches: 0 });
});

test("for a person: the task, a log, and how it ended", async () => {
  const { status, out } = await recorded([
    "train",
    "adding",
    "--length",
    "3",
    "--hidden",
    "16",
    "--learning-rate",
    "0.01",
  ]);
  expect(status).toBe(0);
  expect(out).toMatch(
    /^adding 3 {2}Hochreiter and Schmidhuber 1997; .*337 weights in float32; trivial, always 1: loss 0.17$/m,
  );
  expect(out).toMatch(
    /^✓ solved at step \d+ {2}\d+ s\n {2}loss 0\.0\d+, \d\.\d % of the trivial prediction's; held out [\d.e-]+$/m,
  );
});

describe("--threads", () => {
  // Large enough for its products to be divided.
  const wide = ["train", "delayed-xor", "--hidden", "64", "--batch", "64", "--no-stop", "--steps", "60"];

  test("a run with two threads, or with three from its middle on, ends in the bytes of one with a single thread", async () => {
    const [one, two, both] = [join(folder, "one-thread"), join(folder, "two-threads"), join(folder, "both")];
    await recorded([...wide, "--save", one]);
    expect((await recorded([...wide, "--save", two, "--threads", "2"])).status).toBe(0);
    await recorded([...wide, "--save", both, "--steps", "30"]);
    await recorded([...wide, "--save", both, "--resume", "--threads", "3"]);
    expect(newest(two)).toEqual(newest(one));
    expect(newest(both)).toEqual(newest(one));
  });

  test("are of simd alone, and at most 64", async () => {
    const portable = await recorded([...small, "--threads", "2", "--arithmetic", "portable"]);
    expect([portable.status, portable.err]).toEqual([
      64,
      "gradproof: train: 2 threads with --arithmetic portable; expected simd, or 1 thread\n",
    ]);
    const many = await recorded([...small, "--threads", "65"]);
    expect([many.status, many.err]).toEqual([
      64,
      "gradproof: threaded: 65 threads; expected a whole number from 1 to 64\n",
    ]);
  });
});

describe("--save and --resume", () => {
  test("a run that stopped after 25 steps and goes on ends in the bytes of one that did not", async () => {
    const save = join(folder, "resumed");
    await recorded([...small, "--steps", "25", "--save", save, "--save-every", "10"]);
    const { events: after } = await events(...small, "--steps", "40", "--save", save, "--save-every", "10", "--resume");
    expect(after[0]).toMatchObject({ event: "start", step: 25, from: join(save, "step-000000025.safetensors") });
    expect(newest(save)).toEqual(await uninterrupted());
  });

  test("a torn checkpoint is refused with its reason, and the one before it is used", async () => {
    const save = join(folder, "torn");
    await recorded([...small, "--steps", "25", "--save", save, "--save-every", "10"]);
    truncateSync(join(save, "step-000000025.safetensors"), 1000);
    const run = await events(...small, "--steps", "40", "--save", save, "--save-every", "10", "--resume");
    expect(run.events[0]).toMatchObject({ event: "refused", path: join(save, "step-000000025.safetensors") });
    expect(JSON.stringify(run.events[0])).toContain("it is torn");
    expect(run.events[1]).toMatchObject({ event: "start", step: 20 });
    expect(newest(save)).toEqual(await uninterrupted());
  });

  test("a foreign checkpoint is refused with the setting in which it differs, and the one before it is used", async () => {
    const [save, other] = [join(folder, "foreign"), join(folder, "other")];
    await recorded([...small, "--steps", "20", "--save", save, "--save-every", "10"]);
    await recorded([...small, "--steps", "30", "--save", other, "--seed", "9"]);
    writeFileSync(join(save, "step-000000030.safetensors"), newest(other));
    const run = await events(...small, "--steps", "40", "--save", save, "--save-every", "10", "--resume");
    expect(JSON.stringify(run.events[0])).toContain("it is of another run: its seed is 9, and this run's 1");
    expect(newest(save)).toEqual(await uninterrupted());
  });

  test("with none that can be used it is an error, and nothing is begun anew", async () => {
    const save = join(folder, "none");
    await recorded([...small, "--steps", "5", "--save", save]);
    const { status, err, out } = await recorded([
      ...small,
      "--steps",
      "9",
      "--save",
      save,
      "--resume",
      "--hidden",
      "7",
    ]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(
      /^gradproof: no checkpoint in .* can be used\n .*its hidden is 6, and this run's 7; next: the options that it was begun with$/m,
    );
  });

  test("a folder that holds checkpoints is not written over", async () => {
    const save = join(folder, "held");
    await recorded([...small, "--steps", "5", "--save", save]);
    const { status, err } = await recorded([...small, "--steps", "9", "--save", save]);
    expect(status).toBe(2);
    expect(err).toContain(
      "already holds step-000000005.safetensors; next: --resume to go on from it, or another folder",
    );
  });

  test("the last three checkpoints are kept", async () => {
    await uninterrupted();
    expect(readdirSync(join(folder, "uninterrupted")).sort()).toEqual(
      [20, 30, 40].map((step) => `step-0000000${step}.safetensors`),
    );
  });
});

test("weights of a file begin a run, and those that do not fit are refused by name", async () => {
  await uninterrupted();
  const weights = join(folder, "uninterrupted/step-000000040.safetensors");
  const begun = await events(...small, "--steps", "1", "--weights", weights);
  const fresh = await events(...small, "--steps", "1");
  const loss = (run: typeof begun) => (run.events.at(-1) as { loss: number }).loss;
  expect(begun.status).toBe(0);
  expect(loss(begun)).not.toBe(loss(fresh));
  const { status, err } = await recorded([...small, "--weights", weights, "--hidden", "5"]);
  expect(status).toBe(2);
  expect(err).toContain("the snapshot's Wxh has shape [6, 1]; expected [5, 1]");
});

test("weights under any names begin a run, and a checkpoint's are found beside its optimiser's memory", async () => {
  await uninterrupted();
  const checkpoint = join(folder, "uninterrupted/step-000000040.safetensors");
  const { tensors } = readSafetensors(readFileSync(checkpoint));
  expect([...tensors.keys()]).toContain("optimiser.mean.rnn.weight_hh_l0");
  const named = [...weightTensors(weightsOf(tensors), "F32")].map(
    ([name, tensor]) => [name.replace("rnn.", "core.0.").replace("readout.", "head."), tensor] as const,
  );
  const own = join(folder, "own-names.safetensors");
  writeFileSync(own, writeSafetensors({ tensors: new Map(named) }));
  const end = async (weights: string) => (await events(...small, "--steps", "3", "--weights", weights)).events.at(-1);
  const [one, other] = [await end(own), await end(checkpoint)];
  expect(one).toMatchObject({ event: "end", loss: (other as { loss: number }).loss });
  const flow = await recorded(["flow", "--weights", checkpoint, "--steps", "60", "--json"]);
  expect([JSON.parse(flow.out).verdict, flow.err]).not.toContain("error");
});

test("a file without the weights of an RNN is refused as one", async () => {
  const file = join(folder, "no-rnn.safetensors");
  const tensor = { dtype: "F32", shape: [1, 1], data: Float32Array.of(1) } as const;
  writeFileSync(file, writeSafetensors({ tensors: new Map([["conv.weight", tensor]]) }));
  const { status, err } = await recorded([...small, "--weights", file]);
  expect(status).toBe(2);
  expect(err).toMatch(
    /^gradproof: the weights .*no-rnn.safetensors cannot be used: .*weight_hh_l0; the file has conv.weight$/m,
  );
});

test("a run that diverges says where, keeps its last good checkpoint, and ends with status 3", async () => {
  const save = join(folder, "diverged");
  const wild = ["--no-clip", "--optimiser", "sgd", "--learning-rate", "1e38", "--nonlinearity", "relu", "--gain", "2"];
  const run = await events(...small, "--steps", "50", ...wild, "--save", save, "--save-every", "1");
  expect(run.status).toBe(3);
  const end = run.events.at(-1) as Extract<TrainEvent, { event: "end" }>;
  expect(end).toMatchObject({ ending: "diverged" });
  // The verdict on so short a sequence may be that it says too little; it is always said.
  expect(end.flow?.evidence.length).toBeGreaterThan(0);
  expect(end.place).toMatch(/^(\w+|gradient of \w+)(\[[\d, ]+\])? is (NaN|-?Infinity)$/);
});

test("steps that are too long are named, and a loss many times the trivial prediction's is told as such", async () => {
  const args = ["train", "adding", "--length", "4", "--hidden", "8", "--steps", "60", "--log-every", "30"];
  const { status, out } = await recorded([...args, "--learning-rate", "10"]);
  expect(status).toBe(0);
  expect(out).toMatch(/loss \d+ \([\d,]+ times trivial\)/);
  expect(out).toMatch(/the loss grew from [\d.]+: the steps are too long; next: a smaller --learning-rate$/m);
  expect((await recorded(args)).out).not.toContain("the loss grew");
});

test("a run whose gradient dies out on the way says so, and one that flows does not", async () => {
  const options = ["--hidden", "8", "--batch", "4", "--steps", "3", "--no-stop"];
  const flowOf = async (gain: string) => {
    const run = await events(
      "train",
      "adding",
      "--length",
      "80",
      "--gain",
      gain,
      "--learning-rate",
      "1e-9",
      ...options,
    );
    return (run.events.at(-1) as Extract<TrainEvent, { event: "end" }>).flow;
  };
  const dying = await flowOf("0.3");
  expect(dying).toMatchObject({ verdict: "obstructed", causes: ["gain-too-small"] });
  expect(dying?.evidence.join()).toMatch(/errors shrink to \d+/);
  expect((await flowOf("1"))?.causes).not.toContain("gain-too-small");
});

test("--patience stops a run that gets no better on what is held out, resumed or not", async () => {
  const [save, wild] = [join(folder, "patient"), ["--learning-rate", "0.5", "--patience", "3", "--log-every", "5"]];
  const whole = await events(...small, "--steps", "400", ...wild);
  const end = whole.events.at(-1) as Extract<TrainEvent, { event: "end" }>;
  expect([whole.status, end.ending]).toEqual([0, "stopped-early"]);
  const heldOut = whole.events.flatMap((event) => (event.event === "progress" ? [event.heldOut as number] : []));
  const best = heldOut.indexOf(Math.min(...heldOut));
  expect([end.step, heldOut.length]).toEqual([5 * (best + 4), best + 4]);
  await recorded([...small, "--steps", String(end.step - 7), ...wild, "--save", save]);
  const resumed = await events(...small, "--steps", "400", ...wild, "--save", save, "--resume");
  expect(resumed.events.at(-1)).toMatchObject({ ending: "stopped-early", step: end.step, loss: end.loss });
});

test("a text of one's own: bits per character beside n-grams, and a sample", async () => {
  const text = join(folder, "own.txt");
  writeFileSync(text, "über den wolken, unter den wolken. ".repeat(30));
  const run = await events(
    "train",
    "text",
    "--text",
    text,
    "--hidden",
    "8",
    "--length",
    "5",
    "--steps",
    "30",
    "--sample",
    "20",
  );
  const end = run.events.at(-1) as Extract<TrainEvent, { event: "end" }>;
  expect(run.status).toBe(0);
  expect(end.bitsPerCharacter?.nGrams).toHaveLength(5);
  expect([...(end.sample as string)]).toHaveLength(21);
  writeFileSync(text, Buffer.from([0xff, 0xfe, 0x41]));
  const wrong = await recorded(["train", "text", "--text", text]);
  expect([wrong.status, wrong.err]).toEqual([
    2,
    `gradproof: the text ${text} is not UTF-8; expected a text in UTF-8\n`,
  ]);
  const missing = await recorded(["train", "text", "--text", join(folder, "missing.txt")]);
  expect(missing.status).toBe(2);
});

test.each([
  [["train"], /missing required argument 'task'; expected one of adding, multiplication, copy/],
  [["train", "juggling"], /'juggling' is invalid.*Allowed choices are adding/],
  [["train", "adding", "--hidden", "0"], /expected an integer of at least 1/],
  [["train", "adding", "--truncate", "window"], /expected one of the forms that the help names/],
  [["train", "adding", "--length", "1"], /adding: T is 1; expected an integer at least 2/],
  [["train", "adding", "--resume"], /--resume needs --save DIR/],
  [["train", "adding", "--save", join(import.meta.filename, "a")], /the folder .* cannot be made: ENOTDIR/],
  [["train", "adding", "--report", "x.txt"], /expected a name that ends in .html/],
])("%j is wrong usage, in one sentence", async (args, message) => {
  const { status, out, err } = await recorded(args);
  expect([64, 2]).toContain(status);
  expect(out).toBe("");
  expect(err).toMatch(message);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
});
