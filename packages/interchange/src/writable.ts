import { type Dtype, dtypeList, isDtype, isFloatDtype } from "./dtype.ts";
import { TensorWriteError } from "./errors.ts";
import { quote, show, showShape } from "./quote.ts";
import { elementCount, indexAt, isShape } from "./shape.ts";
import { firstNonBoolean, nearest } from "./tensor-bytes.ts";
import type { WritableTensor } from "./tensor-file.ts";

/** How values are written that their dtype cannot hold. */
export interface WriteOptions {
  /**
   * `exact` (the default) refuses a value that would round. `nearest-even` rounds it once, to nearest, ties to even;
   * beyond the largest finite value that is infinity, as IEEE 754 and PyTorch's `.to(dtype)` have it.
   */
  readonly rounding?: "exact" | "nearest-even";
}

const arrayOf: Readonly<Record<Dtype, readonly string[]>> = {
  F64: ["Float64Array"],
  F32: ["Float32Array", "Float64Array"],
  F16: ["Float32Array", "Float64Array"],
  BF16: ["Float32Array", "Float64Array"],
  I64: ["BigInt64Array"],
  I32: ["Int32Array"],
  U8: ["Uint8Array"],
  BOOL: ["Uint8Array"],
};

/** Refuses a tensor whose shape, length, array or values do not fit its dtype. */
export function requireWritable(caller: string, name: string, tensor: WritableTensor, options: WriteOptions): void {
  const { dtype, shape, data } = tensor;
  const fail = (detail: string) => new TensorWriteError(caller, name, `tensor ${quote(name)} ${detail}`);
  if (!isDtype(dtype)) throw fail(`has dtype ${show(dtype)}; expected ${dtypeList}`);
  const kind = Object.prototype.toString.call(data).slice(8, -1);
  if (!arrayOf[dtype].includes(kind)) {
    throw fail(`is ${dtype} with a ${kind} of data; expected ${arrayOf[dtype].join(" or ")}`);
  }
  if (!isShape(shape)) throw fail(`has shape ${show(shape)}; expected a list of whole numbers from 0 on`);
  const count = elementCount(shape);
  if (count !== data.length) {
    throw fail(`has shape ${showShape(shape)} but ${data.length} elements; expected ${count ?? "fewer"}`);
  }
  if (dtype === "BOOL") {
    const at = firstNonBoolean(data as Uint8Array);
    if (at >= 0) throw fail(`is BOOL but has ${data[at]} at [${indexAt(shape, at)}]; expected 0 or 1`);
  }
  if (isFloatDtype(dtype) && options.rounding !== "nearest-even") {
    const at = (data as Float64Array).findIndex((value) => !Object.is(nearest(dtype, value), value));
    if (at >= 0) {
      const next = 'expected a value that it holds; next: a wider dtype, or { rounding: "nearest-even" }';
      throw fail(`has ${data[at]} at [${indexAt(shape, at)}], which ${dtype} would round; ${next}`);
    }
  }
}
