import { doubleDouble, doubleDoubleParts, setDoubleDouble } from "@gradproof/arithmetic";

/** A real number to about 100 bits: an unevaluated sum of two doubles. */
export type Precise = readonly [high: number, low: number];

const store = doubleDouble.store(3);

function unary(operation: "exp" | "log" | "tanh" | "sqrt" | "negate", a: Precise): Precise {
  setDoubleDouble(store, 0, ...a);
  doubleDouble.unary(operation)(store, 2, store, 0);
  return doubleDoubleParts(store, 2);
}

function binary(operation: "add" | "subtract" | "multiply" | "divide", a: Precise, b: Precise): Precise {
  setDoubleDouble(store, 0, ...a);
  setDoubleDouble(store, 1, ...b);
  doubleDouble.binary(operation)(store, 2, store, 0, store, 1);
  return doubleDoubleParts(store, 2);
}

/** Arithmetic in double-double on numbers one at a time; the high part is the number rounded to float64. */
export const precise = {
  of: (x: number): Precise => [x, 0],
  add: (a: Precise, b: Precise) => binary("add", a, b),
  subtract: (a: Precise, b: Precise) => binary("subtract", a, b),
  multiply: (a: Precise, b: Precise) => binary("multiply", a, b),
  divide: (a: Precise, b: Precise) => binary("divide", a, b),
  exp: (a: Precise) => unary("exp", a),
  log: (a: Precise) => unary("log", a),
  tanh: (a: Precise) => unary("tanh", a),
  sqrt: (a: Precise) => unary("sqrt", a),
};

/** tanh′ u = 4E / (1 + E)², E = exp(−2|u|): every term positive, so nothing cancels. */
export function preciseSlope(u: Precise): Precise {
  const E = decay(u);
  const sum = precise.add([1, 0], E);
  return precise.divide(precise.multiply([4, 0], E), precise.multiply(sum, sum));
}

/** 1 − |tanh u| = 2E / (1 + E), to full relative precision however small. */
export function preciseComplement(u: Precise): Precise {
  const E = decay(u);
  return precise.divide(precise.multiply([2, 0], E), precise.add([1, 0], E));
}

function decay([high, low]: Precise): Precise {
  return precise.exp(high > 0 || (high === 0 && low > 0) ? [-2 * high, -2 * low] : [2 * high, 2 * low]);
}

/** tanh u rounded to nearest in float64, whatever the engine's Math.tanh gives. */
export function roundedTanh(u: number): number {
  return precise.tanh([u, 0])[0];
}

/** Whether tanh u rounds to ±1: 1 − |tanh u| ≤ 2^−54, half the spacing below 1, a tie going to 1. */
export function saturates(u: number): boolean {
  const [high, low] = preciseComplement([u, 0]);
  return high < 2 ** -54 || (high === 2 ** -54 && low <= 0);
}

/** (a − b) / |b| for two precise numbers, as a double. */
export function relativeDifference(a: Precise, b: Precise): number {
  return precise.divide(precise.subtract(a, b), [Math.abs(b[0]), b[0] < 0 ? -b[1] : b[1]])[0];
}

const bits = new DataView(new ArrayBuffer(8));

/** The next double away from 0, for a finite x that is not 0. */
export function nextDouble(x: number): number {
  bits.setFloat64(0, x);
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  return bits.getFloat64(0);
}

/** The next double towards 0. */
export function previousDouble(x: number): number {
  bits.setFloat64(0, x);
  bits.setBigUint64(0, bits.getBigUint64(0) - 1n);
  return bits.getFloat64(0);
}
