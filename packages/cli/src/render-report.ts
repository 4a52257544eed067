import type { FlowedFile } from "./flow/flow-bytes.ts";
import { flowReportPage } from "./flow/flow-report.ts";
import { type ReportContents, reportPage } from "./report/report.ts";
import { version } from "./version.ts";

/**
 * One self-contained HTML page about judged files, a proof run, or both: it loads nothing, runs nothing, and the same
 * contents give the same page.
 */
export function renderReport(contents: ReportContents): Promise<string> {
  return reportPage(contents, version);
}

/**
 * One self-contained HTML page about how gradients flow: findings, figures with their numbers, and a series' horizon where
 * there are several files.
 */
export function renderFlowReport(files: readonly FlowedFile[]): Promise<string> {
  return flowReportPage(files, version);
}
