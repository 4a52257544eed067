import type { StoredTensor, WritableTensorFile } from "../src/tensor-file.ts";

const floats = (shape: number[], seed: number): StoredTensor => {
  const size = shape.reduce((product, length) => product * length, 1);
  // Distinct small fractions, exact in every floating-point dtype.
  return { dtype: "F64", shape, data: Float64Array.from({ length: size }, (_, i) => (((i + 1) * seed) % 29) / 16 - 1) };
};

/** T = 3, B = 2, I = 4, H = 5, O = 6, with everything that a case can have. */
export const shapes = {
  "rnn.weight_ih_l0": [5, 4],
  "rnn.weight_hh_l0": [5, 5],
  "rnn.bias_ih_l0": [5],
  "rnn.bias_hh_l0": [5],
  "readout.weight": [6, 5],
  "readout.bias": [6],
  x: [3, 2, 4],
  h0: [2, 5],
} as const;

export interface EditableFile extends WritableTensorFile {
  readonly tensors: Map<string, StoredTensor>;
  readonly metadata: Map<string, string>;
}

/** A cross-entropy case with every tensor, a mask, and a gradient of everything. */
export function exampleFile(): EditableFile {
  const tensors = new Map<string, StoredTensor>();
  Object.entries(shapes).forEach(([name, shape], i) => {
    tensors.set(name, floats([...shape], 3 + 2 * i));
    tensors.set(`grad.${name}`, floats([...shape], 5 + 2 * i));
  });
  tensors.set("target", { dtype: "I64", shape: [3, 2], data: BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n) });
  tensors.set("mask", { dtype: "BOOL", shape: [3, 2], data: Uint8Array.of(1, 1, 1, 0, 1, 0) });
  const metadata = new Map([
    ["nonlinearity", "tanh"],
    ["loss", "cross_entropy"],
    ["reduction", "sum"],
  ]);
  return { tensors, metadata };
}

export { floats };
