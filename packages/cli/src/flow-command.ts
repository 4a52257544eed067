import { setImmediate } from "node:timers/promises";
import { complainOfFault } from "./check-command.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import type { FlowedFile } from "./flow/flow-bytes.ts";
import { type FlowFileOptions, flowFile } from "./flow/flow-file.ts";
import { flowJson } from "./flow/flow-json.ts";
import { flowText, seriesText } from "./flow/flow-text.ts";
import { progress } from "./progress.ts";
import { reportTo } from "./report-option.ts";
import type { Terminal } from "./terminal.ts";
import { printable } from "./text/prose.ts";
import { prepareReport } from "./write-report.ts";

export interface FlowCommandOptions {
  readonly seed: number;
  readonly json?: boolean;
  readonly report?: string;
  readonly weights?: boolean;
  readonly steps?: number;
  readonly nonlinearity?: "tanh" | "relu";
  /** The lag that the task needs. */
  readonly lag?: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly truncation?: number;
  readonly exponents?: number;
}

/**
 * Explains how the gradients of files flow, each result printed as soon as it is there; several files are a series.
 *
 * @throws ReportError, before any file is analysed, where the report cannot be written.
 */
export async function flowCommand(
  paths: readonly string[],
  { json, report, lag, clipNorm, clipValue, ...rest }: FlowCommandOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  if (report !== undefined) prepareReport(report);
  const clip =
    clipNorm !== undefined
      ? ({ by: "norm", limit: clipNorm } as const)
      : clipValue !== undefined
        ? ({ by: "value", limit: clipValue } as const)
        : undefined;
  const settings: FlowFileOptions = { ...rest, requiredLag: lag, clip };
  const bar = progress(terminal, "{bar} {percentage} %  {remark}", 100);
  const files: FlowedFile[] = [];
  for (const [done, path] of paths.entries()) {
    const of = paths.length > 1 ? ` (${done + 1} of ${paths.length})` : "";
    const file = flowFile(path, {
      ...settings,
      onProgress: (stage, share) => bar.show(Math.round(100 * share), `${printable(path)}${of}, ${stage}`),
    });
    bar.clear();
    files.push(file);
    if (json) terminal.print(flowJson(file));
    else if (paths.length === 1 || file.verdict === "error" || file.verdict === "fault") {
      terminal.print(flowText(file, terminal));
    }
    if (file.verdict === "fault") complainOfFault(terminal, file.stack, `on ${printable(path)}`);
    await setImmediate();
  }
  if (!json && paths.length > 1) terminal.print(seriesText(files, terminal));
  const written =
    report === undefined ||
    (await reportTo(report, async () => (await import("./render-report.ts")).renderFlowReport(files), terminal));
  return statusOfFlows(files) || (written ? exitStatus.match : exitStatus.usage);
}

/** 0 where every gradient flows, 1 where one is obstructed; the worst of several, as for `check`. */
function statusOfFlows(files: readonly FlowedFile[]): ExitStatus {
  const statusOf = { flows: 0, obstructed: 1, inconclusive: 3, error: 2, fault: 70 } as const;
  const found = new Set<ExitStatus>(files.map(({ verdict }) => statusOf[verdict]));
  return ([70, 2, 1, 3] as const).find((status) => found.has(status)) ?? exitStatus.match;
}
