export { type AssertOptions, assertGradient, GradientError } from "./check/assert-gradient.ts";
export { type AdjointOptions, type AdjointPair, type AdjointReport, checkAdjoint } from "./check/check-adjoint.ts";
export { type CheckOptions, checkGradient } from "./check/check-gradient.ts";
export { checkJvp } from "./check/check-jvp.ts";
export { checkVjp } from "./check/check-vjp.ts";
export { matchLimit, mismatchLimit } from "./check/limits.ts";
export type { ProductOptions, Tangent } from "./check/products.ts";
export { renderReport } from "./check/render.ts";
export {
  type Comparison,
  type ElementComparison,
  type GradientReport,
  type InputReport,
  type ProductReport,
  type Verdict,
  worstVerdict,
} from "./check/report.ts";
export {
  type ComplexStepGradient,
  complexStep,
  complexStepAlong,
  type NumericArray,
  type ScalarProgram,
  type Tensors,
} from "./complex-step.ts";
export { ArgumentError, MutationError } from "./errors.ts";
export type { EvaluationOptions } from "./field.ts";
export type { Break } from "./line/breaks.ts";
export type { LineShape } from "./line/line-derivative.ts";
export {
  centralDifference,
  directionalDerivative,
  type Numeric,
  type NumericDerivative,
  type NumericGradient,
  numericGradient,
  numericJacobian,
} from "./numeric-derivative.ts";
export type { Along, FloatArray, Point } from "./point.ts";
export { type TaylorOptions, type TaylorTest, taylorTest } from "./taylor-test.ts";
