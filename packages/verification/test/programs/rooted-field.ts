import {
  dense,
  type PrimeField,
  primeField,
  type Tensor,
  type UnaryOperation,
  type UnarySlot,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { element, indices } from "./kernels/tabulated.ts";

export interface RootedField extends PrimeField {
  /** From now on the squares of these elements have them as their roots. */
  readonly learn: (roots: Tensor<Float64Array>) => void;
}

/** A prime field whose root is an oracle as ever, but of the squares that it has learned, as Cholesky's factors need. */
export function rootedField(seed: number): RootedField {
  const F = primeField(seed);
  const { same, copy } = F.field;
  const oracle = F.field.unary("sqrt");
  const known: { readonly square: Tensor<Float64Array>; readonly root: Tensor<Float64Array> }[] = [];
  const sqrt: UnarySlot<Float64Array> = (o, i, a, j) => {
    const pair = known.find(({ square }) => same(square.store, square.offset, a, j));
    if (pair) copy(o, i, pair.root.store, pair.root.offset);
    else oracle(o, i, a, j);
  };
  const field = {
    ...F.field,
    unary: (operation: UnaryOperation) => (operation === "sqrt" ? sqrt : F.field.unary(operation)),
  };
  return {
    ...F,
    ...dense(field),
    field,
    learn(roots) {
      for (const index of indices(roots.shape)) {
        const [square, root] = [F.empty([]), F.empty([])];
        F.copy(root, element(roots, index));
        F.unary(op.square, square, root);
        known.push({ square, root });
      }
    },
  };
}
