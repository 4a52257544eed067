import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Dtype } from "../src/dtype.ts";
import { TensorWriteError } from "../src/errors.ts";
import { readNpz } from "../src/npz-reader.ts";
import { writeNpz } from "../src/npz-writer.ts";
import { readSafetensors } from "../src/safetensors-reader.ts";
import { writeSafetensors } from "../src/safetensors-writer.ts";
import { nearest } from "../src/tensor-bytes.ts";
import type { StoredTensor, WritableTensor } from "../src/tensor-file.ts";
import { thrown } from "./thrown.ts";

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const count = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);
const values = <T>(value: fc.Arbitrary<T>, shape: readonly number[]) =>
  fc.array(value, { minLength: count(shape), maxLength: count(shape) });

// Scaled integers: exact in every floating-point dtype that has the bits for k, and shrinking to small numbers.
const scaled = (bits: number) =>
  fc
    .tuple(fc.integer({ min: -(2 ** bits), max: 2 ** bits }), fc.integer({ min: 0, max: 6 }))
    .map(([k, n]) => k / 2 ** n);
const special = fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
const float = (bits: number) => fc.oneof({ weight: 8, arbitrary: scaled(bits) }, { weight: 1, arbitrary: special });

function tensorOf(dtype: Dtype): fc.Arbitrary<StoredTensor> {
  return shapes.chain((shape): fc.Arbitrary<StoredTensor> => {
    const filled = <T>(value: fc.Arbitrary<T>, pack: (list: T[]) => StoredTensor["data"]) =>
      values(value, shape).map((list) => ({ dtype, shape, data: pack(list) }) as StoredTensor);
    if (dtype === "F64") return filled(float(52), (list) => Float64Array.from(list));
    if (dtype === "F32") return filled(float(23), (list) => Float32Array.from(list));
    if (dtype === "F16") return filled(float(10), (list) => Float32Array.from(list));
    if (dtype === "BF16") return filled(float(7), (list) => Float32Array.from(list));
    if (dtype === "I64") return filled(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (list) => BigInt64Array.from(list));
    if (dtype === "I32") return filled(fc.integer(), (list) => Int32Array.from(list));
    return filled(fc.integer({ min: 0, max: dtype === "U8" ? 255 : 1 }), (list) => Uint8Array.from(list));
  });
}

const numpyDtypes = ["F64", "F32", "F16", "I64", "I32", "U8", "BOOL"] as const;
const text = fc.string({ unit: "grapheme", maxLength: 8 });
const names = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).filter((name) => !name.includes("\0")),
  },
  // What a JavaScript object would put before all other names.
  { weight: 1, arbitrary: fc.nat(12).map(String) },
);
const file = (dtypes: readonly Dtype[]) =>
  fc
    .record({
      tensors: fc.array(fc.tuple(names, fc.constantFrom(...dtypes).chain(tensorOf)), { maxLength: 6 }),
      metadata: fc.array(fc.tuple(names, text), { maxLength: 3 }),
    })
    .map(({ tensors, metadata }) => {
      const named = new Map(tensors.filter(([name]) => name !== "__metadata__"));
      return { tensors: named, metadata: new Map(metadata.filter(([name]) => !named.has(name))) };
    });

const sorted = <V>(map: ReadonlyMap<string, V>) => new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));

test("what is written as .safetensors is read back, and written again to the same bytes", () => {
  fc.assert(
    fc.property(file([...numpyDtypes, "BF16"]), (written) => {
      const bytes = writeSafetensors(written);
      const read = readSafetensors(bytes);
      expect(sorted(read.tensors)).toEqual(sorted(written.tensors));
      expect(sorted(read.metadata)).toEqual(sorted(written.metadata));
      expect(writeSafetensors(read)).toEqual(bytes);
    }),
    runs(500),
  );
});

test("what is written as .npz is read back, stored and deflated", () => {
  fc.assert(
    fc.property(file(numpyDtypes), fc.boolean(), (written, compress) => {
      const bytes = writeNpz(written, { compress });
      const read = readNpz(bytes);
      expect(sorted(read.tensors)).toEqual(sorted(written.tensors));
      expect(sorted(read.metadata)).toEqual(sorted(written.metadata));
      expect(writeNpz(read, { compress })).toEqual(bytes);
    }),
    runs(300),
  );
});

test("a writer stores a float64 value in a narrower dtype exactly, or refuses it, or rounds it to the nearest", () => {
  const dtypes = fc.constantFrom("F32" as const, "F16" as const, "BF16" as const);
  const wide = fc.tuple(scaled(40), fc.integer({ min: -60, max: 60 })).map(([k, n]) => k * 2 ** n);
  let refused = 0;
  fc.assert(
    fc.property(dtypes, wide, (dtype, value) => {
      const tensor: WritableTensor = { dtype, shape: [1], data: Float64Array.of(value) };
      const written = { tensors: new Map([["v", tensor]]) };
      const rounded = readSafetensors(writeSafetensors(written, { rounding: "nearest-even" })).tensors.get("v")
        ?.data[0];
      expect(rounded).toBe(nearest(dtype, value));
      if (rounded === value) {
        expect(readSafetensors(writeSafetensors(written)).tensors.get("v")?.data[0]).toBe(value);
      } else {
        refused++;
        const error = thrown(TensorWriteError, () => writeSafetensors(written));
        expect(error.message).toContain(`has ${value} at [0], which ${dtype} would round`);
      }
    }),
    runs(1000),
  );
  expect(refused).toBeGreaterThan(0);
});
