import { expect, test } from "vitest";
import { readCase } from "../src/case-reader.ts";
import { FileFormatError } from "../src/errors.ts";
import { readNpz } from "../src/npz-reader.ts";
import { readSafetensors } from "../src/safetensors-reader.ts";
import { elementTexts, expectedFiles, fixture, fixtureFiles } from "./fixtures.ts";
import { thrown } from "./thrown.ts";

const read = (file: string) => (file.endsWith(".safetensors") ? readSafetensors : readNpz)(fixture(file));

test.each([...expectedFiles()])("%s holds what its writer says", (file, expected) => {
  const { tensors, metadata } = read(file);
  expect([...tensors.keys()].sort()).toEqual([...expected.tensors.keys()].sort());
  for (const [name, { dtype, shape, values }] of expected.tensors) {
    const tensor = tensors.get(name);
    expect.soft(tensor?.dtype, name).toBe(dtype);
    expect.soft(tensor?.shape, name).toEqual(shape);
    expect.soft(tensor === undefined ? [] : elementTexts(tensor), name).toEqual(values);
  }
  expect(metadata).toEqual(expected.metadata);
});

test("every dtype, order, byte order and compression is among them", () => {
  const counts = new Map<string, number>();
  let elements = 0;
  for (const [file, { kind, tensors }] of expectedFiles()) {
    for (const { dtype, stored, values } of tensors.values()) {
      const variant = `${file.replace(/.*\./, ".")} ${kind.padEnd(19)} ${stored.padEnd(11)} ${dtype}`;
      counts.set(variant, (counts.get(variant) ?? 0) + 1);
      elements += values.length;
    }
  }
  const table = [...counts].sort().map(([variant, count]) => `  ${variant.padEnd(50)} ${count}`);
  console.log(`${counts.size} variants, ${elements} elements read as written:\n${table.join("\n")}`);

  const npz = ["f8 F64", "f4 F32", "f2 F16", "i8 I64", "i4 I32"].flatMap((type) =>
    ["C <", "C >", "F <", "F >"].map((layout) => layout + type),
  );
  const bytes = ["u1 U8", "b1 BOOL"].flatMap((type) => [`C |${type}`, `F |${type}`]);
  for (const variant of [...npz, ...bytes]) {
    for (const kind of ["stored", "deflated"]) {
      const [stored, dtype] = [variant.slice(0, 5), variant.slice(6)];
      expect(counts.get(`.npz ${kind.padEnd(19)} ${stored.padEnd(11)} ${dtype}`), `${kind} ${variant}`).toBe(1);
    }
  }
  for (const dtype of ["F64", "F32", "F16", "BF16", "I64", "I32", "U8", "BOOL"]) {
    for (const kind of ["torch", "safetensors package"]) {
      expect(counts.get(`.safetensors ${kind.padEnd(19)} torch       ${dtype}`), `${kind} ${dtype}`).toBeGreaterThan(0);
    }
  }
});

test("the same case as .safetensors and as .npz is the same case", () => {
  const sorted = (file: string) => {
    const { gradients, ...rest } = readCase(fixture(file));
    return { ...rest, gradients: gradients.toSorted((a, b) => a.name.localeCompare(b.name)) };
  };
  const fromTorch = sorted("case.safetensors");
  expect(sorted("case.npz")).toEqual(fromTorch);
  expect(fromTorch).toMatchObject({ precision: "F32", problem: { loss: "cross_entropy", reduction: "mean" } });
  expect(fromTorch.gradients.map(({ name }) => name)).toContain("rnn.weight_hh_l0");
  expect(fromTorch.problem.h0).toEqual({ shape: [2, 3], data: new Float64Array(6) });
});

const refused: Record<string, [problem: string, words: RegExp]> = {
  "refused-object.npz": ["pickle", /array "a" has dtype object \("\|O"\): pickled Python objects are never unpickled/],
  "refused-complex.npz": ["dtype", /array "a" has dtype "<c16"; expected f8, f4/],
  "refused-int16.npz": ["dtype", /array "a" has dtype "<i2"/],
  "refused-longdouble.npz": ["dtype", /array "a" has dtype "<f16"/],
  "refused-structured.npz": ["dtype", /array "a" has the structured dtype "\[\('x', '<f8'\), \('y', '<i4'\)\]"/],
  "refused-datetime.npz": ["dtype", /array "a" has dtype "<M8\[D\]"/],
  "refused-text-array.npz": ["shape", /array "a" holds text of shape \[2\]; expected text only as 0-d arrays/],
  "refused-void.npz": ["dtype", /array "a" has dtype "\|V2" \(bfloat16 is saved so/],
  "refused-bzip2.npz": ["compression-method", /entry "a\.npy" is compressed by method 12 \(bzip2\); expected 0 or 8/],
  "refused-lzma.npz": ["compression-method", /method 14 \(LZMA\)/],
  "refused-single.npy": ["foreign-format", /a single NumPy array \(\.npy\); numpy\.savez writes several by name/],
  "refused-checkpoint.pt": ["pickle", /holds ".*\/data\.pkl": it was written by torch\.save as pickled objects/],
  "refused-pickle.pkl": ["pickle", /a Python pickle/],
};

test("every file that must be refused is in the table", () => {
  expect(Object.keys(refused).sort()).toEqual(fixtureFiles.filter((file) => file.startsWith("refused-")).sort());
});

const refusals = Object.entries(refused).map(([file, [problem, words]]) => ({ file, problem, words }));

test.each(refusals)("$file is refused: $problem", ({ file, problem, words }) => {
  for (const reader of [readCase, readNpz]) {
    const error = thrown(FileFormatError, () => reader(fixture(file)));
    expect(error.problem).toBe(problem);
    expect(error.message).toMatch(words);
  }
});
