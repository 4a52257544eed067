export { type CheckFileOptions, checkFile } from "./check-file.ts";
export {
  type CheckedFile,
  type FaultyFile,
  isJudged,
  type JudgedFile,
  type ProblemSummary,
  type RefusedFile,
} from "./checked-file.ts";
export { type ExitStatus, exitStatus, statusOf } from "./exit-status.ts";
export { type ExplainedFile, type FlowedFile, isExplained } from "./flow/flow-bytes.ts";
export { type FlowFileOptions, flowFile } from "./flow/flow-file.ts";
export { proofLine } from "./proof/proof-text.ts";
export { type ProofVerdict, verdictOf } from "./proof/proof-verdict.ts";
export { renderFlowReport, renderReport } from "./render-report.ts";
export type { ReportContents } from "./report/report.ts";
export { processTerminal, type Terminal, type TerminalStream } from "./terminal.ts";
export { diagnosisText } from "./text/diagnosis-text.ts";
export { inSigma, place, sideBySide } from "./text/numbers.ts";
export { type AnyVerdict, type Paint, type Palette, paintOf, palette, signOf } from "./text/palette.ts";
export type { TextStyle } from "./text/text-style.ts";
export { type Cell, type Column, textTable } from "./text/text-table.ts";
export {
  describeLoss,
  describePrecision,
  describeSizes,
  largestError,
} from "./text/wording.ts";
export { ReportError, writeReport } from "./write-report.ts";
