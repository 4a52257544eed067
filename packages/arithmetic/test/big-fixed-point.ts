/*
 * Fixed-point numbers on BigInt: an oracle that shares no code with the number systems that it judges. A number is an
 * integer times 2^-1600, so every double is exact, and functions keep more than 400 correct bits even of 2^-1074.
 */

export const fractionBits = 1600n;
const guardBits = 80n;
const one = 1n << fractionBits;

/** A finite double, exactly. */
export function fixed(x: number): bigint {
  return integerOf(x) << (fractionBits - 1074n);
}

/** x 2^1074 for a finite double: an integer. */
export function integerOf(x: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  if (exponent === 0x7ffn) throw new RangeError(`integerOf: ${x} is not finite`);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return bits >> 63n ? -magnitude : magnitude;
}

export function multiply(a: bigint, b: bigint): bigint {
  return (a * b) >> fractionBits;
}

export function divide(a: bigint, b: bigint): bigint {
  return (a << fractionBits) / b;
}

export function absolute(a: bigint): bigint {
  return a < 0n ? -a : a;
}

/** ln 2 = 2 (1/3 + 1/3³/3 + 1/3⁵/5 + ...) with guard bits. */
const ln2 = (() => {
  let power = (2n << (fractionBits + guardBits)) / 3n;
  let sum = 0n;
  for (let n = 1n; power > 0n; n += 2n) {
    sum += power / n;
    power /= 9n;
  }
  return sum;
})();

/** e^x by x = k ln 2 + r, the Taylor series of r / 2^40, and 40 squarings. */
export function exp(x: bigint): bigint {
  const unit = fractionBits + guardBits;
  const wide = x << guardBits;
  const k = (2n * wide + ln2) / (2n * ln2);
  const r = (wide - k * ln2) >> 40n;
  let term = 1n << unit;
  let sum = term;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((term * r) >> unit) / n;
    sum += term;
  }
  for (let n = 0; n < 40; n++) sum = (sum * sum) >> unit;
  const shift = k - guardBits;
  return shift >= 0n ? sum << shift : sum >> -shift;
}

/** log x for x > 0 by x = 2^k m and Halley's iteration y ← y + 2 (m - e^y) / (m + e^y). */
export function log(x: bigint): bigint {
  const k = BigInt(bitLength(x)) - fractionBits - 1n;
  const m = k >= 0n ? x >> k : x << -k;
  let y = fixed(Math.log(Number(m >> (fractionBits - 60n)) / 2 ** 60));
  for (let n = 0; n < 4; n++) {
    const e = exp(y);
    y += divide(2n * (m - e), m + e);
  }
  return y + ((k * ln2) >> guardBits);
}

/** tanh x = (E - 1) / (E + 1), E = e^(2x) */
export function tanh(x: bigint): bigint {
  const e = exp(2n * absolute(x));
  const y = divide(e - one, e + one);
  return x < 0n ? -y : y;
}

/** 1 / (1 + e^-x), by E = e^-|x| */
export function sigmoid(x: bigint): bigint {
  const e = exp(-absolute(x));
  return divide(x < 0n ? e : one, one + e);
}

/** log(1 + x) for x > -1 */
export function log1p(x: bigint): bigint {
  return log(one + x);
}

const circleBits = 2900n;
/** π / 2 by Machin's formula π / 4 = 4 arctan(1/5) - arctan(1/239), in units of 2^-2900. */
const halfPi = (() => {
  const arctanOfInverse = (n: bigint): bigint => {
    let power = (1n << (circleBits + guardBits)) / n;
    let sum = 0n;
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += k % 4n === 1n ? power / k : -(power / k);
      power /= n * n;
    }
    return sum;
  };
  return (2n * (4n * arctanOfInverse(5n) - arctanOfInverse(239n))) >> guardBits;
})();

/** sin(x + quadrant π / 2) by the remainder of x modulo π / 2 and Taylor series. */
function sine(x: bigint, quadrant: bigint): bigint {
  const wide = x << (circleBits - fractionBits);
  let k = wide / halfPi;
  if (wide < k * halfPi) k--;
  const r = (wide - k * halfPi) >> (circleBits - fractionBits - guardBits);
  const turn = (((k + quadrant) % 4n) + 4n) % 4n;
  const unit = fractionBits + guardBits;
  let term = turn % 2n === 0n ? r : 1n << unit;
  let sum = term;
  for (let n = turn % 2n === 0n ? 2n : 1n; absolute(term) > 1n; n += 2n) {
    term = -(((((term * r) >> unit) * r) >> unit) / (n * (n + 1n)));
    sum += term;
  }
  return (turn < 2n ? sum : -sum) >> guardBits;
}

export function sin(x: bigint): bigint {
  return sine(x, 0n);
}

export function cos(x: bigint): bigint {
  return sine(x, 1n);
}

export function sqrt(x: bigint): bigint {
  let y = 1n << BigInt((bitLength(x << fractionBits) + 1) >> 1);
  for (;;) {
    const next = (y + (x << fractionBits) / y) >> 1n;
    if (next >= y) return y;
    y = next;
  }
}

export function reciprocal(x: bigint): bigint {
  return divide(one, x);
}

function bitLength(a: bigint): number {
  return absolute(a).toString(16).length * 4 - Math.clz32(Number.parseInt(absolute(a).toString(16)[0], 16)) + 28;
}

/** log2 |a| of a non-zero integer, to about 50 bits. */
export function log2(a: bigint): number {
  const shift = Math.max(0, bitLength(a) - 60);
  return Math.log2(Number(absolute(a) >> BigInt(shift))) + shift;
}

/** How many leading bits of `exact` `found` has right: -log2 of the relative error; infinite where they are equal. */
export function correctBits(found: bigint, exact: bigint): number {
  if (found === exact) return Number.POSITIVE_INFINITY;
  return exact === 0n ? Number.NEGATIVE_INFINITY : log2(exact) - log2(found - exact);
}

/** First decimals of a fixed-point number, for comparison with printed tables. */
export function decimals(a: bigint, digits: number): string {
  const scaled = ((absolute(a) * 10n ** BigInt(digits)) >> fractionBits).toString().padStart(digits + 1, "0");
  return `${a < 0n ? "-" : ""}${scaled.slice(0, -digits)}.${scaled.slice(-digits)}`;
}
