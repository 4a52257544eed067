import { expect, test } from "vitest";
import { parameterNames } from "../src/case-names.ts";
import { readSafetensors } from "../src/safetensors-reader.ts";
import { writeSafetensors } from "../src/safetensors-writer.ts";
import { WeightsError, weightsOf, weightTensors } from "../src/weights.ts";

const array = (...shape: number[]) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i + size)) / 3) };
};
const parameters = { Wxh: array(3, 2), Whh: array(3, 3), Why: array(2, 3), bxh: array(3), bhh: array(3), by: array(2) };

test("weights come back bit for bit, with PyTorch's names, among other tensors", () => {
  const tensors = new Map([
    ...weightTensors(parameters, "F64"),
    ["other", { dtype: "I64", shape: [1], data: BigInt64Array.of(1n) } as const],
  ]);
  expect([...tensors.keys()].slice(0, 6).sort()).toEqual(Object.values(parameterNames).sort());
  expect(weightsOf(readSafetensors(writeSafetensors({ tensors })).tensors)).toEqual(parameters);
  const { bxh, bhh, by, ...bare } = parameters;
  expect(
    weightsOf(readSafetensors(writeSafetensors({ tensors: weightTensors(bare, "F64", "ema.") })).tensors, "ema."),
  ).toEqual(bare);
  expect([bxh, bhh, by]).not.toContain(undefined);
});

test("a weight that is missing or of another type is named, and float32 does not round", () => {
  const tensors = readSafetensors(writeSafetensors({ tensors: weightTensors(parameters, "F64") })).tensors;
  const without = new Map([...tensors].filter(([name]) => name !== "rnn.weight_hh_l0"));
  expect(() => weightsOf(without)).toThrow(WeightsError);
  expect(() => weightsOf(without)).toThrow("weightsOf: there is no tensor rnn.weight_hh_l0; expected the weights");
  const half = { dtype: "F16", shape: [2], data: Float32Array.of(1, 2) } as const;
  expect(() => weightsOf(new Map([...tensors, ["readout.bias", half]]))).toThrow(
    "readout.bias has the dtype F16; expected F32 or F64",
  );
  expect(() => writeSafetensors({ tensors: weightTensors(parameters, "F32") })).toThrow("which F32 would round");
});
