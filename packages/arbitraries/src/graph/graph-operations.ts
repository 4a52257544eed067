import * as contraction from "./operations/contraction.ts";
import * as elementwise from "./operations/elementwise.ts";
import * as folding from "./operations/folding.ts";
import * as layout from "./operations/layout.ts";
import * as matrix from "./operations/matrix.ts";
import type { GraphOperation } from "./operations/operation.ts";
import * as rearranging from "./operations/rearranging.ts";
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

/**
 * Smooth and finite wherever their arguments are, too, and less often met:
 *
 * | operation | besides its arguments |
 * |---|---|
 * | `shared`, `sin`, `cos`, `softplus`, `silu`, `affine`, `diagonal`, `determinant` | |
 * | `prod` | axes, keepDimensions |
 * | `cumsum`, `cumprod` | axis |
 * | `flip`; `pad` | axes; widths, mode |
 * | `gather`; `scatterAdd` | indices as data and shape, axis; indices, length, axis |
 * | `unstack`, its elements stacked along a new first axis | axis, parts: which of them |
 * | `oneHot`, a constant for each element of the first axis | classes, width |
 * | `tensordot`; `einsum`, of one argument, two or three | axes; notation |
 */
export const furtherOperations: readonly GraphOperation[] = [
  elementwise.shared,
  elementwise.sin,
  elementwise.cos,
  elementwise.softplus,
  elementwise.silu,
  rearranging.flip,
  rearranging.diagonal,
  rearranging.pad,
  rearranging.gather,
  rearranging.scatterAdd,
  rearranging.unstack,
  rearranging.oneHot,
  folding.prod,
  folding.cumsum,
  folding.cumprod,
  contraction.affine,
  contraction.tensordot,
  contraction.einsum,
  matrix.determinant,
];

/**
 * `divide`, `exp`, `log`, `log1p`, `sqrt` and `pow`: finite for some numbers only, and in exact arithmetic. `pow` is of two
 * arguments, or of one with an exponent as its parameter.
 */
export const partialOperations: readonly GraphOperation[] = [
  elementwise.divide,
  elementwise.exp,
  elementwise.log,
  elementwise.log1p,
  elementwise.sqrt,
  elementwise.pow,
];

/**
 * With kinks and jumps: `relu`, `abs`, `sign`, `maximum`, `minimum`, `greater` (1 where a > b, else 0), `where` (of
 * condition, a, b); and over axes, as `sum` has them, `max`, `min` and `norm`.
 */
export const piecewiseOperations: readonly GraphOperation[] = [
  elementwise.relu,
  elementwise.greater,
  elementwise.where,
  elementwise.abs,
  elementwise.sign,
  elementwise.maximum,
  elementwise.minimum,
  folding.max,
  folding.min,
  folding.norm,
];

/**
 * `inverse`, `logDeterminant`, `solve`, `triangularSolve` (parameters: lower, transposed) and `cholesky`: of matrices that
 * are not singular, or positive definite, which a value of a program need not be. What interprets a step makes one of its
 * argument first, as m mᵀ + N of m [N, N].
 */
export const matrixOperations: readonly GraphOperation[] = [
  matrix.inverse,
  matrix.logDeterminant,
  matrix.solve,
  matrix.triangularSolve,
  matrix.cholesky,
];

/** All of these tables, the simplest first. */
export const everyOperation: readonly GraphOperation[] = [
  ...graphOperations,
  ...furtherOperations,
  ...partialOperations,
  ...piecewiseOperations,
  ...matrixOperations,
];
