import {
  type BinaryOperation,
  type BinarySlot,
  type Field,
  type Random,
  random,
  type UnaryOperation,
  type UnarySlot,
} from "@gradproof/arithmetic";

/** Coefficients modulo the prime, the constant first; no trailing zeros, so [] is 0. */
type Polynomial = readonly number[];
type Fraction = { readonly above: Polynomial; readonly below: Polynomial };
export type LineStore = Fraction[];

/** The largest prime whose products are exact in a double and fit a sum of two of them. */
const p = 67108859;

/**
 * Exact rational functions of one variable s modulo a prime, in lowest terms: what a program computes when its inputs, and
 * the answers of tanh and softmax, run along a random line a + s b. The degree along a random line is the total degree, so
 * this measures what the arithmetic `degree` bounds, and shares no code with it.
 */
export function lineField(seed: number) {
  const source = random(seed);
  const answers = new Map<string, Fraction>();
  const answer = (key: string): Fraction => {
    const known = answers.get(key) ?? randomLine(source);
    answers.set(key, known);
    return known;
  };
  const refused = (operation: string) => (): never => {
    throw new RangeError(`lineField: no ${operation}`);
  };
  const oracle =
    (name: string): UnarySlot<LineStore> =>
    (o, i, a, j) => {
      o[i] = answer(`${name} ${a[j].above.join()} / ${a[j].below.join()}`);
    };
  const unary: { readonly [operation in UnaryOperation]?: UnarySlot<LineStore> } = {
    negate(o, i, a, j) {
      o[i] = times(number(-1), a[j]);
    },
    square(o, i, a, j) {
      o[i] = times(a[j], a[j]);
    },
    oneMinus(o, i, a, j) {
      o[i] = plus(number(1), times(number(-1), a[j]));
    },
    reciprocal(o, i, a, j) {
      o[i] = lowest(a[j].below, a[j].above);
    },
    tanh: oracle("tanh"),
    exp: oracle("exp"),
  };
  const binary: { readonly [operation in BinaryOperation]?: BinarySlot<LineStore> } = {
    add(o, i, a, j, b, k) {
      o[i] = plus(a[j], b[k]);
    },
    subtract(o, i, a, j, b, k) {
      o[i] = plus(a[j], times(number(-1), b[k]));
    },
    multiply(o, i, a, j, b, k) {
      o[i] = times(a[j], b[k]);
    },
    divide(o, i, a, j, b, k) {
      o[i] = times(a[j], lowest(b[k].below, b[k].above));
    },
  };
  const lift = (o: LineStore, i: number, x: number): void => {
    o[i] = number(x);
  };
  const field: Field<LineStore> = {
    name: "line",
    unitRoundoff: 0,
    store: (elements) => new Array<Fraction>(elements).fill(number(0)),
    copy(o, i, a, j) {
      o[i] = a[j];
    },
    lift,
    round: lift,
    lower: () => Number.NaN,
    same: (a, i, b, j) => a[i].above.join() === b[j].above.join() && a[i].below.join() === b[j].below.join(),
    poison(o, i) {
      o[i] = number(0);
    },
    unary: (operation) => unary[operation] ?? refused(operation),
    binary: (operation) => binary[operation] ?? refused(operation),
    multiplyAdd(o, i, a, j, b, k) {
      o[i] = plus(o[i], times(a[j], b[k]));
    },
    // One vector oracle of the differences of the row, with Σ p_n = 1.
    softmaxRow(o, i, oStride, a, j, aStride, length) {
      const first = times(number(-1), a[j]);
      const key = Array.from({ length }, (_, n) => plus(a[j + n * aStride], first).above.join()).join(" ");
      let rest = number(1);
      for (let n = 1; n < length; n++) {
        const probability = answer(`softmax ${n} of ${key}`);
        o[i + n * oStride] = probability;
        rest = plus(rest, times(number(-1), probability));
      }
      o[i] = rest;
    },
    logSumExpRow(o, i, a, j, aStride, length) {
      const first = times(number(-1), a[j]);
      const key = Array.from({ length }, (_, n) => plus(a[j + n * aStride], first).above.join()).join(" ");
      o[i] = plus(a[j], answer(`logSumExp of ${key}`));
    },
  };
  return { field, arbitrary: () => randomLine(source) };
}

