import type { Operations } from "@gradproof/arbitraries";
import { OperationError, type PrimeField, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { element, indices } from "./kernels/tabulated.ts";
import { watched } from "./watched.ts";

/**
 * Over a prime field shadows, which are floats, decide: which is the largest, whether something is 0. Where a shadow is not
 * finite, or has been rounded to 0 or to another's, while the residue was not, two ways to one result may decide
 * otherwise. The operations with such arguments are refused.
 *
 * @throws OperationError from an operation whose decision is not clear.
 */
export function withClearShadows(
  F: PrimeField,
  operations: Operations<Tensor<Float64Array>>,
): Operations<Tensor<Float64Array>> {
  type Residues = Tensor<Float64Array>;
  const [zero, one, next] = [F.ratio(0, 1), F.ratio(1, 1), F.empty([])];
  const refuse = (operation: string, shadow: number) => {
    throw new OperationError(F.name, operation, `decides by the shadow ${shadow}; draw again`);
  };
  return watched(operations, (result, values, { operation }) => {
    const decisive = new Map<number, Residues>([[0, zero]]);
    for (const t of results.has(operation) ? [result] : choices.has(operation) ? values : []) {
      for (const index of indices(t.shape)) {
        const own = element(t, index);
        const [shadow] = F.lower(own);
        const first = decisive.get(shadow) ?? own;
        // An exact 0 shows as 0 whatever its shadow, which is still there in what is computed from it.
        F.binary(op.add, next, own, one);
        if (!Number.isFinite(shadow + F.lower(next)[0]) || !F.same(first, own)) refuse(operation, shadow);
        decisive.set(shadow, first);
      }
    }
    // As 1 / (1 + E) has none where E, that of log(−1), is −1.
    if (!F.same(result, result)) throw new OperationError(F.name, operation, "has no value there; draw again");
    // a⁰ is 1 for every a, though log a has no shadow.
    const [base, exponent] = operation === "pow" ? values : [];
    if (exponent && F.lower(exponent).includes(0) && F.lower(base).some((x) => x <= 0)) refuse(operation, 0);
  });
}

/** What compares its result with 0. */
const results: ReadonlySet<string> = new Set(["determinant", "norm"]);
/** What compares its arguments, with each other or with 0. */
const choices: ReadonlySet<string> = new Set([
  "relu",
  "abs",
  "sign",
  "softplus",
  "maximum",
  "minimum",
  "max",
  "min",
  "pow",
  "inverse",
  "solve",
  "logDeterminant",
  "cholesky",
]);
