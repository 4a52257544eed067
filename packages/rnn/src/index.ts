export { backward, lossAndGradient } from "./backward.ts";
export { bptt, type Equations, type Segment, type Sweep, segmentLength, segments } from "./bptt.ts";
export { type Activation, forward, type Trajectory } from "./forward.ts";
export { type Initialisation, type InitialiseOptions, initialise } from "./initialise.ts";
export { type LagContributions, lagContributions } from "./lag-contributions.ts";
export {
  checkProblem,
  type Dimensions,
  dimensions,
  type LinearTarget,
  type Loss,
  liftProblem,
  mapParameters,
  mapProblem,
  type Nonlinearity,
  type NumericArray,
  type ParameterName,
  ProblemError,
  parameterNames,
  type Reduction,
  type RnnGradient,
  type RnnParameters,
  type RnnProblem,
} from "./problem.ts";