/** Of the numerator in lowest terms. */
export function degreeOf({ above }: Fraction): number {
  return above.length - 1;
}

function randomLine(source: Random): Fraction {
  return { above: [source.integer(0, p - 1), source.integer(1, p - 1)], below: [1] };
}

function number(x: number): Fraction {
  let [numerator, below] = [x, 1];
  for (; !Number.isInteger(numerator); numerator *= 2) below *= 2;
  return lowest(trimmed([modulo(numerator)]), [below % p]);
}

function plus(a: Fraction, b: Fraction): Fraction {
  if (a.above.length === 0) return b;
  if (b.above.length === 0) return a;
  if (a.below.length === 1 && b.below.length === 1) return { above: sum(a.above, b.above), below: [1] };
  return lowest(sum(product(a.above, b.below), product(b.above, a.below)), product(a.below, b.below));
}

function times(a: Fraction, b: Fraction): Fraction {
  if (a.above.length === 0 || b.above.length === 0) return { above: [], below: [1] };
  if (a.below.length === 1 && b.below.length === 1) return { above: product(a.above, b.above), below: [1] };
  return lowest(product(a.above, b.above), product(a.below, b.below));
}

/** Numerator and denominator without common factors, the denominator monic. */
function lowest(above: Polynomial, below: Polynomial): Fraction {
  if (below.length === 0) throw new RangeError("lineField: 1 / 0");
  let [a, b] = [above, below];
  while (b.length > 0) [a, b] = [b, division(a, b).remainder];
  const common = above.length === 0 ? below : a;
  const [top, bottom] = [division(above, common).quotient, division(below, common).quotient];
  const unit = [inverse(bottom[bottom.length - 1])];
  return { above: product(top, unit), below: product(bottom, unit) };
}

function division(a: Polynomial, b: Polynomial): { quotient: Polynomial; remainder: Polynomial } {
  const rest = [...a];
  const quotient = new Array<number>(Math.max(0, a.length - b.length + 1)).fill(0);
  const unit = inverse(b[b.length - 1]);
  for (let shift = a.length - b.length; shift >= 0; shift--) {
    const factor = modulo(rest[shift + b.length - 1] * unit);
    quotient[shift] = factor;
    for (let n = 0; n < b.length; n++) rest[shift + n] = modulo(rest[shift + n] - modulo(factor * b[n]));
  }
  return { quotient: trimmed(quotient), remainder: trimmed(rest) };
}

function sum(a: Polynomial, b: Polynomial): Polynomial {
  return trimmed(Array.from({ length: Math.max(a.length, b.length) }, (_, n) => modulo((a[n] ?? 0) + (b[n] ?? 0))));
}

function product(a: Polynomial, b: Polynomial): Polynomial {
  const result = new Array<number>(Math.max(0, a.length + b.length - 1)).fill(0);
  for (let n = 0; n < a.length; n++) {
    for (let m = 0; m < b.length; m++) result[n + m] = modulo(result[n + m] + modulo(a[n] * b[m]));
  }
  return trimmed(result);
}

function trimmed(a: readonly number[]): Polynomial {
  let length = a.length;
  while (length > 0 && a[length - 1] === 0) length--;
  return a.slice(0, length);
}

function modulo(x: number): number {
  const rest = x % p;
  return rest < 0 ? rest + p : rest;
}

/** a^(p − 2), by squaring. */
function inverse(a: number): number {
  let [result, square] = [1, a];
  for (let exponent = p - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = modulo(result * square);
    square = modulo(square * square);
  }
  return result;
}
