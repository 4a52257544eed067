export {
  type BroadcastableShapes,
  type BroadcastOptions,
  mutuallyBroadcastableShapes,
} from "./broadcastable-shapes.ts";
export {
  everyOperation,
  furtherOperations,
  graphOperations,
  matrixOperations,
  partialOperations,
  piecewiseOperations,
} from "./graph/graph-operations.ts";
export { type GraphProgramOptions, graphProgram } from "./graph/graph-program.ts";
export type { GraphOperation, Way } from "./graph/operations/operation.ts";
export { type GraphProgram, type Operations, runProgram, type Step } from "./graph/program.ts";
export { allProgramFeatures, type ProgramFeature, programFeatures } from "./graph/program-features.ts";
export { programText } from "./graph/program-text.ts";
export type { NumberOptions, TensorOptions } from "./number-options.ts";
export type { NumericArray, Shape } from "./numeric-array.ts";
export { allBlindSpots, type BlindSpot, blindSpots, type VacuousSpot, vacuousSpots } from "./rnn/blind-spots.ts";
export type { LinearTarget, Nonlinearity, Reduction, RnnLoss, RnnParameters, RnnProblem } from "./rnn/problem.ts";
export { type RnnProblemOptions, rnnProblem } from "./rnn/rnn-problem.ts";
export type { MaskKind, Range } from "./rnn/rnn-setting.ts";
export { type ShapeOptions, shape } from "./shape.ts";
export {
  asymmetricMatrix,
  type ShapedTensorOptions,
  type Shapes,
  scaledInteger,
  tensor,
  tensors,
  type WithTensors,
  withTensors,
} from "./tensor.ts";
