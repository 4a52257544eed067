import type { Bound, Denominators } from "./denominators.ts";

/** Arguments that a program had looked at by an oracle or a comparison. */
export interface Asked {
  readonly count: number;
  /** Bound on the size of the numerator of any of them; -Infinity where there is none. */
  readonly size: number;
}

/** Counts arguments and keeps a bound on all of them. */
export class AskedSoFar implements Asked {
  count = 0;
  weight = Number.NEGATIVE_INFINITY;
  denominator = 0;
  readonly #denominators: Denominators;

  constructor(denominators: Denominators) {
    this.#denominators = denominators;
  }

  get size(): number {
    return this.#denominators.cleared(this);
  }

  add({ weight, denominator }: Bound): void {
    this.count++;
    this.weight = Math.max(this.weight, weight);
    this.denominator = this.#denominators.sum(this.denominator, denominator);
  }
}

/** All that a program asked. */
export class Questions {
  /** By the function's name. */
  readonly functions = new Map<string, number>();
  readonly calls: AskedSoFar;
  readonly comparisons: AskedSoFar;
  /** What logarithms were taken of: exp of such a logarithm is it again. */
  readonly logarithms: AskedSoFar;

  constructor(denominators: Denominators) {
    this.calls = new AskedSoFar(denominators);
    this.comparisons = new AskedSoFar(denominators);
    this.logarithms = new AskedSoFar(denominators);
  }

  call(name: string, argument: Bound): void {
    this.functions.set(name, (this.functions.get(name) ?? 0) + 1);
    this.calls.add(argument);
  }
}
