export { type AutodiffGradient, autodiffGradient } from "./autodiff-gradient.ts";
export { type Mistake, mistakes } from "./mistakes.ts";
export { describeShape, drawShape, type ProofShape } from "./proof-shape.ts";
export {
  type Difference,
  type MistakeCount,
  type ProofRun,
  type ProveOptions,
  proveBptt,
  proveShape,
  type ShapeProof,
} from "./prove.ts";
export { type LossInputs, rnnLoss } from "./rnn-loss.ts";
