import type { Terminal } from "../terminal.ts";
import { ReportError, writeReport } from "../write-report.ts";
import type { TrainReportContents } from "./train-report.ts";

/** Renders and writes the report of a run; answers whether it is there, and says so if not. */
export async function trainReportTo<S>(
  path: string,
  contents: TrainReportContents<S>,
  terminal: Terminal,
): Promise<boolean> {
  const { renderTrainReport } = await import("./train-report.ts");
  try {
    writeReport(path, await renderTrainReport(contents));
    return true;
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    terminal.complain(`gradproof: ${error.message}\n`);
    return false;
  }
}
