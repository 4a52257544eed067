import type { Shape } from "../../numeric-array.ts";
import type { GraphOperation, Way } from "./operation.ts";
import { reductions } from "./reduction.ts";

/** Many elements folded into one along axes, other than by a sum; and running sums and products. */

function folds(a: Shape): Way[] {
  const all = { shape: a.map(() => 1), parameters: { axes: [...a.keys()], keepDimensions: true } };
  return a.length === 0 ? [] : [...reductions(a), all];
}

/** Of one element at least. */
function choices(a: Shape): Way[] {
  return folds(a).filter(({ parameters }) => {
    const { axes } = parameters as { readonly axes: readonly number[] };
    return axes.every((axis) => a[axis] > 0);
  });
}

/** Parameters: axes, keepDimensions. */
export const prod: GraphOperation = { name: "prod", arity: 1, ways: folds };
export const norm: GraphOperation = { name: "norm", arity: 1, ways: folds };
export const max: GraphOperation = { name: "max", arity: 1, ways: choices };
export const min: GraphOperation = { name: "min", arity: 1, ways: choices };

const along = (a: Shape): Way[] => a.map((_, axis) => ({ shape: a, parameters: { axis } }));

/** Parameters: axis. */
export const cumsum: GraphOperation = { name: "cumsum", arity: 1, ways: along };
export const cumprod: GraphOperation = { name: "cumprod", arity: 1, ways: along };
