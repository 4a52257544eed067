import { setImmediate } from "node:timers/promises";
import { checkFile } from "./check-file.ts";
import type { CheckedFile } from "./checked-file.ts";
import { type ExitStatus, exitStatus, statusOf } from "./exit-status.ts";
import { checkedJson } from "./json-lines.ts";
import { progress } from "./progress.ts";
import { reportTo } from "./report-option.ts";
import type { Terminal } from "./terminal.ts";
import { checkedText, closingText } from "./text/check-text.ts";
import { printable } from "./text/prose.ts";
import { prepareReport } from "./write-report.ts";

export interface CheckOptions {
  readonly seed: number;
  readonly json?: boolean;
  /** Where an HTML report goes. */
  readonly report?: string;
}

/**
 * Judges files one after the other, each result printed as soon as it is there.
 *
 * @throws ReportError, before any file is judged, where the report cannot be written.
 */
export async function checkCommand(
  paths: readonly string[],
  { seed, json, report }: CheckOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (report !== undefined) prepareReport(report);
  const bar = progress(terminal, "{bar} {value} of {total} files  {remark}", paths.length);
  const files: CheckedFile[] = [];
  for (const [done, path] of paths.entries()) {
    const onProgress = (runs: number) => bar.show(done, `${printable(path)}, perturbed run ${runs}`);
    const file = checkFile(path, { seed, onProgress });
    bar.clear();
    files.push(file);
    terminal.print(json ? checkedJson(file) : `${checkedText(file, terminalStyle(terminal))}\n`);
    if (file.verdict === "fault") complainOfFault(terminal, file.stack, `on ${printable(path)}`);
    await setImmediate();
  }
  if (!json) terminal.print(closingText(files, terminalStyle(terminal)));
  const written =
    report === undefined ||
    (await reportTo(report, async () => (await import("./render-report.ts")).renderReport({ files }), terminal));
  return statusOf(files) || (written ? exitStatus.match : exitStatus.usage);
}

function terminalStyle({ palette, columns }: Terminal) {
  return { palette, columns };
}

/** Says that something is wrong with gradproof, not with what it was given. */
export function complainOfFault(terminal: Terminal, stack: string, where = ""): void {
  terminal.complain(`${stack}\ngradproof: this is a fault of gradproof${where && ` ${where}`}; please report it.\n`);
}
