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
export {
  type AdjointConsistency,
  type AdjointConsistencyOptions,
  adjointConsistency,
} from "./flow/adjoint-consistency.ts";
export { blockMean, type TimeMean } from "./flow/block-means.ts";
export { type Clip, type ClipEffect, clipEffect } from "./flow/clipping.ts";
export { type DeterminantBalance, determinantBalance } from "./flow/determinant-balance.ts";
export { type BatchNorm, type GradientNoise, gradientNoise } from "./flow/gradient-noise.ts";
export type { FlowArray, JacobianData } from "./flow/jacobians.ts";
export { kaplanYorkeDimension } from "./flow/kaplan-yorke.ts";
export { type LagProfile, lagProfile, reach, shareFrom } from "./flow/lag-profile.ts";
export { type LyapunovSpectrum, lyapunovSpectrum, type SpectrumOptions } from "./flow/lyapunov-spectrum.ts";
export { type MatrixFacts, matrixFacts } from "./flow/matrix-facts.ts";
export { type MeanField, type MeanFieldOptions, meanField } from "./flow/mean-field.ts";
export { type MemoryHorizons, type MemoryMeasures, memoryHorizons } from "./flow/memory-horizons.ts";
export { type NonFinite, nonFinite } from "./flow/non-finite.ts";
export { type ProductNorms, type ProductNormsOptions, productNorms } from "./flow/product-norms.ts";
export {
  type ProductRange,
  type ProductSingularValues,
  productSingularValues,
} from "./flow/product-singular-values.ts";
export { type Saturation, saturatedSlope, saturation } from "./flow/saturation.ts";
export { logTanhSlope } from "./flow/tanh-slope.ts";
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
export { type Certificate, type CertifiedCase, type CertifiedRun, roundedUp } from "./prove/certificate.ts";
export { certificateParts, certificateSchema } from "./prove/certificate-schema.ts";
export type { Derivation, Lengths, Named, Rule, Statement } from "./prove/derivation.ts";
export { type Difference, differencesOf, firstDifference } from "./prove/difference.ts";
export { errorBound, type Questions, type Sizes, vanishing } from "./prove/error-bound.ts";
export { forwardMode, type Loss } from "./prove/forward-mode.ts";
export { type Arbitrary, arbitrary, type Shadowed } from "./prove/inputs.ts";
export { type Compared, programSizes } from "./prove/program-sizes.ts";
export type { Counterexample, NotCovered } from "./prove/prove-case.ts";
export { type Proof, type ProveEqualOptions, proveEqual } from "./prove/prove-equal.ts";
export { firstChange, type Replay, replay } from "./prove/replay.ts";
export { type TaylorOptions, type TaylorTest, taylorTest } from "./taylor-test.ts";
