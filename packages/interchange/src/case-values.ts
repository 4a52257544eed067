import type { NumericArray } from "./case.ts";
import type { CaseSource } from "./case-source.ts";
import { type Dtype, type FloatDtype, isFloatDtype } from "./dtype.ts";
import { indexAt } from "./shape.ts";
import type { StoredTensor } from "./tensor-file.ts";

/** The elements as float64 values: exact for every floating-point dtype. */
export function toFloat64(tensor: StoredTensor): Float64Array {
  return tensor.dtype === "I64" ? Float64Array.from(tensor.data, Number) : Float64Array.from(tensor.data);
}

/** A tensor of weights or inputs: of a floating-point dtype, finite. */
export function readNumbers(source: CaseSource, name: string): NumericArray {
  const tensor = source.tensors.get(name) as StoredTensor;
  requireFloat(source, name, tensor.dtype);
  const data = toFloat64(tensor);
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const place = `${name}[${indexAt(tensor.shape, at).join(", ")}]`;
    throw source.refuse("value", `${place} is ${data[at]}; expected finite weights and inputs`, name);
  }
  return { shape: tensor.shape, data };
}

export function requireFloat(source: CaseSource, name: string, dtype: Dtype): FloatDtype {
  if (isFloatDtype(dtype)) return dtype;
  throw source.refuse("dtype", `${name} has dtype ${dtype}; expected F64, F32, F16 or BF16`, name);
}

/** The mask [T, B] of any dtype: 0 or 1. */
export function readMask(source: CaseSource): NumericArray {
  const tensor = source.tensors.get("mask") as StoredTensor;
  const data = toFloat64(tensor);
  const at = data.findIndex((value) => value !== 0 && value !== 1);
  if (at >= 0) {
    const place = `mask[${indexAt(tensor.shape, at).join(", ")}]`;
    throw source.refuse("value", `${place} is ${data[at]}; expected 0 or 1`, "mask");
  }
  return { shape: tensor.shape, data };
}

/** Class probabilities, which PyTorch takes too, are not read: they would be of a floating-point dtype. */
export function requireClassDtype(source: CaseSource): void {
  const dtype = source.tensors.get("target")?.dtype;
  if (dtype === "I64" || dtype === "I32" || dtype === "U8") return;
  const detail = `target has dtype ${dtype}; expected the classes [T, B] of cross_entropy as I64, I32 or U8`;
  throw source.refuse("dtype", `${detail} (class probabilities are not read)`, "target");
}

/** The classes [T, B] of cross entropy: integers from 0 to O - 1. */
export function readClasses(source: CaseSource, outputs: number): Int32Array {
  const { shape, data } = source.tensors.get("target") as StoredTensor;
  const classes = new Int32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (!(value >= 0 && value < outputs)) {
      const place = `target[${indexAt(shape, i).join(", ")}]`;
      const next = value < 0 ? "; next: leave steps out by mask, not by ignore_index" : "";
      const detail = `${place} is class ${data[i]}; expected 0 to ${outputs - 1}, the rows of readout.weight${next}`;
      throw source.refuse("value", detail, "target");
    }
    classes[i] = value;
  }
  return classes;
}
