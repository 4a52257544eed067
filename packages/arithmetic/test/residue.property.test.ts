import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../src/random.ts";
import { drawPrime, isPrime, Residues } from "../src/residue.ts";
import { chiSquare, chiSquareLimit, nonUniformity } from "./chi-square.ts";
import { runs, seed } from "./seed.ts";

/** Entry n says whether n is prime, for n below `end`. */
function sieve(end: number): Uint8Array {
  const primes = new Uint8Array(end).fill(1, 2);
  for (let n = 2; n * n < end; n++) {
    if (primes[n] === 1) for (let multiple = n * n; multiple < end; multiple += n) primes[multiple] = 0;
  }
  return primes;
}

/** Primes in a short interval, by division by all smaller primes. */
function primesIn(start: number, end: number, divisors: readonly number[]): number[] {
  const found: number[] = [];
  for (let n = start; n < end; n++) if (divisors.every((d) => n % d !== 0)) found.push(n);
  return found;
}

const small = sieve(2 ** 17);
const divisors = Array.from(small.keys()).filter((n) => small[n] === 1 && n < 2 ** 13);

describe("primes", () => {
  test("isPrime is the sieve of Eratosthenes below 2^17, and division near 2^25 and 2^26", () => {
    const wrong = Array.from(small.keys()).filter((n) => isPrime(n) !== (small[n] === 1));
    expect(wrong).toEqual([]);
    for (const [start, end] of [
      [2 ** 25, 2 ** 25 + 2000],
      [2 ** 26 - 2000, 2 ** 26],
    ]) {
      const found = Array.from({ length: end - start }, (_, i) => start + i).filter(isPrime);
      expect(found).toEqual(primesIn(start, end, divisors));
    }
  });

  test("strong pseudoprimes to few bases and Carmichael numbers are no primes", () => {
    // Smallest strong pseudoprimes to base 2, to 2 and 3, to 2, 3 and 5 (Pomerance, Selfridge, Wagstaff 1980); Carmichael numbers.
    const composite = [2047, 1_373_653, 25_326_001, 561, 41_041, 825_265, 5779 * 5779];
    expect(composite.filter(isPrime)).toEqual([]);
  });

  test("drawn primes are primes of [2^25, 2^26), spread as the primes are", () => {
    const source = random(seed);
    const drawn = Array.from({ length: 4000 }, () => drawPrime(source));
    expect(drawn.filter((p) => p < 2 ** 25 || p >= 2 ** 26 || !divisors.every((d) => p % d !== 0))).toEqual([]);
    expect(new Set(drawn).size).toBeGreaterThan(3980);
    // The density of primes is 1 / ln x: their number in a part is its logarithmic integral, by the middle of each part.
    const parts = 32;
    const density = Array.from({ length: parts }, (_, i) => 1 / Math.log(2 ** 25 * (1 + (i + 0.5) / parts)));
    const total = density.reduce((sum, x) => sum + x, 0);
    const counts = new Array<number>(parts).fill(0);
    for (const p of drawn) counts[Math.floor((p / 2 ** 25 - 1) * parts)]++;
    expect(
      chiSquare(
        counts,
        density.map((x) => (x / total) * drawn.length),
      ),
    ).toBeLessThan(chiSquareLimit(parts - 1));
  });
});

/** Residues by BigInt, from blinded ones: what is stored for x is x lift(1). */
function unblinded(field: Residues, blinded: number): bigint {
  const p = BigInt(field.prime);
  const factor = BigInt(field.lift(1));
  let inverse = 1n;
  let power = factor;
  for (let exponent = p - 2n; exponent > 0n; exponent /= 2n) {
    if (exponent % 2n === 1n) inverse = (inverse * power) % p;
    power = (power * power) % p;
  }
  return (BigInt(blinded) * inverse) % p;
}

const modulo = (a: bigint, p: bigint): bigint => ((a % p) + p) % p;

