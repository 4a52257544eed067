import { ShapeError, sizeOf } from "@gradproof/arithmetic";
import type { Variable } from "../variable.ts";
import { multiply } from "./elementwise.ts";
import { reshape, transpose } from "./layout.ts";
import { matmul } from "./matmul.ts";
import { diagonal } from "./rearranging.ts";
import { sum } from "./reduction.ts";
import { axisOf } from "./shape.ts";

/** Sums of products over named or numbered axes, made of transpose, reshape and matmul. */

/**
 * Σ over pairs of axes of a and b of their products; the result has the other axes of a, then those of b.
 *
 * @param axes - [axes of a, axes of b], pair by pair; the last of a and the first of b unless given.
 * @throws ShapeError where the axes of a pair have not one length.
 */
export function tensordot<S>(
  a: Variable<S>,
  b: Variable<S>,
  axes: readonly [left: readonly number[], right: readonly number[]] = [[-1], [0]],
): Variable<S> {
  const left = axes[0].map((axis) => axisOf("tensordot", axis, a.shape));
  const right = axes[1].map((axis) => axisOf("tensordot", axis, b.shape));
  if (left.length !== right.length || left.some((axis, i) => a.shape[axis] !== b.shape[right[i]])) {
    throw new ShapeError(`tensordot over axes [${left}] and [${right}]`, "pairs of one length", a.shape, b.shape);
  }
  const freeLeft = [...a.shape.keys()].filter((axis) => !left.includes(axis));
  const freeRight = [...b.shape.keys()].filter((axis) => !right.includes(axis));
  const inner = sizeOf(left.map((axis) => a.shape[axis]));
  const [rows, columns] = [freeLeft.map((axis) => a.shape[axis]), freeRight.map((axis) => b.shape[axis])];
  const product = matmul(
    reshape(transpose(a, [...freeLeft, ...left]), [sizeOf(rows), inner]),
    reshape(transpose(b, [...right, ...freeRight]), [inner, sizeOf(columns)]),
  );
  return reshape(product, [...rows, ...columns]);
}

/**
 * Sums of products in Einstein's notation: each letter names an axis, and what is not in the result is summed over, as in
 * "ij,jk->ik". A letter twice in one operand takes its diagonal. Operands are contracted from left to right.
 *
 * @throws SyntaxError for another notation, ShapeError where axes of one letter have not one length.
 * @example
 * ```ts
 * const a = variable(float64, [1, 2, 3, 4], [2, 2]);
 * console.log(...float64.lower(einsum("ij,kj->ik", a, a).value)); // -> 5 11 11 25
 * console.log(...float64.lower(einsum("ii->", a).value)); // -> 5
 * ```
 */
export function einsum<S>(notation: string, ...operands: readonly Variable<S>[]): Variable<S> {
  const { inputs, output } = parsed(notation, operands);
  let [first, ...rest] = operands.map((operand, i) => withoutRepeats({ letters: inputs[i], variable: operand }));
  for (const [i, next] of rest.entries()) {
    const later = rest.slice(i + 1).flatMap(({ letters }) => letters);
    first = contracted(first, next, new Set([...later, ...output]));
  }
  const { letters, variable } = summedTo(first, new Set(output));
  return transpose(
    variable,
    output.map((letter) => letters.indexOf(letter)),
  );
}

/** A variable with a letter for each axis. */
interface Named<S> {
  readonly letters: readonly string[];
  readonly variable: Variable<S>;
}

function parsed(notation: string, operands: readonly { readonly shape: readonly number[] }[]) {
  const [left, right, ...more] = notation.replaceAll(" ", "").split("->");
  const inputs = left.split(",").map((letters) => [...letters]);
  const output = [...(right ?? "")];
  const all = inputs.flat();
  const known = output.every((letter, i) => all.includes(letter) && output.indexOf(letter) === i);
  if (right === undefined || more.length > 0 || !known || all.some((letter) => !/[a-zA-Z]/.test(letter))) {
    throw new SyntaxError(`einsum: "${notation}"; expected letters as in "ij,jk->ik", each of the result once`);
  }
  const lengths = new Map<string, number>();
  const shapes = operands.map(({ shape }) => shape);
  const fits = inputs.length === operands.length && inputs.every((letters, i) => letters.length === shapes[i].length);
  if (!fits)
    throw new ShapeError(`einsum "${notation}"`, "an operand for each term, an axis for each letter", ...shapes);
  inputs.forEach((letters, i) => {
    letters.forEach((letter, axis) => {
      const length = lengths.get(letter) ?? shapes[i][axis];
      if (length !== shapes[i][axis])
        throw new ShapeError(`einsum "${notation}"`, `one length for ${letter}`, ...shapes);
      lengths.set(letter, length);
    });
  });
  return { inputs, output };
}

/** Diagonals taken, until no letter is there twice. */
function withoutRepeats<S>({ letters, variable }: Named<S>): Named<S> {
  const second = letters.findIndex((letter, axis) => letters.indexOf(letter) < axis);
  if (second < 0) return { letters, variable };
  const first = letters.indexOf(letters[second]);
  const others = [...letters.keys()].filter((axis) => axis !== first && axis !== second);
  const moved = transpose(variable, [...others, first, second]);
  return withoutRepeats({ letters: [...others, first].map((axis) => letters[axis]), variable: diagonal(moved) });
}

/** Summed over the axes whose letters nobody needs. */
function summedTo<S>({ letters, variable }: Named<S>, needed: ReadonlySet<string>): Named<S> {
  const axes = [...letters.keys()].filter((axis) => !needed.has(letters[axis]));
  if (axes.length === 0) return { letters, variable };
  return { letters: letters.filter((letter) => needed.has(letter)), variable: sum(variable, axes) };
}

/** The products of two, summed over the letters that both have and nobody else needs. */
function contracted<S>(a: Named<S>, b: Named<S>, needed: ReadonlySet<string>): Named<S> {
  const left = summedTo(a, new Set([...b.letters, ...needed]));
  const right = summedTo(b, new Set([...a.letters, ...needed]));
  const both = left.letters.filter((letter) => right.letters.includes(letter));
  const kept = both.filter((letter) => needed.has(letter));
  const inner = both.filter((letter) => !needed.has(letter));
  const rows = left.letters.filter((letter) => !both.includes(letter));
  const columns = right.letters.filter((letter) => !both.includes(letter));
  const lengthOf = (letter: string) => {
    const own = left.letters.indexOf(letter);
    return own >= 0 ? left.variable.shape[own] : right.variable.shape[right.letters.indexOf(letter)];
  };
  const size = (letters: readonly string[]) => sizeOf(letters.map(lengthOf));
  const arranged = ({ letters, variable }: Named<S>, order: readonly string[], shape: readonly number[]) =>
    reshape(
      transpose(
        variable,
        order.map((letter) => letters.indexOf(letter)),
      ),
      shape,
    );
  const lead = kept.map(lengthOf);
  const letters = [...kept, ...rows, ...columns];
  const from = arranged(left, [...kept, ...rows, ...inner], [...lead, size(rows), size(inner)]);
  const to = arranged(right, [...kept, ...inner, ...columns], [...lead, size(inner), size(columns)]);
  const product = inner.length === 0 ? multiply(from, to) : matmul(from, to);
  return { letters, variable: reshape(product, letters.map(lengthOf)) };
}
