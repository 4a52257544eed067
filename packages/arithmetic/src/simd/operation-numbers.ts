import type { BinaryOperation, UnaryOperation } from "../field.ts";
import type { SlopeProduct } from "../fused.ts";

/** The operations that the kernels have, by the numbers of assembly/elementwise.ts. */
export const unaryNumbers: ReadonlyMap<UnaryOperation | "copy", number> = /* @__PURE__ */ numbered([
  "negate",
  "square",
  "oneMinus",
  "reciprocal",
  "tanh",
  "sigmoid",
  "exp",
  "log",
  "sqrt",
  "relu",
  "step",
  "sign",
  "log1p",
  "copy",
]);

export const binaryNumbers: ReadonlyMap<BinaryOperation | SlopeProduct, number> = /* @__PURE__ */ numbered([
  "add",
  "subtract",
  "multiply",
  "divide",
  "maximum",
  "timesOneMinusSquare",
  "timesStep",
]);

function numbered<N>(names: readonly N[]): ReadonlyMap<N, number> {
  return new Map(names.map((name, number) => [name, number]));
}
