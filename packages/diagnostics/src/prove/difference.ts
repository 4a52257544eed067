import { type Arithmetic, at, sameShape, type Tensor } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import type { Named } from "./derivation.ts";

/** A quantity that two derivations do not agree on, and the first element where they differ. */
export interface Difference {
  readonly quantity: string;
  readonly index: readonly number[];
  /** What the element is to each in float64, beside the residues that decided. */
  readonly left: number;
  readonly right: number;
}

/** The first difference of each quantity, in the order of `left`. */
export function differencesOf<S>(A: Arithmetic<S>, left: Named<S>, right: Named<S>): Difference[] {
  const missing = Object.keys(right).find((name) => !(name in left));
  if (missing !== undefined) throw new ArgumentError("proveEqual", `left.${missing}`, "is missing; right has it");
  return Object.entries(left).flatMap(([name, value]) => {
    if (!(name in right)) throw new ArgumentError("proveEqual", `right.${name}`, "is missing; left has it");
    return firstDifference(A, name, value, right[name]) ?? [];
  });
}

/** The first element of a quantity, in row-major order, that is not the same. */
export function firstDifference<S>(
  A: Arithmetic<S>,
  quantity: string,
  left: Tensor<S>,
  right: Tensor<S>,
): Difference | undefined {
  if (!sameShape(left.shape, right.shape)) {
    const shapes = `has shape [${left.shape}] to the left and [${right.shape}] to the right`;
    throw new ArgumentError("proveEqual", quantity, `${shapes}; expected the same`);
  }
  if (A.same(left, right)) return undefined;
  const index: number[] = [];
  let [a, b] = [left, right];
  while (a.shape.length > 0) {
    let i = 0;
    while (A.same(at(a, i), at(b, i))) i++;
    index.push(i);
    [a, b] = [at(a, i), at(b, i)];
  }
  return { quantity, index, left: A.lower(a)[0], right: A.lower(b)[0] };
}