describe("residues", () => {
  const largest = [67_108_859, 67_108_837, 33_554_467];
  const primes = fc.constantFrom(5, 7, 11, 101, 65_537, ...largest);

  test("every operation is BigInt's modulo the prime, and its result a residue", () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const edge = fc.oneof(draw, fc.constantFrom(0, 1 - 2 ** -53));
    const property = fc.property(primes, edge, edge, fc.nat(), (prime, x, y, blinding) => {
      const field = new Residues(prime, random(blinding));
      const p = BigInt(prime);
      const [a, b] = [Math.floor(x * prime), Math.floor(y * prime)];
      const [u, v] = [unblinded(field, a), unblinded(field, b)];
      const results: [number, bigint][] = [
        [field.add(a, b), modulo(u + v, p)],
        [field.subtract(a, b), modulo(u - v, p)],
        [field.negate(a), modulo(-u, p)],
        [field.multiply(a, b), modulo(u * v, p)],
      ];
      for (const [actual, expected] of results) {
        expect(Number.isInteger(actual) && actual >= 0 && actual < prime && !Object.is(actual, -0)).toBe(true);
        expect(unblinded(field, actual)).toBe(expected);
      }
      if (a === 0) expect(field.reciprocal(a)).toBeNaN();
      else expect(modulo(unblinded(field, field.reciprocal(a)) * u, p)).toBe(1n);
    });
    fc.assert(property, { seed, numRuns: runs(2000) });
  });

  test("a double is lifted as the fraction that it is", () => {
    const doubles = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map((k) => k / 2 ** 10),
      fc.constantFrom(0, -0, 2 ** -1074, -Number.MAX_VALUE, 67_108_859, -67_108_859, 2 * 67_108_859),
    );
    const property = fc.property(primes, doubles, fc.nat(), (prime, x, blinding) => {
      const field = new Residues(prime, random(blinding));
      const lifted = field.lift(x);
      expect(Object.is(lifted, -0)).toBe(false);
      let numerator = x;
      let denominator = 1n;
      for (; !Number.isInteger(numerator); denominator *= 2n) numerator *= 2;
      expect(modulo(unblinded(field, lifted) * denominator - BigInt(numerator), BigInt(prime))).toBe(0n);
    });
    fc.assert(property, { seed, numRuns: runs(1000) });
  });

  test("blinding: neither 1 nor a raw product is what the field means by it, and the factor is uniform", () => {
    const prime = 67_108_859;
    const factors = Array.from({ length: 4000 }, (_, i) => {
      const field = new Residues(prime, random(i));
      const [two, three] = [field.lift(2), field.lift(3)];
      expect(field.lift(1)).not.toBe(1);
      expect(Number((BigInt(two) * BigInt(three)) % BigInt(prime))).not.toBe(field.lift(6));
      return field.lift(1);
    });
    expect(nonUniformity(factors, prime)).toBeLessThan(1);
  });

  test.each([11, 101, 499])("modulo %d false identities survive just as often as they have roots", (prime) => {
    const field = new Residues(prime, random(seed));
    const square = (a: number): number => field.multiply(a, a);
    let survivals = 0;
    for (let a = 0; a < prime; a++) {
      for (let b = 0; b < prime; b++) {
        if (square(field.add(a, b)) === field.add(square(a), square(b))) survivals++;
      }
    }
    // (a + b)² = a² + b² where a b = 0: with probability (2 - 1/p) / p, within degree / p (Schwartz 1980, Zippel 1979).
    expect(survivals).toBe(2 * prime - 1);

    // A polynomial of degree d with d roots: the bound is reached.
    const roots = [0, 1, 3, 4, 7].map((x) => field.lift(x));
    let zeros = 0;
    for (let a = 0; a < prime; a++) {
      if (roots.reduce((value, root) => field.multiply(value, field.subtract(a, root)), field.lift(1)) === 0) zeros++;
    }
    expect(zeros).toBe(5);
  });
});
