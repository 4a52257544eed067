import { OperationError } from "./errors.ts";
import type { Random } from "./random.ts";
import type { Residues } from "./residue.ts";

type Pair = readonly [number, number];

/** What softmax and log-sum-exp answer for one row. */
export interface RowAnswer {
  /** Residue pairs of each probability, one behind the other; they sum to 1. */
  readonly probabilities: readonly number[];
  /** Residue pair of log Σ exp(z_i - z_0). */
  readonly logSum: Pair;
}

/**
 * The elementary functions over a pair of prime fields as memoised random oracles: a fresh argument gets a uniformly
 * random value, a known one the same again. They hold exactly the identities written here:
 * E(0) = 1, E(-u) = 1 / E(u), log E(u) = u, tanh u = (E(2u) - 1) / (E(2u) + 1), sigmoid u = E(u) / (E(u) + 1),
 * log1p u = log(1 + u), sqrt 0 = 0, sqrt 1 = 1, and with an oracle t, t(-u) = -t(u), t(0) = 0: sin u = 2t / (1 + t²),
 * cos u = (1 - t²) / (1 + t²), so sin² + cos² = 1. So tanh is odd and takes almost every residue, tanh 0 = 0, sigmoid(-u) = 1 - sigmoid u and
 * tanh u = 2 sigmoid 2u - 1.
 */
export class FunctionOracles {
  readonly #p: Residues;
  readonly #q: Residues;
  readonly #random: Random;
  readonly #exponentials = new Map<number, Pair>();
  readonly #logarithms = new Map<number, Pair>();
  readonly #roots = new Map<number, Pair>();
  readonly #tangents = new Map<number, Pair>();
  readonly #rows = new Map<string, RowAnswer>();
  readonly #one: Pair;

  constructor([p, q]: readonly [Residues, Residues], random: Random) {
    this.#p = p;
    this.#q = q;
    this.#random = random;
    this.#one = [p.lift(1), q.lift(1)];
    this.#roots.set(this.#key(0, 0), [0, 0]);
    this.#roots.set(this.#key(...this.#one), this.#one);
  }

  /** Different arguments answered so far. */
  get calls(): number {
    return this.#exponentials.size + this.#roots.size - 2 + this.#tangents.size + this.#rows.size;
  }

