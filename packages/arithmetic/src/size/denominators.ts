/** Exponents of reciprocal symbols, by the symbol's number. */
type Exponents = ReadonlyMap<number, number>;

/** A polynomial in indeterminates and reciprocal symbols: a bound on its size, and on each symbol's exponent. */
export interface Bound {
  /** The size, a symbol r_k = 1 / a_k counting as minus the size of a_k. */
  readonly weight: number;
  /** Number of an exponent vector in {@link Denominators}. */
  readonly denominator: number;
}

/**
 * The denominators of a program: each reciprocal 1 / a_k is a symbol r_k of its own, and every value a polynomial in the
 * indeterminates and these symbols. Exponent vectors are kept once each and named by a number, 0 for none.
 */
export class Denominators {
  readonly #symbols: Bound[] = [];
  readonly #vectors: Exponents[] = [new Map()];
  readonly #numbers = new Map<string, number>([["", 0]]);
  readonly #known = new Map<string, number>();

  /** The number of a new symbol's vector, the symbol standing for 1 / a. */
  reciprocal(a: Bound): number {
    this.#symbols.push(a);
    return this.#numberOf(new Map([[this.#symbols.length - 1, 1]]));
  }

  /** Of a product: exponents add. */
  product(a: number, b: number): number {
    if (a === 0 || b === 0) return a + b;
    return this.#combined("product", a, b, (x, y) => x + y);
  }

  /** Of a sum: the larger exponent of each symbol. */
  sum(a: number, b: number): number {
    if (a === 0 || b === 0 || a === b) return a === b ? a : a + b;
    return this.#combined("sum", a, b, Math.max);
  }

  /**
   * The size of the numerator once each r_k is cleared by multiplying with a_k^(E_k), from the last symbol to the first
   * since a_k has earlier ones in it: weight + Σ E_k weight(a_k).
   */
  cleared({ weight, denominator }: Bound): number {
    const exponents = new Map(this.#vectors[denominator]);
    let size = weight;
    for (let symbol = this.#symbols.length - 1; symbol >= 0 && exponents.size > 0; symbol--) {
      const exponent = exponents.get(symbol);
      if (exponent === undefined) continue;
      const a = this.#symbols[symbol];
      size += exponent * a.weight;
      exponents.delete(symbol);
      for (const [inner, power] of this.#vectors[a.denominator]) {
        exponents.set(inner, (exponents.get(inner) ?? 0) + exponent * power);
      }
    }
    return size;
  }

  #combined(operation: string, a: number, b: number, combine: (x: number, y: number) => number): number {
    const key = `${operation} ${Math.min(a, b)} ${Math.max(a, b)}`;
    let number = this.#known.get(key);
    if (number === undefined) {
      const exponents = new Map(this.#vectors[a]);
      for (const [symbol, power] of this.#vectors[b]) exponents.set(symbol, combine(exponents.get(symbol) ?? 0, power));
      number = this.#numberOf(exponents);
      this.#known.set(key, number);
    }
    return number;
  }

  #numberOf(exponents: Exponents): number {
    const name = [...exponents].sort(([a], [b]) => a - b).join(";");
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#vectors.push(exponents) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}
