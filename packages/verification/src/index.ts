export { type AutodiffGradient, autodiffGradient } from "./autodiff-gradient.ts";
export { type Bench, compareOn } from "./bench.ts";
export { type Benches, type BenchesOptions, benchesOf } from "./benches.ts";
export { CrossCheckError } from "./cross-check.ts";
export type { Diagnosis, LagCount, Location, NamedMistake } from "./diagnosis/diagnosis.ts";
export type { ContributionMap } from "./flow/contribution-map.ts";
export type { Experiment } from "./flow/experiments.ts";
export { type ExplainOptions, type Explanation, explain } from "./flow/explain.ts";
export { type Cause, type Finding, questions, type Severity } from "./flow/finding.ts";
export { type Flow, type FlowOptions, type FlowSpectrum, type FlowStage, flowOf } from "./flow/flow.ts";
export { type JudgeOptions, judge, judgeOn } from "./judge.ts";
export { type Comparison, elementLimit, tensorLimit } from "./judge-tensor.ts";
export {
  type GivenGradient,
  type GivenProblem,
  type GradientVerdict,
  type Judgement,
  type Power,
  type Verdict,
  type WorstElement,
  worstVerdict,
} from "./judgement.ts";
export { type MistakeBeyondEquations, mistakesBeyondEquations } from "./mistakes/beyond-equations.ts";
export { formulaTex } from "./mistakes/formula-tex.ts";
export type { Mistake } from "./mistakes/mistake.ts";
export { type MistakeFamily, mistakeFamilies, mistakes } from "./mistakes/mistakes.ts";
export type { Claim, ClaimKind, ClaimVerdict, ControlRun } from "./notes/claim.ts";
export { type ClaimRun, runClaim } from "./notes/claim-run.ts";
export { claims } from "./notes/claims.ts";
export type { FloatDtype } from "./precision.ts";
export type { PartialGradient, RnnDerivation } from "./proof/derivation.ts";
export { derivations } from "./proof/derivations.ts";
export { firstWrongEquation, type WrongEquation } from "./proof/first-wrong-equation.ts";
export { type ProveRnnOptions, proveRnn } from "./proof/prove-rnn.ts";
export {
  type CertifiedDerivation,
  certificateOf,
  certificateStatement,
  disagreement,
  type RnnCertificate,
  rnnCertificateSchema,
} from "./proof/rnn-certificate.ts";
export {
  type DerivationProof,
  errorOf,
  holds,
  joined,
  type ProofProblem,
  type RnnCounterexample,
  type RnnProof,
} from "./proof/rnn-proof.ts";
export { type Road, roads } from "./proof/roads.ts";
export { notCovered, rules } from "./proof/rules.ts";
export { describeShape, drawShape, type ProofShape } from "./proof-shape.ts";
export {
  type MistakeCount,
  type ProofRun,
  type ProveOptions,
  proveBptt,
  proveShape,
  type ShapeProof,
} from "./prove.ts";
export { type LossInputs, rnnLoss } from "./rnn-loss.ts";
export { type Checker, type Score, scoreChecker } from "./score/score-checker.ts";
export {
  type MistakenGradient,
  type ScoreProblem,
  type ScoreTrials,
  scoreTrials,
  weightScales,
} from "./score/score-trials.ts";
export type { GradientName } from "./spread.ts";
