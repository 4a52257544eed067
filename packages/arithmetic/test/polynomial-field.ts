import { LiftError } from "../src/errors.ts";
import type { BinaryOperation, BinarySlot, Field, UnaryOperation, UnarySlot } from "../src/field.ts";

/** Coefficients by monomial, a monomial being its symbols in order, with repetition: "0 0 3" is X0² X3; no zeros. */
export type Polynomial = ReadonlyMap<string, bigint>;
export type PolynomialStore = Polynomial[];

const zero: Polynomial = new Map();
const constant = (x: bigint): Polynomial => (x === 0n ? zero : new Map([["", x]]));

/**
 * Exact polynomials over the integers, term by term: what {@link degree} and {@link height} bound. An oracle's answer is a
 * new indeterminate, remembered by its argument; 1 / a is a new symbol too, and `cleared` multiplies it away.
 */
export function polynomialField() {
  const answers = new Map<string, Polynomial>();
  const reciprocals = new Map<number, Polynomial>();
  let symbols = 0;
  const symbol = (): Polynomial => new Map([[String(symbols++), 1n]]);

  function oracle(name: string): UnarySlot<PolynomialStore> {
    return (o, i, a, j) => {
      const key = `${name} ${JSON.stringify([...a[j]].sort(), (_, x) => (typeof x === "bigint" ? String(x) : x))}`;
      const known = answers.get(key) ?? symbol();
      answers.set(key, known);
      o[i] = known;
    };
  }
  const reciprocal: UnarySlot<PolynomialStore> = (o, i, a, j) => {
    if (a[j].size === 0) throw new RangeError("polynomialField: 1 / 0");
    reciprocals.set(symbols, a[j]);
    o[i] = symbol();
  };
  const refused = (): never => {
    throw new RangeError("polynomialField: no such function");
  };
  const unary: Record<string, UnarySlot<PolynomialStore>> = {
    negate(o, i, a, j) {
      o[i] = scaled(a[j], -1n);
    },
    square(o, i, a, j) {
      o[i] = product(a[j], a[j]);
    },
    oneMinus(o, i, a, j) {
      o[i] = sum(constant(1n), scaled(a[j], -1n));
    },
    reciprocal,
    tanh: oracle("tanh"),
    sqrt: oracle("sqrt"),
  };
  const binary: Record<Exclude<BinaryOperation, "maximum">, BinarySlot<PolynomialStore>> = {
    add(o, i, a, j, b, k) {
      o[i] = sum(a[j], b[k]);
    },
    subtract(o, i, a, j, b, k) {
      o[i] = sum(a[j], scaled(b[k], -1n));
    },
    multiply(o, i, a, j, b, k) {
      o[i] = product(a[j], b[k]);
    },
    divide(o, i, a, j, b, k) {
      const numerator = a[j];
      reciprocal(o, i, b, k);
      o[i] = product(numerator, o[i]);
    },
  };
  const lift = (o: PolynomialStore, i: number, x: number): void => {
    if (!Number.isInteger(x)) throw new LiftError("polynomial", x, "an integer");
    o[i] = constant(BigInt(x));
  };
  const field: Field<PolynomialStore> = {
    name: "polynomial",
    unitRoundoff: 0,
    store: (elements) => new Array<Polynomial>(elements).fill(zero),
    copy(o, i, a, j) {
      o[i] = a[j];
    },
    lift,
    round: lift,
    lower: () => Number.NaN,
    same: (a, i, b, j) => sum(a[i], scaled(b[j], -1n)).size === 0,
    poison(o, i) {
      o[i] = zero;
    },
    unary: (operation: UnaryOperation) => unary[operation] ?? refused,
    binary: (operation) => (operation === "maximum" ? refused : binary[operation]),
    multiplyAdd(o, i, a, j, b, k) {
      o[i] = sum(o[i], product(a[j], b[k]));
    },
  };
  return { field, symbol, cleared: (a: Polynomial) => clear(a, reciprocals) };
}

/** Each symbol that stands for 1 / a_k multiplied away by the power of a_k that it takes, the last symbol first. */
function clear(a: Polynomial, reciprocals: ReadonlyMap<number, Polynomial>): Polynomial {
  let result = a;
  for (const [symbol, divisor] of [...reciprocals].reverse()) {
    const powerOf = (monomial: string) => monomial.split(" ").filter((name) => name === String(symbol)).length;
    const highest = Math.max(0, ...[...result.keys()].map(powerOf));
    let next = zero;
    for (const [monomial, coefficient] of result) {
      const names = monomial.split(" ").filter((name) => name !== String(symbol) && name !== "");
      let term: Polynomial = new Map([[names.join(" "), coefficient]]);
      for (let n = powerOf(monomial); n < highest; n++) term = product(term, divisor);
      next = sum(next, term);
    }
    result = next;
  }
  return result;
}

export function exactDegree(a: Polynomial): number {
  const degrees = [...a.keys()].map((monomial) => (monomial === "" ? 0 : monomial.split(" ").length));
  return Math.max(Number.NEGATIVE_INFINITY, ...degrees);
}

/** Sum of the absolute values of the coefficients. */
export function coefficientSum(a: Polynomial): bigint {
  return [...a.values()].reduce((total, x) => total + (x < 0n ? -x : x), 0n);
}

function scaled(a: Polynomial, by: bigint): Polynomial {
  return new Map([...a].map(([monomial, x]) => [monomial, x * by]));
}

function sum(a: Polynomial, b: Polynomial): Polynomial {
  const result = new Map(a);
  for (const [monomial, x] of b) addTo(result, monomial, x);
  return result;
}

function product(a: Polynomial, b: Polynomial): Polynomial {
  const result = new Map<string, bigint>();
  for (const [left, x] of a) {
    for (const [right, y] of b) {
      const names = [...left.split(" "), ...right.split(" ")].filter((name) => name !== "");
      addTo(result, names.sort((m, n) => Number(m) - Number(n)).join(" "), x * y);
    }
  }
  return result;
}

function addTo(terms: Map<string, bigint>, monomial: string, x: bigint): void {
  const total = (terms.get(monomial) ?? 0n) + x;
  if (total === 0n) terms.delete(monomial);
  else terms.set(monomial, total);
}
