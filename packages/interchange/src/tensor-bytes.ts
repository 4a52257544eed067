import { type Dtype, dtypeWidth } from "./dtype.ts";
import { decodeSmallFloat, encodeSmallFloat } from "./small-float.ts";
import type { StoredTensor, WritableTensor } from "./tensor-file.ts";

/**
 * Elements from bytes, in the order they stand in. The caller has checked that `bytes` holds a whole number of them;
 * what is allocated is at most twice the bytes given (F16 and BF16 become float32).
 */
export function decodeElements(dtype: Dtype, bytes: Uint8Array, littleEndian: boolean): StoredTensor["data"] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.byteLength / dtypeWidth[dtype];
  switch (dtype) {
    case "F64": {
      const data = new Float64Array(count);
      for (let i = 0; i < count; i++) data[i] = view.getFloat64(8 * i, littleEndian);
      return data;
    }
    case "F32": {
      const data = new Float32Array(count);
      for (let i = 0; i < count; i++) data[i] = view.getFloat32(4 * i, littleEndian);
      return data;
    }
    case "F16":
    case "BF16": {
      const data = new Float32Array(count);
      for (let i = 0; i < count; i++) data[i] = decodeSmallFloat(dtype, view.getUint16(2 * i, littleEndian));
      return data;
    }
    case "I64": {
      const data = new BigInt64Array(count);
      for (let i = 0; i < count; i++) data[i] = view.getBigInt64(8 * i, littleEndian);
      return data;
    }
    case "I32": {
      const data = new Int32Array(count);
      for (let i = 0; i < count; i++) data[i] = view.getInt32(4 * i, littleEndian);
      return data;
    }
    case "U8":
    case "BOOL":
      return new Uint8Array(bytes);
  }
}

/** Writes elements as little-endian bytes. Values that the dtype cannot hold are rounded to nearest, ties to even. */
export function encodeElements(tensor: WritableTensor, bytes: Uint8Array): void {
  const { dtype, data } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number | bigint;
    if (dtype === "F64") view.setFloat64(8 * i, value as number, true);
    else if (dtype === "F32") view.setFloat32(4 * i, value as number, true);
    else if (dtype === "I64") view.setBigInt64(8 * i, value as bigint, true);
    else if (dtype === "I32") view.setInt32(4 * i, value as number, true);
    else if (dtype === "U8" || dtype === "BOOL") view.setUint8(i, value as number);
    else view.setUint16(2 * i, encodeSmallFloat(dtype, value as number), true);
  }
}

/** The value of a floating-point dtype that is nearest to a value, ties to even. */
export function nearest(dtype: Dtype, value: number): number {
  if (dtype === "F32") return Math.fround(value);
  if (dtype === "F16" || dtype === "BF16") return decodeSmallFloat(dtype, encodeSmallFloat(dtype, value));
  return value;
}

/** The position of the first byte that is neither 0 nor 1, or -1. */
export function firstNonBoolean(data: Uint8Array): number {
  return data.findIndex((byte) => byte > 1);
}
