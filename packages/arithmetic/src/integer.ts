import { LiftError, OperationError } from "./errors.ts";
import type { BinaryOperation, BinarySlot, Field, UnaryOperation, UnarySlot } from "./field.ts";

/** Exact integers; `undefined` is memory that was never written. */
export type IntegerStore = (bigint | undefined)[];

const name = "integer";

/**
 * Exact integers of at most 2^bits in size: the bridge from a proof to the kernels that ship. Run the same derivation on
 * small integers in float64 (53 bits) or float32 (24 bits) and here: as long as nothing here overflows, no float
 * operation rounds, so both must give equal numbers, whatever the order of summation.
 *
 * Every result is checked, in multiplyAdd the product too; division is exact or refused. There is one zero, so floats
 * are to be compared with `===`, for which -0 is 0. tanh, sigmoid, exp, log, log1p, sqrt, sin, cos, softmax and
 * log-sum-exp are refused: replace them with integer-valued functions (`withFunctions`) on both sides.
 *
 * @param bits - 1 to 53: the significand of the float that it is compared with.
 * @throws LiftError from `lift` for what is no integer or too large, from `round` for what is not finite or too large.
 * @throws OperationError from an operation that overflows, divides with a remainder, or reads unwritten memory.
 * @example
 * ```ts
 * const A = dense(integer(24));
 * A.lower(A.ratio(6, 3)); // Float64Array [2]
 * A.ratio(1, 3); // OperationError: divide: integer has no 1 / 3
 * ```
 */
export function integer(bits = 53): Field<IntegerStore> {
  if (!(Number.isInteger(bits) && bits >= 1 && bits <= 53)) {
    throw new RangeError(`integer: bits is ${bits}; expected an integer from 1 to 53`);
  }
  const largest = 1n << BigInt(bits);

  function read(a: IntegerStore, i: number, operation: string): bigint {
    const value = a[i];
    if (value === undefined) throw new OperationError(name, operation, "read memory that was never written");
    return value;
  }

  function checked(value: bigint, operation: string): bigint {
    if (value > largest || value < -largest) {
      throw new OperationError(name, operation, `overflows: ${value} exceeds 2^${bits}, so a float would round`);
    }
    return value;
  }

  function quotient(a: bigint, b: bigint, operation: string): bigint {
    if (b === 0n || a % b !== 0n) throw new OperationError(name, operation, `has no ${a} / ${b}`);
    return a / b;
  }

  function lift(o: IntegerStore, i: number, x: number): void {
    if (!Number.isInteger(x) || Math.abs(x) > 2 ** bits)
      throw new LiftError(name, x, `an integer of at most 2^${bits}`);
    o[i] = BigInt(x);
  }

  function refusal(operation: string): () => never {
    return () => {
      throw new OperationError(name, operation, "has no such function; replace it withFunctions");
    };
  }

  const unary: Record<UnaryOperation, UnarySlot<IntegerStore>> = {
    negate(o, i, a, j) {
      o[i] = -read(a, j, "negate");
    },
    square(o, i, a, j) {
      o[i] = checked(read(a, j, "square") ** 2n, "square");
    },
    oneMinus(o, i, a, j) {
      o[i] = checked(1n - read(a, j, "oneMinus"), "oneMinus");
    },
    reciprocal(o, i, a, j) {
      o[i] = quotient(1n, read(a, j, "reciprocal"), "reciprocal");
    },
    tanh: refusal("tanh"),
    sigmoid: refusal("sigmoid"),
    exp: refusal("exp"),
    log: refusal("log"),
    log1p: refusal("log1p"),
    sqrt: refusal("sqrt"),
    sin: refusal("sin"),
    cos: refusal("cos"),
    relu(o, i, a, j) {
      const value = read(a, j, "relu");
      o[i] = value > 0n ? value : 0n;
    },
    step(o, i, a, j) {
      o[i] = read(a, j, "step") > 0n ? 1n : 0n;
    },
    sign(o, i, a, j) {
      const value = read(a, j, "sign");
      o[i] = value > 0n ? 1n : value < 0n ? -1n : 0n;
    },
  };

  const binary: Record<BinaryOperation, BinarySlot<IntegerStore>> = {
    add(o, i, a, j, b, k) {
      o[i] = checked(read(a, j, "add") + read(b, k, "add"), "add");
    },
    subtract(o, i, a, j, b, k) {
      o[i] = checked(read(a, j, "subtract") - read(b, k, "subtract"), "subtract");
    },
    multiply(o, i, a, j, b, k) {
      o[i] = checked(read(a, j, "multiply") * read(b, k, "multiply"), "multiply");
    },
    divide(o, i, a, j, b, k) {
      o[i] = quotient(read(a, j, "divide"), read(b, k, "divide"), "divide");
    },
    maximum(o, i, a, j, b, k) {
      const [left, right] = [read(a, j, "maximum"), read(b, k, "maximum")];
      o[i] = left;
      if (right > left) o[i] = right;
    },
  };

  return {
    name,
    unitRoundoff: 0,
    store: (elements) => new Array<bigint | undefined>(elements).fill(undefined),
    copy(o, i, a, j) {
      o[i] = read(a, j, "copy");
    },
    lift,
    round(o, i, x) {
      if (!Number.isFinite(x)) throw new LiftError(name, x, "a finite number");
      lift(o, i, nearestInteger(x));
    },
    lower: (a, i) => Number(read(a, i, "lower")),
    same: (a, i, b, j) => read(a, i, "same") === read(b, j, "same"),
    poison(o, i) {
      o[i] = undefined;
    },
    unary: (operation) => unary[operation],
    binary: (operation) => binary[operation],
    multiplyAdd(o, i, a, j, b, k) {
      const product = checked(read(a, j, "multiplyAdd") * read(b, k, "multiplyAdd"), "multiplyAdd");
      o[i] = checked(read(o, i, "multiplyAdd") + product, "multiplyAdd");
    },
    softmaxRow: refusal("softmax"),
    logSumExpRow: refusal("logSumExp"),
  };
}

/** Halves go to the even neighbour. */
function nearestInteger(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1;
}
