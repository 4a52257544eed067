import type { Arithmetic } from "./arithmetic.ts";
import { dense } from "./dense.ts";
import { LiftError, OperationError } from "./errors.ts";
import type { BinaryOperation, BinarySlot, Field, UnaryOperation, UnarySlot } from "./field.ts";
import { FunctionOracles } from "./function-oracles.ts";
import { type Random, random } from "./random.ts";
import { drawPrime, isPrime, Residues } from "./residue.ts";
import { sigmoid } from "./sigmoid.ts";
import { signOf } from "./sign.ts";
import type { Tensor } from "./tensor.ts";

/** Doubles per element: the residue modulo each prime, and the shadow. */
const width = 3;

export interface PrimeField extends Arithmetic<Float64Array> {
  /** The field itself, for what is built on one: `dual(F.field)` is forward mode over the same residues. */
  readonly field: Field<Float64Array>;
  /** The two primes, each drawn uniformly from those in [2^25, 2^26). */
  readonly primes: readonly [number, number];
  /** How many different arguments the oracles of the elementary functions have answered so far. */
  readonly oracleCalls: number;
  /**
   * A tensor of uniformly random residues, row-major; the shadows, which decide comparisons alone, are given, and are
   * otherwise drawn uniformly from (-1, 1).
   */
  uniform(shape: readonly number[], shadows?: ArrayLike<number>): Tensor<Float64Array>;
}

/**
 * The field of proofs: every element is a pair of residues modulo two primes near 2^26 drawn from the seed, so nothing
 * rounds, nothing vanishes, and two programs that agree on uniform residues agree as rational functions but for a
 * chance that the degree bounds (Schwartz 1980, Zippel 1979).
 *
 * - exp is a random oracle E with E(0) = 1 and E(-u) = 1 / E(u), keyed on the pair of residues; tanh, sigmoid, log
 *   and sqrt follow from it or have their own ({@link FunctionOracles}). They satisfy what a derivation may use of a function,
 *   and nothing else.
 * - softmax is one vector oracle keyed on (z_i - z_0)_i, and log-sum-exp is z_0 + an oracle of the same key.
 * - A float64 shadow beside each pair decides comparisons (relu, step, sign, maximum).
 * - lift is exact for every finite double; division by zero throws OperationError.
 *
 * @param seed - the verifier's seed: any safe integer.
 * @param primes - two odd primes of 5 to 2^26 to take instead, for tests of how often a proof over small ones fails.
 * @throws RangeError for primes that are none, or out of that range.
 * @example
 * ```ts
 * const F = primeField(1);
 * const x = F.uniform([]);
 * const [square, product] = [F.empty([]), F.empty([])];
 * F.unary(op.square, square, x);
 * F.binary(op.multiply, product, x, x);
 * F.same(square, product); // true
 * ```
 */
export function primeField(seed: number, primes?: readonly [number, number]): PrimeField {
  const source = random(seed);
  const [first, second] = primes ?? drawPrimes(source);
  for (const prime of primes ?? []) {
    if (!(prime >= 5 && prime < 2 ** 26 && isPrime(prime))) {
      throw new RangeError(`primeField: ${prime}; expected a prime from 5 to 2^26`);
    }
  }
  const residues = [new Residues(first, source), new Residues(second, source)] as const;
  const oracles = new FunctionOracles(residues, source);
  const field = residuePairs(residues, oracles);
  const arithmetic = dense(field);

  function uniform(shape: readonly number[], shadows?: ArrayLike<number>): Tensor<Float64Array> {
    const t = arithmetic.empty(shape);
    const size = shape.reduce((product, length) => product * length, 1);
    if (shadows && shadows.length !== size) {
      throw new RangeError(`uniform: ${shadows.length} shadows; expected ${size} for shape [${shape.join(", ")}]`);
    }
    for (let i = 0; i < size; i++) {
      const o = width * (t.offset + i);
      t.store[o] = source.integer(0, first - 1);
      t.store[o + 1] = source.integer(0, second - 1);
      t.store[o + 2] = shadows ? shadows[i] : drawShadow(source);
    }
    return t;
  }

  return {
    ...arithmetic,
    field,
    primes: [first, second],
    uniform,
    get oracleCalls() {
      return oracles.calls;
    },
  };
}

