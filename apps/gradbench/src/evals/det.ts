import { at, grad, multiply, reshape, sum, take } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, type Given, integer, vector } from "../protocol/given.ts";
import { type Floats, floats, numberOf, numbers } from "./floats.ts";

/**
 * det a of a [ℓ, ℓ] by expansion by minors. The minors of the rows from r on, one for each choice of as many columns, are
 * made of those of the rows below it: each is computed once, ℓ 2^(ℓ−1) products instead of some e ℓ!.
 */
function byMinors(a: Floats, expansions: readonly Expansion[]): Floats {
  const [size] = a.shape;
  let minors = at(a, size - 1);
  for (const { row, columns, smaller, signs } of expansions) {
    const terms = multiply(multiply(take(at(a, row), columns), take(minors, smaller)), signs);
    minors = sum(reshape(terms, [columns.length / (size - row), size - row]), 1);
  }
  return sum(minors);
}

/** How minors of the rows from `row` on are made: for each its terms, one behind the other. */
interface Expansion {
  readonly row: number;
  /** The columns of the row's elements, and the places of the minors that they are multiplied with. */
  readonly columns: readonly number[];
  readonly smaller: readonly number[];
  readonly signs: Floats;
}

/** The expansions along the rows from the last but one up to the first. */
function expansionsOf(size: number): Expansion[] {
  // Choices of columns as bits, in increasing order.
  let choices = Array.from({ length: size }, (_, column) => 1 << column);
  const expansions: Expansion[] = [];
  for (let row = size - 2; row >= 0; row--) {
    const places = new Map(choices.map((choice, place) => [choice, place]));
    choices = choicesOf(size, size - row);
    const terms = choices.flatMap((choice) =>
      columnsOf(choice, size).map((column, k) => {
        const smaller = places.get(choice & ~(1 << column)) ?? -1;
        return { column, smaller, sign: k % 2 === 0 ? 1 : -1 };
      }),
    );
    expansions.push({
      row,
      columns: terms.map(({ column }) => column),
      smaller: terms.map(({ smaller }) => smaller),
      signs: floats(terms.map(({ sign }) => sign)),
    });
  }
  return expansions;
}

function choicesOf(size: number, count: number): number[] {
  return [...new Array<number>(2 ** size).keys()].filter((choice) => columnsOf(choice, size).length === count);
}

function columnsOf(choice: number, size: number): number[] {
  return [...new Array<number>(size).keys()].filter((column) => choice & (1 << column));
}

function read(input: Given): { a: Floats; expansions: Expansion[] } {
  const size = integer(field(input, "ell"), 1);
  return { a: floats(vector(field(input, "A"), size * size), [size, size]), expansions: expansionsOf(size) };
}

/** The determinant of a matrix. */
export const det: EvalModule = {
  primal(input) {
    const { a, expansions } = read(input);
    return () => numberOf(byMinors(a, expansions));
  },
  gradient(input) {
    const { a, expansions } = read(input);
    return () => numbers(grad(byMinors)(a, expansions));
  },
};