  exp(first: number, second: number): Pair {
    if (first === 0 && second === 0) return this.#one;
    const opposite: Pair = [this.#p.negate(first), this.#q.negate(second)];
    const key = this.#key(first, second);
    const oppositeKey = this.#key(...opposite);
    if (oppositeKey < key) return this.#reciprocal(this.exp(...opposite));
    let value = this.#exponentials.get(key);
    if (value === undefined) {
      value = this.#draw();
      this.#remember(key, [first, second], value);
    }
    return value;
  }

  log(first: number, second: number): Pair {
    if (first === this.#one[0] && second === this.#one[1]) return [0, 0];
    if (first === 0 || second === 0) throw new OperationError("primeField", "log", "has no log 0; draw again");
    const known = this.#logarithms.get(this.#key(first, second));
    if (known !== undefined) return known;
    let argument = this.#draw();
    const opposite: Pair = [this.#p.negate(argument[0]), this.#q.negate(argument[1])];
    const flip = this.#key(...opposite) < this.#key(...argument);
    const value: Pair = flip ? this.#reciprocal([first, second]) : [first, second];
    const canonical = flip ? opposite : argument;
    this.#remember(this.#key(...canonical), canonical, value);
    if (flip) argument = [this.#p.negate(canonical[0]), this.#q.negate(canonical[1])];
    return argument;
  }

  tanh(first: number, second: number): Pair {
    const [p, q] = [this.#p, this.#q];
    const [e, f] = this.exp(p.add(first, first), q.add(second, second));
    const [one, unit] = this.#one;
    return [
      p.multiply(p.subtract(e, one), p.reciprocal(p.add(e, one))),
      q.multiply(q.subtract(f, unit), q.reciprocal(q.add(f, unit))),
    ];
  }

  sigmoid(first: number, second: number): Pair {
    const [p, q] = [this.#p, this.#q];
    const [e, f] = this.exp(first, second);
    const [one, unit] = this.#one;
    return [p.multiply(e, p.reciprocal(p.add(e, one))), q.multiply(f, q.reciprocal(q.add(f, unit)))];
  }

  log1p(first: number, second: number): Pair {
    return this.log(this.#p.add(first, this.#one[0]), this.#q.add(second, this.#one[1]));
  }

  sin(first: number, second: number): Pair {
    const t = this.#tangent(first, second);
    return this.#componentwise((residues, i, one) => {
      const factor = residues.reciprocal(residues.add(one, residues.multiply(t[i], t[i])));
      return residues.multiply(residues.add(t[i], t[i]), factor);
    });
  }

  cos(first: number, second: number): Pair {
    const t = this.#tangent(first, second);
    return this.#componentwise((residues, i, one) => {
      const square = residues.multiply(t[i], t[i]);
      return residues.multiply(residues.subtract(one, square), residues.reciprocal(residues.add(one, square)));
    });
  }

  /** t(u), for the tangent of u / 2: odd, and never a root of -1. */
  #tangent(first: number, second: number): Pair {
    if (first === 0 && second === 0) return [0, 0];
    const opposite: Pair = [this.#p.negate(first), this.#q.negate(second)];
    const key = this.#key(first, second);
    if (this.#key(...opposite) < key) {
      const [t, s] = this.#tangent(...opposite);
      return [this.#p.negate(t), this.#q.negate(s)];
    }
    let value = this.#tangents.get(key);
    while (value === undefined) {
      const drawn = this.#draw();
      const [p, q] = this.#componentwise((residues, i, one) =>
        residues.add(one, residues.multiply(drawn[i], drawn[i])),
      );
      if (p !== 0 && q !== 0) value = drawn;
    }
    this.#tangents.set(key, value);
    return value;
  }

  #componentwise(value: (residues: Residues, i: 0 | 1, one: number) => number): Pair {
    return [value(this.#p, 0, this.#one[0]), value(this.#q, 1, this.#one[1])];
  }

  sqrt(first: number, second: number): Pair {
    const key = this.#key(first, second);
    let value = this.#roots.get(key);
    if (value === undefined) {
      value = this.#draw();
      this.#roots.set(key, value);
    }
    return value;
  }

  /** @param key - residue pairs of z_n - z_0 for n >= 1, one behind the other. */
  softmax(key: readonly number[]): RowAnswer {
    if (key.length === 0) return { probabilities: this.#one, logSum: [0, 0] };
    const name = key.join();
    let answer = this.#rows.get(name);
    if (answer === undefined) {
      const probabilities = [...this.#one];
      for (let n = 0; n < key.length; n += 2) {
        const [r, s] = this.#draw();
        probabilities.push(r, s);
        probabilities[0] = this.#p.subtract(probabilities[0], r);
        probabilities[1] = this.#q.subtract(probabilities[1], s);
      }
      answer = { probabilities, logSum: this.#draw() };
      this.#rows.set(name, answer);
    }
    return answer;
  }

  #remember(key: number, argument: Pair, value: Pair): void {
    this.#exponentials.set(key, value);
    this.#logarithms.set(this.#key(...value), argument);
    this.#logarithms.set(this.#key(...this.#reciprocal(value)), [
      this.#p.negate(argument[0]),
      this.#q.negate(argument[1]),
    ]);
  }

  /** A pair of uniform residues other than 0, 1 and -1, where the functions made of it would not be defined. */
  #draw(): Pair {
    return [this.#drawOne(this.#p, this.#one[0]), this.#drawOne(this.#q, this.#one[1])];
  }

  #drawOne(residues: Residues, one: number): number {
    for (;;) {
      const value = this.#random.integer(0, residues.prime - 1);
      if (value !== 0 && value !== one && value !== residues.negate(one)) return value;
    }
  }

  #reciprocal([first, second]: Pair): Pair {
    return [this.#p.reciprocal(first), this.#q.reciprocal(second)];
  }

  /** One number for a pair: below 2^52, so exact. */
  #key(first: number, second: number): number {
    return first * this.#q.prime + second;
  }
}
