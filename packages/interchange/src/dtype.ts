/** The element types that are read and written, by their safetensors names. */
export type Dtype = "F64" | "F32" | "F16" | "BF16" | "I64" | "I32" | "U8" | "BOOL";

/** The floating-point ones among them. */
export type FloatDtype = "F64" | "F32" | "F16" | "BF16";

/** Bytes of one element. */
export const dtypeWidth: Readonly<Record<Dtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  U8: 1,
  BOOL: 1,
};

export const dtypeList = "F64, F32, F16, BF16, I64, I32, U8 or BOOL";

export function isDtype(name: unknown): name is Dtype {
  return typeof name === "string" && Object.hasOwn(dtypeWidth, name);
}

export function isFloatDtype(dtype: Dtype): dtype is FloatDtype {
  return dtype === "F64" || dtype === "F32" || dtype === "F16" || dtype === "BF16";
}