/** Two different primes. */
function drawPrimes(source: Random): readonly [number, number] {
  const first = drawPrime(source);
  let second = drawPrime(source);
  while (second === first) second = drawPrime(source);
  return [first, second];
}

/** A multiple of 2^-20 in (-1, 1), not 0. */
function drawShadow(source: Random): number {
  const magnitude = source.integer(1, 2 ** 20 - 1) / 2 ** 20;
  return source.integer(0, 1) === 0 ? magnitude : -magnitude;
}

function residuePairs(residues: readonly [Residues, Residues], oracles: FunctionOracles): Field<Float64Array> {
  const [p, q] = residues;
  const name = "primeField";

  function isZero(a: Float64Array, j: number): boolean {
    return a[width * j] === 0 && a[width * j + 1] === 0;
  }
  /** An exact zero whose shadow kept a rounding error is zero. */
  const lower = (a: Float64Array, j: number): number => (isZero(a, j) ? 0 : a[width * j + 2]);
  function isPositive(a: Float64Array, j: number): boolean {
    checkWritten(a, j);
    return lower(a, j) > 0;
  }
  /** The shadow, where it has a place among the numbers. */
  function ordered(operation: string, a: Float64Array, j: number): number {
    checkWritten(a, j);
    const shadow = lower(a, j);
    if (Number.isNaN(shadow)) throw new OperationError(name, operation, "has no order of a shadow NaN; draw again");
    return shadow;
  }
  const copy = (o: Float64Array, i: number, a: Float64Array, j: number): void =>
    write(o, i, a[width * j], a[width * j + 1], a[width * j + 2]);
  const lift = (o: Float64Array, i: number, x: number): void => {
    if (!Number.isFinite(x)) throw new LiftError(name, x, "a finite number");
    write(o, i, p.lift(x), q.lift(x), x);
  };
  const one = new Float64Array(width);
  lift(one, 0, 1);
  const oneFirst = one[0];
  const oneSecond = one[1];

  const oracle =
    (
      f: "cos" | "exp" | "log" | "log1p" | "sigmoid" | "sin" | "sqrt" | "tanh",
      shadow: (x: number) => number,
    ): UnarySlot<Float64Array> =>
    (o, i, a, j) => {
      checkWritten(a, j);
      const x = a[width * j + 2];
      const [r, s] = oracles[f](a[width * j], a[width * j + 1]);
      // sigmoid u and tanh u / 2 where exp u is -1.
      if (Number.isNaN(r) || Number.isNaN(s)) throw new OperationError(name, f, "has no value there; draw again");
      write(o, i, r, s, shadow(x));
    };
  const reciprocal: UnarySlot<Float64Array> = (o, i, a, j) => {
    checkWritten(a, j);
    const r = p.reciprocal(a[width * j]);
    const s = q.reciprocal(a[width * j + 1]);
    if (Number.isNaN(r) || Number.isNaN(s)) throw new OperationError(name, "reciprocal", "has no 1 / 0; draw again");
    write(o, i, r, s, 1 / a[width * j + 2]);
  };
  const multiply: BinarySlot<Float64Array> = (o, i, a, j, b, k) =>
    write(
      o,
      i,
      p.multiply(a[width * j], b[width * k]),
      q.multiply(a[width * j + 1], b[width * k + 1]),
      a[width * j + 2] * b[width * k + 2],
    );
  const scratch = new Float64Array(width);

  const unary: Record<UnaryOperation, UnarySlot<Float64Array>> = {
    negate: (o, i, a, j) => write(o, i, p.negate(a[width * j]), q.negate(a[width * j + 1]), -a[width * j + 2]),
    square: (o, i, a, j) => multiply(o, i, a, j, a, j),
    oneMinus: (o, i, a, j) =>
      write(o, i, p.subtract(oneFirst, a[width * j]), q.subtract(oneSecond, a[width * j + 1]), 1 - a[width * j + 2]),
    reciprocal,
    tanh: oracle("tanh", Math.tanh),
    sigmoid: oracle("sigmoid", sigmoid),
    exp: oracle("exp", Math.exp),
    log: oracle("log", Math.log),
    log1p: oracle("log1p", Math.log1p),
    sqrt: oracle("sqrt", Math.sqrt),
    sin: oracle("sin", Math.sin),
    cos: oracle("cos", Math.cos),
    relu: (o, i, a, j) => (isPositive(a, j) ? copy(o, i, a, j) : write(o, i, 0, 0, 0)),
    step: (o, i, a, j) => (isPositive(a, j) ? copy(o, i, one, 0) : write(o, i, 0, 0, 0)),
    sign(o, i, a, j) {
      lift(o, i, signOf(ordered("sign", a, j)));
    },
  };
  const binary: Record<BinaryOperation, BinarySlot<Float64Array>> = {
    add: (o, i, a, j, b, k) =>
      write(
        o,
        i,
        p.add(a[width * j], b[width * k]),
        q.add(a[width * j + 1], b[width * k + 1]),
        a[width * j + 2] + b[width * k + 2],
      ),
    subtract: (o, i, a, j, b, k) =>
      write(
        o,
        i,
        p.subtract(a[width * j], b[width * k]),
        q.subtract(a[width * j + 1], b[width * k + 1]),
        a[width * j + 2] - b[width * k + 2],
      ),
    multiply,
    divide(o, i, a, j, b, k) {
      const shadow = a[width * j + 2] / b[width * k + 2];
      reciprocal(scratch, 0, b, k);
      multiply(o, i, a, j, scratch, 0);
      o[width * i + 2] = shadow;
    },
    maximum(o, i, a, j, b, k) {
      if (ordered("maximum", a, j) >= ordered("maximum", b, k)) copy(o, i, a, j);
      else copy(o, i, b, k);
    },
  };

  /** Residues of z_n - z_0 for n >= 1: the key of a row. */
  function rowKey(a: Float64Array, j: number, stride: number, length: number): number[] {
    const key: number[] = [];
    for (let n = 0; n < length; n++) checkWritten(a, j + n * stride);
    for (let n = 1; n < length; n++) {
      const i = width * (j + n * stride);
      key.push(p.subtract(a[i], a[width * j]), q.subtract(a[i + 1], a[width * j + 1]));
    }
    return key;
  }

  return {
    name,
    unitRoundoff: 0,
    store: (elements) => new Float64Array(width * elements),
    copy,
    lift,
    round: lift,
    lower,
    same: (a, i, b, j) => a[width * i] === b[width * j] && a[width * i + 1] === b[width * j + 1],
    poison: (o, i) => write(o, i, Number.NaN, Number.NaN, Number.NaN),
    unary: (operation) => unary[operation],
    binary: (operation) => binary[operation],
    multiplyAdd(o, i, a, j, b, k) {
      const r = p.multiply(a[width * j], b[width * k]);
      const s = q.multiply(a[width * j + 1], b[width * k + 1]);
      const shadow = a[width * j + 2] * b[width * k + 2];
      write(o, i, p.add(o[width * i], r), q.add(o[width * i + 1], s), o[width * i + 2] + shadow);
    },
    softmaxRow(o, i, oStride, a, j, aStride, length) {
      const { probabilities } = oracles.softmax(rowKey(a, j, aStride, length));
      const shadows = shadowSoftmax(a, j, aStride, length);
      for (let n = 0; n < length; n++) {
        write(o, i + n * oStride, probabilities[2 * n], probabilities[2 * n + 1], shadows.probabilities[n]);
      }
    },
    logSumExpRow(o, i, a, j, aStride, length) {
      const { logSum } = oracles.softmax(rowKey(a, j, aStride, length));
      const { value } = shadowSoftmax(a, j, aStride, length);
      write(o, i, p.add(a[width * j], logSum[0]), q.add(a[width * j + 1], logSum[1]), value);
    },
  };
}

function write(o: Float64Array, i: number, first: number, second: number, shadow: number): void {
  o[width * i] = first;
  o[width * i + 1] = second;
  o[width * i + 2] = shadow;
}

function checkWritten(a: Float64Array, j: number): void {
  if (Number.isNaN(a[width * j])) {
    throw new OperationError("primeField", "read", "element was never written, or its scope has ended");
  }
}

function shadowSoftmax(a: Float64Array, j: number, stride: number, length: number) {
  let largest = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < length; n++) largest = Math.max(largest, a[width * (j + n * stride) + 2]);
  const weights: number[] = [];
  for (let n = 0; n < length; n++) weights.push(Math.exp(a[width * (j + n * stride) + 2] - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { probabilities: weights.map((weight) => weight / sum), value: largest + Math.log(sum) };
}
