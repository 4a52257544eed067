import { OperationError } from "./errors.ts";
import type { BinaryOperation, UnaryOperation } from "./field.ts";
import { sigmoid } from "./sigmoid.ts";
import { signOf } from "./sign.ts";

export type FloatArray = Float64Array | Float32Array;

/** o[i + n os] ← f(a[j + n as]) for n in [0, length), accumulate being o + a; the store rounds. */
export function unaryRow(
  operation: UnaryOperation | "copy" | "accumulate",
  o: FloatArray,
  i: number,
  os: number,
  a: FloatArray,
  j: number,
  as: number,
  length: number,
): void {
  switch (operation) {
    case "tanh":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.tanh(a[j + n * as]);
      return;
    case "negate":
      for (let n = 0; n < length; n++) o[i + n * os] = -a[j + n * as];
      return;
    case "square":
      for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] * a[j + n * as];
      return;
    case "oneMinus":
      for (let n = 0; n < length; n++) o[i + n * os] = 1 - a[j + n * as];
      return;
    case "reciprocal":
      for (let n = 0; n < length; n++) o[i + n * os] = 1 / a[j + n * as];
      return;
    case "sigmoid":
      for (let n = 0; n < length; n++) o[i + n * os] = sigmoid(a[j + n * as]);
      return;
    case "exp":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.exp(a[j + n * as]);
      return;
    case "log":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.log(a[j + n * as]);
      return;
    case "log1p":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.log1p(a[j + n * as]);
      return;
    case "sqrt":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.sqrt(a[j + n * as]);
      return;
    case "sin":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.sin(a[j + n * as]);
      return;
    case "cos":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.cos(a[j + n * as]);
      return;
    case "relu":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.max(a[j + n * as], 0);
      return;
    case "step":
      for (let n = 0; n < length; n++) o[i + n * os] = stepOf(a[j + n * as]);
      return;
    case "sign":
      for (let n = 0; n < length; n++) o[i + n * os] = signOf(a[j + n * as]);
      return;
    case "copy":
      for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as];
      return;
    case "accumulate":
      for (let n = 0; n < length; n++) o[i + n * os] += a[j + n * as];
      return;
    default:
      throw unknown(operation);
  }
}

/** relu'(a): 1 above 0, 0 at and below it, and NaN stays NaN. */
function stepOf(a: number): number {
  if (a > 0) return 1;
  return Number.isNaN(a) ? a : 0;
}

/** o[i + n os] ← f(a[j + n as], b[k + n bs]) for n in [0, length); the store rounds. */
export function binaryRow(
  operation: BinaryOperation,
  o: FloatArray,
  i: number,
  os: number,
  a: FloatArray,
  j: number,
  as: number,
  b: FloatArray,
  k: number,
  bs: number,
  length: number,
): void {
  switch (operation) {
    case "add":
      for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] + b[k + n * bs];
      return;
    case "multiply":
      for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] * b[k + n * bs];
      return;
    case "subtract":
      for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] - b[k + n * bs];
      return;
    case "divide":
      for (let n = 0; n < length; n++) o[i + n * os] = a[j + n * as] / b[k + n * bs];
      return;
    case "maximum":
      for (let n = 0; n < length; n++) o[i + n * os] = Math.max(a[j + n * as], b[k + n * bs]);
      return;
    default:
      throw unknown(operation);
  }
}

/** Types rule an unknown name out, but plain JavaScript calls too. */
function unknown(operation: never): OperationError {
  return new OperationError("float", operation, "has no such operation");
}

/**
 * Softmax of a row: exp(z - max) over its sum. `rounded` is scratch of the storage type, so that sums round as it does.
 */
export function softmaxRow(
  rounded: FloatArray,
  o: FloatArray,
  i: number,
  os: number,
  a: FloatArray,
  j: number,
  as: number,
  length: number,
): void {
  exponentialRow(rounded, o, i, os, a, j, as, length, largestOf(a, j, as, length));
  for (let n = 0; n < length; n++) o[i + n * os] /= rounded[0];
}

/** log Σ exp of a row: max + log Σ exp(z - max), or max itself where it is infinite or NaN. */
export function logSumExpRow(
  rounded: FloatArray,
  o: FloatArray,
  i: number,
  a: FloatArray,
  j: number,
  as: number,
  length: number,
): void {
  o[i] = largestOf(a, j, as, length);
  if (!Number.isFinite(o[i])) return;
  exponentialRow(rounded, rounded, 1, 0, a, j, as, length, o[i]);
  rounded[0] = Math.log(rounded[0]);
  o[i] += rounded[0];
}

/** exp(z - max) of a row into o, and their sum into rounded[0]. */
function exponentialRow(
  rounded: FloatArray,
  o: FloatArray,
  i: number,
  os: number,
  a: FloatArray,
  j: number,
  as: number,
  length: number,
  largest: number,
): void {
  rounded[0] = 0;
  for (let n = 0; n < length; n++) {
    o[i + n * os] = a[j + n * as] - largest;
    o[i + n * os] = Math.exp(o[i + n * os]);
    rounded[0] += o[i + n * os];
  }
}

function largestOf(a: FloatArray, j: number, as: number, length: number): number {
  let largest = a[j];
  for (let n = 1; n < length; n++) largest = Math.max(largest, a[j + n * as]);
  return largest;
}
