import * as elementwise from "./operations/elementwise.ts";
import * as layout from "./operations/layout.ts";
import type { GraphOperation } from "./operations/operation.ts";
import * as reduction from "./operations/reduction.ts";

/**
 * The operations of {@link graphProgram} unless others are given, the simplest first: all that are smooth and finite
 * wherever their arguments are. Names, and parameters of a step, are those of `@gradproof/autodiff`:
 *
 * | operation | besides its arguments |
 * |---|---|
 * | `negate`, `add`, `subtract`, `square`, `multiply`, `tanh`, `sigmoid`, `matmul` | |
 * | `sumTo`, `broadcastTo`, `reshape` | the step's shape |
 * | `transpose` | axes |
 * | `sum`, `mean` | axes, keepDimensions |
 * | `at`; `slice`; `take` | index, axis; start, end, axis; indices, axis |
 * | `stack`, `concat`, `softmax` | axis |
 * | `logSumExp` | axis, keepDimensions |
 * | `softmaxCrossEntropy` | classes |
 */
export const graphOperations: readonly GraphOperation[] = [
  elementwise.negate,
  elementwise.add,
  elementwise.subtract,
  elementwise.square,
  elementwise.multiply,
  elementwise.tanh,
  elementwise.sigmoid,
  layout.transpose,
  reduction.sum,
  reduction.mean,
  reduction.sumTo,
  layout.broadcastTo,
  layout.reshape,
  layout.at,
  layout.slice,
  layout.take,
  layout.stack,
  layout.concat,
  reduction.matmul,
  reduction.softmax,
  reduction.logSumExp,
  reduction.softmaxCrossEntropy,
];

/** `divide`, `exp`, `log` and `sqrt`: finite for some numbers only, and in exact arithmetic. */
export const partialOperations: readonly GraphOperation[] = [
  elementwise.divide,
  elementwise.exp,
  elementwise.log,
  elementwise.sqrt,
];

/** `relu`, `greater` (1 where a > b, else 0) and `where` (of condition, a, b): with kinks and jumps. */
export const piecewiseOperations: readonly GraphOperation[] = [
  elementwise.relu,
  elementwise.greater,
  elementwise.where,
];
