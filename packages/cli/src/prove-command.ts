import { proveBptt } from "@gradproof/verification";
import type { ExitStatus } from "./exit-status.ts";
import { proofJson } from "./json-lines.ts";
import { progress } from "./progress.ts";
import { statusOfProof } from "./proof-verdict.ts";
import { reportTo } from "./report-option.ts";
import type { Terminal } from "./terminal.ts";
import { proofText } from "./text/proof-text.ts";
import { prepareReport } from "./write-report.ts";

export interface ProveOptions {
  readonly problems: number;
  readonly seed: number;
  readonly json?: boolean;
  /** Where an HTML report goes. */
  readonly report?: string;
}

/**
 * Proves BPTT equal to autodiff on random problems, with every known mistake as a negative control.
 *
 * @throws ReportError, before any problem is drawn, where the report cannot be written.
 */
export async function proveCommand(
  { problems, seed, json, report }: ProveOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (report !== undefined) prepareReport(report);
  const bar = progress(terminal, "{bar} {value} of {total} problems  {eta_formatted} left", problems);
  const run = proveBptt({ problems, seed, onProgress: (done) => bar.show(done) });
  bar.clear();
  terminal.print(json ? proofJson(run) : proofText(run, terminal));
  const written = report === undefined || (await reportTo(report, { proof: run }, terminal));
  return statusOfProof(run) || (written ? 0 : 64);
}
