export type { SimdStore } from "./heap.ts";
export { type SimdArithmetic, type SimdOptions, simd } from "./simd.ts";
