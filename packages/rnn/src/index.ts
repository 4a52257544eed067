export { adjointSolve } from "./adjoint-solve.ts";
export { type ArtbpOptions, artbp, drawTruncations } from "./artbp.ts";
export { backward, lossAndGradient } from "./backward.ts";
export { bptt, type Equations, type Segment, type Sweep, segmentLength, segments } from "./bptt.ts";
export {
  type CheckpointCost,
  type CheckpointOptions,
  checkpointCost,
  checkpointedBackward,
} from "./checkpointed.ts";
export { type Contribution, contributions, expandedSum, type ProductSource } from "./expanded-sum.ts";
export { type Activation, forward, type Trajectory } from "./forward.ts";
export { type Initialisation, type InitialiseOptions, initialise } from "./initialise.ts";
export { type JacobianProduct, type JacobianProducts, jacobianProducts } from "./jacobian-products.ts";
export { type ErrorShare, errorShares, type LagContributions, lagContributions } from "./lag-contributions.ts";
export { type Omega, type OmegaGradient, type OmegaOptions, omega, omegaGradient } from "./omega.ts";
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
export { realTimeRecurrentLearning, type Sensitivities, sensitivities } from "./real-time-recurrent-learning.ts";
export { type ScalarNeuron, type ScalarTrajectory, scalarNeuron, scalarNeuronGradient } from "./scalar-neuron.ts";
export { type StateErrors, stateErrors } from "./state-errors.ts";
export { truncatedToChunks, truncatedToWindow } from "./truncated.ts";
export { drawSigns, type UoroOptions, uoro } from "./uoro.ts";
