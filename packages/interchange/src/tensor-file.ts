import type { FloatDtype } from "./dtype.ts";

/**
 * A tensor of a file as plain data: elements in row-major (C) order, `data.length` equal to the product of `shape`.
 * F16 and BF16 are held as float32, exactly; BOOL as bytes 0 and 1.
 */
export type StoredTensor =
  | { readonly dtype: "F64"; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: "F32" | "F16" | "BF16"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: "I64"; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: "I32"; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: "U8" | "BOOL"; readonly shape: readonly number[]; readonly data: Uint8Array };

/** What a reader gives: tensors by name, in the file's order, and the file's text settings. */
export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** `.safetensors`: `__metadata__`. `.npz`: the 0-d string arrays. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** What a writer takes: a stored tensor, or float64 values for any floating-point dtype that holds them. */
export type WritableTensor =
  | StoredTensor
  | { readonly dtype: FloatDtype; readonly shape: readonly number[]; readonly data: Float64Array };

/** Tensors and text settings to be written. */
export interface WritableTensorFile {
  readonly tensors: ReadonlyMap<string, WritableTensor>;
  readonly metadata?: ReadonlyMap<string, string>;
}
