import { describe, expect, test } from "vitest";
import { TensorWriteError } from "../src/errors.ts";
import { writeNpz } from "../src/npz-writer.ts";
import { readSafetensors } from "../src/safetensors-reader.ts";
import { writeSafetensors } from "../src/safetensors-writer.ts";
import type { WritableTensor } from "../src/tensor-file.ts";
import { thrown } from "./thrown.ts";

const tensor = (fields: object) =>
  ({ dtype: "F64", shape: [1], data: Float64Array.of(1), ...fields }) as WritableTensor;
const file = (fields: object, name = "a") => ({ tensors: new Map([[name, tensor(fields)]]) });

describe.each([
  ["writeSafetensors", writeSafetensors],
  ["writeNpz", writeNpz],
] as const)("%s refuses", (caller, write) => {
  test.each([
    ["an unknown dtype", { dtype: "F8" }, 'tensor "a" has dtype "F8"; expected F64, F32'],
    ["data of another kind", { dtype: "I64" }, "is I64 with a Float64Array of data; expected BigInt64Array"],
    ["a plain list", { data: [1] }, "is F64 with a Array of data; expected Float64Array"],
    ["a negative length", { shape: [-1] }, "has shape [-1]; expected a list of whole numbers"],
    ["a shape of other size", { shape: [2, 3] }, "has shape [2, 3] but 1 elements; expected 6"],
    ["a truth value of 2", { dtype: "BOOL", data: Uint8Array.of(2) }, "is BOOL but has 2 at [0]; expected 0 or 1"],
    [
      "a tenth as F32",
      { dtype: "F32", data: Float64Array.of(0.1) },
      "has 0.1 at [0], which F32 would round; expected a value that it holds; next: a wider dtype",
    ],
    ["65,505 as F16", { dtype: "F16", data: Float32Array.of(65505) }, "has 65505 at [0], which F16 would round"],
  ])("%s", (_, fields, words) => {
    const error = thrown(TensorWriteError, () => write(file(fields)));
    expect(error.message).toContain(words);
    expect(error.message).toMatch(new RegExp(`^${caller}: `));
    expect(error.place).toBe("a");
  });

  test("half a surrogate pair", () => {
    expect(() => write(file({}, "a\ud800"))).toThrow("surrogate pair");
    expect(() => write({ tensors: new Map(), metadata: new Map([["a", "\udc00"]]) })).toThrow("surrogate pair");
  });
});

test(".safetensors has no tensor of the name __metadata__", () => {
  expect(() => writeSafetensors(file({}, "__metadata__"))).toThrow('a tensor is named "__metadata__"');
});

test(".npz has no BF16, no name twice, no empty name, no text that ends in zeros", () => {
  const bf16 = file({ dtype: "BF16", data: Float32Array.of(1) });
  expect(() => writeNpz(bf16)).toThrow(
    "BF16, which NumPy does not have; expected another dtype; next: writeSafetensors",
  );
  expect(() => writeNpz({ ...file({}), metadata: new Map([["a", ""]]) })).toThrow('"a" names a tensor and a setting');
  expect(() => writeNpz(file({}, ""))).toThrow('"" cannot be stored');
  expect(() => writeNpz({ tensors: new Map(), metadata: new Map([["s", "a\0"]]) })).toThrow(
    "ends with a zero character",
  );
});

test("tensors of .safetensors are aligned to their elements, whatever their order", () => {
  const tensors = new Map<string, WritableTensor>([
    ["u", { dtype: "U8", shape: [3], data: Uint8Array.of(1, 2, 3) }],
    ["h", { dtype: "BF16", shape: [1], data: Float32Array.of(1.5) }],
    ["d", { dtype: "F64", shape: [2], data: Float64Array.of(1, 2) }],
  ]);
  const bytes = writeSafetensors({ tensors });
  const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  expect(headerBytes % 8).toBe(0);
  expect(header.d.data_offsets).toEqual([0, 16]);
  expect(header.h.data_offsets).toEqual([16, 18]);
  expect(header.u.data_offsets).toEqual([18, 21]);
  expect(readSafetensors(bytes).tensors.get("h")).toEqual(tensors.get("h"));
});
