import type { Operations } from "@gradproof/arbitraries";
import { type Arithmetic, broadcastTo as broadcastView, type Tensor } from "@gradproof/arithmetic";
import { pairsOf, parametersOf } from "../parameters.ts";
import { calculator, element, indices, tabulated } from "./tabulated.ts";

/** Sums of products, term by term. */
export function contractions<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const { total, product, binary } = calculator(A);
  /** Σ over the letters that the result has not; each letter of a term names an axis of its operand. */
  const summed = (operands: readonly Tensor<S>[], terms: readonly string[], output: string): Tensor<S> => {
    const lengths = new Map(terms.flatMap((term, at) => [...term].map((letter, i) => [letter, operands[at].shape[i]])));
    const lengthsOf = (letters: Iterable<string>) => Array.from(letters, (letter) => lengths.get(letter) as number);
    const inner = [...lengths.keys()].filter((letter) => !output.includes(letter));
    return tabulated(A, lengthsOf(output), (index) =>
      total(
        indices(lengthsOf(inner)).map((own) => {
          const place = (letter: string) =>
            output.includes(letter) ? index[output.indexOf(letter)] : own[inner.indexOf(letter)];
          return product(operands.map((operand, at) => element(operand, Array.from(terms[at], place))));
        }),
      ),
    );
  };
  return {
    affine([a, b, c], { shape }) {
      const constant = broadcastView(c, shape);
      const products = summed([a, b], ["ik", "kj"], "ij");
      return tabulated(A, shape, (index) => binary("add", element(products, index), element(constant, index)));
    },
    tensordot([a, b], step) {
      const [left, right] = pairsOf(step);
      const first = [..."abc"].slice(0, a.shape.length);
      const second = [..."xyz"].slice(0, b.shape.length).map((letter, axis) => {
        const pair = right.indexOf(axis);
        return pair < 0 ? letter : first[left[pair]];
      });
      const free = [
        ...first.filter((_, axis) => !left.includes(axis)),
        ...second.filter((_, axis) => !right.includes(axis)),
      ];
      return summed([a, b], [first.join(""), second.join("")], free.join(""));
    },
    einsum(operands, step) {
      const [inputs, output] = parametersOf(step).notation.split("->");
      return summed(operands, inputs.split(","), output);
    },
  };
}
