import { certificateOf, disagreement, holds, type RnnCertificate, type RnnProof } from "@gradproof/verification";
import { type ExitStatus, exitStatus } from "../exit-status.ts";
import { line, schema } from "../json-lines.ts";
import { progress } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { count } from "../text/numbers.ts";
import { CertificateError, readCertificate } from "./certificate-file.ts";
import { proveInThreads } from "./prove-in-threads.ts";

export interface ReplayOptions {
  /** The reader's own. */
  readonly seed: number;
  readonly json?: boolean;
}

/** Proves what a certificate says again: with its seed, which must give it to the last digit, and with another one. */
export async function replayCommand(
  file: string,
  { seed, json }: ReplayOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { print, palette } = terminal;
  const answer = (verdict: "holds" | "does not hold" | "error", reason?: string): ExitStatus => {
    const status =
      verdict === "holds" ? exitStatus.match : verdict === "error" ? exitStatus.error : exitStatus.mismatch;
    if (json) print(line({ schema, file, verdict, reason, seed }));
    else if (verdict === "error") terminal.complain(`gradproof: ${file}: ${reason}\n`);
    else
      print(`${verdict === "holds" ? palette.good("✓ holds") : palette.bad("✗ does not hold")}  ${file}: ${reason}\n`);
    return status;
  };
  let certificate: RnnCertificate;
  try {
    certificate = readCertificate(file);
  } catch (error) {
    if (error instanceof CertificateError) return answer("error", error.message);
    throw error;
  }
  const reason = await whyNot(certificate, seed, terminal);
  if (typeof reason === "string") return answer("does not hold", reason);
  const { error } = certificateOf(reason);
  const problems = count(certificate.problems.length, "problem");
  return answer(
    "holds",
    `the same again with its seed ${certificate.seed}, and proven on ${problems} of seed ${seed}, wrong by a chance below ${error}`,
  );
}

/** What is wrong with a certificate, or the proof with the reader's seed. */
async function whyNot(certificate: RnnCertificate, seed: number, terminal: Terminal): Promise<string | RnnProof> {
  const { runs, problems } = certificate;
  const bar = progress(terminal, "{bar} {value} of {total} problems  {eta_formatted} left", 2 * problems.length);
  const prove = (own: number, before: number) =>
    proveInThreads({ seed: own, problems: problems.length, runs, onProgress: (done) => bar.show(before + done) });
  try {
    const again = await prove(certificate.seed, 0);
    const difference = disagreement(certificate, again);
    if (difference !== undefined) return difference;
    const own = await prove(seed, problems.length);
    return holds(own) ? own : `with seed ${seed} the proof does not hold`;
  } finally {
    bar.clear();
  }
}
