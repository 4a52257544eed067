import { broadcastWays, type GraphOperation, sameWay } from "./operation.ts";

/** Element by element, arguments broadcast by NumPy's rule; no step needs parameters. */

export const negate: GraphOperation = { name: "negate", arity: 1, ways: sameWay };
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

// Finite for some numbers only.
/** a / a is 1 whatever a. */
export const divide: GraphOperation = { name: "divide", arity: 2, ways: broadcastWays, distinct: true };
export const exp: GraphOperation = { name: "exp", arity: 1, ways: sameWay };
export const log: GraphOperation = { name: "log", arity: 1, ways: sameWay };
export const sqrt: GraphOperation = { name: "sqrt", arity: 1, ways: sameWay };

// With kinks and jumps.
export const relu: GraphOperation = { name: "relu", arity: 1, ways: sameWay };
/** 1 where a > b, else 0 */
export const greater: GraphOperation = { name: "greater", arity: 2, ways: broadcastWays, distinct: true };
/** Arguments: condition, a, b; a where the condition is greater than 0, else b. */
export const where: GraphOperation = { name: "where", arity: 3, ways: broadcastWays };
