import { certificateOf, holds, type RnnProof } from "@gradproof/verification";
import { type ExitStatus, exitStatus } from "../exit-status.ts";
import { progress } from "../progress.ts";
import { reportTo } from "../report-option.ts";
import type { Terminal } from "../terminal.ts";
import { prepareFile, prepareReport, ReportError, writeFile } from "../write-report.ts";
import { proofJson } from "./proof-json.ts";
import { proofText } from "./proof-text.ts";
import { statusOfProof } from "./proof-verdict.ts";
import { proveInThreads } from "./prove-in-threads.ts";

export interface ProveOptions {
  readonly problems: number;
  /** Runs of each derivation on each problem. */
  readonly runs: number;
  readonly seed: number;
  readonly json?: boolean;
  /** Where an HTML report goes. */
  readonly report?: string;
  /** Where the certificate goes. */
  readonly certificate?: string;
}

/**
 * Proves every derivation of rnn equal to autodiff on random problems, with every known mistake as a negative control.
 *
 * @throws ReportError, before any problem is drawn, where a file cannot be written.
 */
export async function proveCommand(
  { problems, runs, seed, json, report, certificate }: ProveOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (report !== undefined) prepareReport(report);
  if (certificate !== undefined) prepareFile(certificate, ["json"], "certificate");
  const bar = progress(terminal, "{bar} {value} of {total} problems  {eta_formatted} left", problems);
  const proof = await proveInThreads({ problems, runs, seed, onProgress: (done) => bar.show(done) });
  bar.clear();
  terminal.print(json ? proofJson(proof) : proofText(proof, terminal));
  const written = [
    report === undefined ||
      (await reportTo(report, async () => (await import("../render-report.ts")).renderReport({ proof }), terminal)),
    certificate === undefined || certify(proof, certificate, terminal),
  ];
  return statusOfProof(proof) || (written.every(Boolean) ? exitStatus.match : exitStatus.usage);
}

/** Writes the certificate of a proof that holds; answers whether it is there, and says so if not. */
function certify(proof: RnnProof, path: string, terminal: Terminal): boolean {
  if (!holds(proof)) {
    terminal.complain(`gradproof: the certificate ${path} is not written: there is nothing to certify\n`);
    return false;
  }
  try {
    writeFile(path, `${JSON.stringify(certificateOf(proof), undefined, 1)}\n`, "certificate");
    return true;
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    terminal.complain(`gradproof: ${error.message}\n`);
    return false;
  }
}
