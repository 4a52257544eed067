export { graphText, graphviz, mermaid, type PictureOptions } from "./inspection/pictures.ts";
export { type TracedNode, trace } from "./inspection/trace.ts";
export { affine } from "./operations/affine.ts";
export { broadcastTo, sumTo } from "./operations/broadcasting.ts";
export { einsum, tensordot } from "./operations/contraction.ts";
export { determinant, logDeterminant } from "./operations/determinant.ts";
export { add, divide, multiply, negate, square, subtract } from "./operations/elementwise.ts";
export { abs, max, maximum, min, minimum, sign } from "./operations/extremes.ts";
export { cos, exp, log, log1p, sigmoid, silu, sin, softplus, sqrt, tanh } from "./operations/functions.ts";
export { concat, stack } from "./operations/joining.ts";
export { reshape, transpose } from "./operations/layout.ts";
export {
  cholesky,
  inverse,
  solve,
  type TriangularOptions,
  triangularSolve,
} from "./operations/linear-systems.ts";
export { matmul } from "./operations/matmul.ts";
export { norm } from "./operations/norm.ts";
export { greater, relu, where } from "./operations/piecewise.ts";
export { pow } from "./operations/power.ts";
export { cumprod, cumsum, prod } from "./operations/products.ts";
export { diagonal, flip, gather, oneHot, type PadOptions, pad } from "./operations/rearranging.ts";
export { mean, type ReductionOptions, sum } from "./operations/reduction.ts";
export { at, scatterAdd, slice, take, unstack } from "./operations/selection.ts";
export { shared } from "./operations/sharing.ts";
export { logSumExp, softmax, softmaxCrossEntropy } from "./operations/softmax.ts";
export { type CheckpointOptions, checkpoint } from "./transforms/checkpoint.ts";
export { type CustomRule, checkVjp, customVjp } from "./transforms/custom-vjp.ts";
export { jvp } from "./transforms/forward.ts";
export type { Inputs } from "./transforms/inputs.ts";
export { hessian, hvp, type JacobianOptions, jacobian } from "./transforms/jacobian.ts";
export { PullbackError } from "./transforms/pullback-error.ts";
export { grad, valueAndGrad, vjp } from "./transforms/reverse.ts";
export { type ScanOptions, scan } from "./transforms/scan.ts";
export {
  type Jvps,
  type Rule,
  stopGradient,
  type Term,
  type Variable,
  type VjpRule,
  type Vjps,
  variable,
  wrap,
} from "./variable.ts";
