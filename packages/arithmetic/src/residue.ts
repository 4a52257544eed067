import type { Random } from "./random.ts";

/**
 * Arithmetic modulo one prime below 2^26, on residues that are blinded (Montgomery form with a random factor r: the
 * residue of x is stored as x r mod p), so that a constant or a product not made here is wrong rather than congruent.
 * Products of two residues are exact in a double.
 */
export class Residues {
  readonly prime: number;
  readonly #inverse: number;
  readonly #factor: number;
  readonly #unblind: number;

  constructor(prime: number, random: Random) {
    this.prime = prime;
    this.#inverse = 1 / prime;
    this.#factor = random.integer(2, prime - 2);
    this.#unblind = inverseModulo(this.#factor, prime);
  }

  /** The blinded residue of a finite double, exactly: an integer over a power of two. */
  lift(x: number): number {
    let numerator = x;
    let halvings = 0;
    while (!Number.isInteger(numerator)) {
      numerator *= 2;
      halvings++;
    }
    let residue = this.#plain(positive(numerator % this.prime, this.prime), this.#factor);
    const half = (this.prime + 1) / 2;
    for (; halvings > 0; halvings--) residue = this.#plain(residue, half);
    return residue;
  }

  add(a: number, b: number): number {
    const sum = a + b;
    return sum < this.prime ? sum : sum - this.prime;
  }

  subtract(a: number, b: number): number {
    const difference = a - b;
    return difference < 0 ? difference + this.prime : difference;
  }

  negate(a: number): number {
    return a === 0 ? 0 : this.prime - a;
  }

  multiply(a: number, b: number): number {
    return this.#plain(this.#plain(a, b), this.#unblind);
  }

  /** 1 / a, or NaN for 0. */
  reciprocal(a: number): number {
    if (a === 0) return Number.NaN;
    const value = this.#plain(a, this.#unblind);
    return this.#plain(inverseModulo(value, this.prime), this.#factor);
  }

  /** a b mod p without blinding, for 0 <= a, b < p < 2^26. */
  #plain(a: number, b: number): number {
    const product = a * b;
    const remainder = product - Math.floor(product * this.#inverse) * this.prime;
    if (remainder < 0) return remainder + this.prime;
    return remainder < this.prime ? remainder : remainder - this.prime;
  }
}

/** A prime drawn uniformly from those in [2^25, 2^26). */
export function drawPrime(random: Random): number {
  for (;;) {
    const candidate = random.integer(2 ** 25, 2 ** 26 - 1);
    if (isPrime(candidate)) return candidate;
  }
}

/** Miller and Rabin's test, deterministic below 3,215,031,751 with the bases 2, 3, 5 and 7 (Pomerance et al. 1980). */
export function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (const small of [2, 3, 5, 7]) if (n % small === 0) return n === small;
  let odd = n - 1;
  let twos = 0;
  while (odd % 2 === 0) {
    odd /= 2;
    twos++;
  }
  return [2, 3, 5, 7].every((base) => {
    let x = powerModulo(base, odd, n);
    if (x === 1 || x === n - 1) return true;
    for (let square = 1; square < twos; square++) {
      x = (x * x) % n;
      if (x === n - 1) return true;
    }
    return false;
  });
}

/** base^exponent mod n for n < 2^26. */
function powerModulo(base: number, exponent: number, n: number): number {
  let result = 1;
  let square = base % n;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % n;
    square = (square * square) % n;
  }
  return result;
}

/** a^-1 mod p by the extended algorithm of Euclid. */
function inverseModulo(a: number, p: number): number {
  let [r, nextR, s, nextS] = [p, a, 0, 1];
  while (nextR !== 0) {
    const quotient = Math.floor(r / nextR);
    [r, nextR] = [nextR, r - quotient * nextR];
    [s, nextS] = [nextS, s - quotient * nextS];
  }
  return positive(s, p);
}

function positive(a: number, p: number): number {
  return a < 0 ? a + p : a;
}
