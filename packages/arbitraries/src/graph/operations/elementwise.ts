import type { Shape } from "../../numeric-array.ts";
import { broadcastWays, type GraphOperation, sameWay } from "./operation.ts";

/** Element by element, arguments broadcast by NumPy's rule; no step but that of `pow` needs parameters. */

export const negate: GraphOperation = { name: "negate", arity: 1, ways: sameWay };
/** The same, for many uses. */
export const shared: GraphOperation = { name: "shared", arity: 1, ways: sameWay, weight: 2 };
export const add: GraphOperation = { name: "add", arity: 2, ways: broadcastWays, weight: 2 };
export const subtract: GraphOperation = {
  name: "subtract",
  arity: 2,
  ways: broadcastWays,
  distinct: true,
  weight: 2,
};
export const square: GraphOperation = { name: "square", arity: 1, ways: sameWay };
export const multiply: GraphOperation = { name: "multiply", arity: 2, ways: broadcastWays, weight: 3 };
export const tanh: GraphOperation = { name: "tanh", arity: 1, ways: sameWay, weight: 2 };
export const sigmoid: GraphOperation = { name: "sigmoid", arity: 1, ways: sameWay };
export const sin: GraphOperation = { name: "sin", arity: 1, ways: sameWay };
export const cos: GraphOperation = { name: "cos", arity: 1, ways: sameWay };
export const softplus: GraphOperation = { name: "softplus", arity: 1, ways: sameWay };
export const silu: GraphOperation = { name: "silu", arity: 1, ways: sameWay };

// Finite for some numbers only.
/** a / a is 1 whatever a. */
export const divide: GraphOperation = { name: "divide", arity: 2, ways: broadcastWays, distinct: true };
export const exp: GraphOperation = { name: "exp", arity: 1, ways: sameWay };
export const log: GraphOperation = { name: "log", arity: 1, ways: sameWay };
export const log1p: GraphOperation = { name: "log1p", arity: 1, ways: sameWay };
export const sqrt: GraphOperation = { name: "sqrt", arity: 1, ways: sameWay };
/** Of one argument, to a number: parameters: exponent. Of two, the first to the second. */
export const pow: GraphOperation = {
  name: "pow",
  arity: [1, 2],
  ways: (...shapes: readonly Shape[]) =>
    shapes.length > 1
      ? broadcastWays(...shapes)
      : [2, 3, -1, 0.5, 1, -2, 2.5, 0, 7].map((exponent) => ({ shape: shapes[0], parameters: { exponent } })),
  weight: 3,
};

// With kinks and jumps.
export const relu: GraphOperation = { name: "relu", arity: 1, ways: sameWay };
export const abs: GraphOperation = { name: "abs", arity: 1, ways: sameWay };
export const sign: GraphOperation = { name: "sign", arity: 1, ways: sameWay };
export const maximum: GraphOperation = { name: "maximum", arity: 2, ways: broadcastWays, distinct: true };
export const minimum: GraphOperation = { name: "minimum", arity: 2, ways: broadcastWays, distinct: true };
/** 1 where a > b, else 0 */
export const greater: GraphOperation = { name: "greater", arity: 2, ways: broadcastWays, distinct: true };
/** Arguments: condition, a, b; a where the condition is greater than 0, else b. */
export const where: GraphOperation = { name: "where", arity: 3, ways: broadcastWays };
