export { type CheckBytesOptions, checkBytes } from "./check-bytes.ts";
export {
  type CheckedFile,
  type FaultyFile,
  isJudged,
  type JudgedFile,
  type ProblemSummary,
  type RefusedFile,
} from "./checked-file.ts";
export {
  type ExplainedFile,
  type FlowBytesOptions,
  type FlowedFile,
  flowBytes,
  isExplained,
} from "./flow/flow-bytes.ts";
export { flowReportPage } from "./flow/flow-report.ts";
export { type ReportContents, reportPage } from "./report/report.ts";
export { firstSequences, horizonOf } from "./train/running-gradient.ts";
