import { mkdirSync, readFileSync, truncateSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { checkFile } from "../src/check-file.ts";
import { isJudged } from "../src/checked-file.ts";
import { namedMistakes } from "../src/text/wording.ts";
import { caseFile, mistakenCase, overflowingCase, tamperedCase } from "./cases.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

const pytorch = resolve(import.meta.dirname, "../../../apps/examples/pytorch/cases");
const index: { file: string; expect: string; mistake?: string }[] = JSON.parse(
  readFileSync(join(pytorch, "index.json"), "utf8"),
);

test.each(index)("PyTorch's $file: $expect", ({ file, expect: verdict }) => {
  expect(checkFile(join(pytorch, file)).verdict).toBe(verdict);
});

test.each(["safetensors", "npz"] as const)("a right gradient in a .%s file matches", (format) => {
  const file = checkFile(folder.write(`right.${format}`, caseFile(undefined, format)));
  expect(file).toMatchObject({
    verdict: "match",
    problem: {
      T: 5,
      B: 2,
      I: 3,
      H: 4,
      O: 2,
      nonlinearity: "tanh",
      loss: "mse",
      reduction: "mean",
      mask: false,
      dtype: "F64",
    },
  });
});

test("a known mistake is found and named", () => {
  const file = checkFile(folder.write("mistaken.safetensors", mistakenCase("recurrent-not-transposed")));
  expect(file.verdict).toBe("mismatch");
  expect(isJudged(file) && namedMistakes(file.judgement)).toEqual(["recurrent-not-transposed"]);
});

test("one wrong number is found where it is", () => {
  const file = checkFile(folder.write("tampered.safetensors", tamperedCase(0.5)));
  const gradients = isJudged(file) ? file.judgement.gradients : [];
  expect(gradients.filter(({ verdict }) => verdict === "mismatch")).toMatchObject([
    { name: "rnn.weight_hh_l0", worst: { index: [1, 2], given: 0.5 } },
  ]);
});

test("an overflow of a correct program is inconclusive", () => {
  expect(checkFile(folder.write("overflow.safetensors", overflowingCase())).verdict).toBe("inconclusive");
});

test("the name that is given is the name of the result, also in what is wrong", () => {
  expect(checkFile(join(folder.path, "none"), { name: "other" }).file).toBe("other");
});

const right = caseFile();
const header = (json: string): Uint8Array => {
  const bytes = new Uint8Array(8 + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(new TextEncoder().encode(json), 8);
  return bytes;
};

const refused: Readonly<Record<string, readonly [content: Uint8Array | string, sentence: RegExp]>> = {
  "empty.safetensors": ["", /^the file is empty/],
  "text.safetensors": ["loss = 0.25\nloss = 0.24\n", /^the file is text/],
  "cut.safetensors": [right.subarray(0, right.length - 100), /cut short by 100 bytes/],
  "cut.npz": [caseFile(undefined, "npz").subarray(0, 500), /./],
  "not-json.safetensors": [header("{nothing"), /is not JSON/],
  "no-tensors.safetensors": [header("{}      "), /./],
  "later.safetensors": [renamed(right, "rnn.weight_hh_l0", "rnn.weight_hh_l1"), /an RNN of several layers/],
  "unknown.safetensors": [renamed(right, "readout.bias", "readout.bios"), /readout\.bios/],
  "lstm.safetensors": [renamed(right, '"nonlinearity":"tanh"', '"nonlinearity":"lstm"'), /nonlinearity is "lstm"/],
};

/** The same bytes with a text of the header replaced by one as long. */
function renamed(bytes: Uint8Array, from: string, to: string): Uint8Array {
  return Uint8Array.from(Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll(from, to), "latin1"));
}

test.each(Object.entries(refused))("%s is refused with a sentence", (name, [content, sentence]) => {
  const file = checkFile(folder.write(name, content));
  expect(file).toEqual({ file: join(folder.path, name), verdict: "error", error: expect.stringMatching(sentence) });
});

test("what is no file is refused with a sentence", () => {
  mkdirSync(join(folder.path, "cases.safetensors"));
  const error = (name: string) => checkFile(join(folder.path, name));
  expect(error("cases.safetensors")).toMatchObject({ verdict: "error", error: expect.stringContaining("a folder") });
  expect(error("missing.npz")).toMatchObject({ verdict: "error", error: "there is no such file" });
  folder.write("plain", "");
  expect(error("plain/case.npz")).toMatchObject({ verdict: "error", error: expect.stringContaining("no such file") });
  expect(checkFile("/dev/null")).toMatchObject({ error: expect.stringContaining("not a regular file") });
  expect(error(`${"n".repeat(300)}.npz`)).toMatchObject({ error: expect.stringContaining("longer than") });
});

test("a file beyond what is judged in memory is refused without being read", () => {
  const path = folder.write("large.safetensors", "");
  truncateSync(path, 3 * 2 ** 30);
  expect(checkFile(path)).toMatchObject({ verdict: "error", error: expect.stringContaining("3.0 GiB") });
});

test("the same seed gives the same judgement, another one other errors in σ", () => {
  const path = folder.write("seeded.safetensors", right);
  expect(checkFile(path, { seed: 7 })).toEqual(checkFile(path, { seed: 7 }));
  expect(checkFile(path, { seed: 8 })).not.toEqual(checkFile(path, { seed: 7 }));
});
