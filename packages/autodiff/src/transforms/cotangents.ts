import { add } from "../operations/elementwise.ts";
import type { Term, Variable } from "../variable.ts";

/** Cotangents on their way back, each by the place of what it belongs to: sums that are formed, and terms that are not yet. */
export class Cotangents<S> {
  readonly #sums: (Variable<S> | undefined)[];
  readonly #terms: (Term<S>[] | undefined)[];

  constructor(places: number) {
    this.#sums = new Array(places);
    this.#terms = new Array(places);
  }

  /** Adds what one use gives. Terms gather as long as they are of one kind. */
  give(place: number, shape: readonly number[], change: Variable<S> | Term<S>): void {
    if (!("total" in change)) {
      const before = this.#sums[place];
      this.#sums[place] = before ? add(before, change) : change;
      return;
    }
    const others = this.#terms[place];
    if (others?.[0].total === change.total) {
      others.push(change);
      return;
    }
    this.sum(place, shape);
    this.#terms[place] = [change];
  }

  /** The sum of all that was given, if anything was. */
  sum(place: number, shape: readonly number[]): Variable<S> | undefined {
    const terms = this.#terms[place];
    if (terms) {
      // They came in the order of the sweep, the last use first.
      this.#sums[place] = terms[0].total(shape, terms.reverse(), this.#sums[place]);
      this.#terms[place] = undefined;
    }
    return this.#sums[place];
  }

  /** The sum, which nobody asks for again: those of a long chain are freed on the way. */
  take(place: number, shape: readonly number[]): Variable<S> | undefined {
    const sum = this.sum(place, shape);
    this.#sums[place] = undefined;
    return sum;
  }
}
