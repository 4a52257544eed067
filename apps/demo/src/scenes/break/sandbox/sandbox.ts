import { judgeSource } from "virtual:judge-source";
import type { SandboxReport } from "./report.ts";

/** Without a word for so long, the edited code is taken not to end. */
const patience = 15_000;

/**
 * Runs an edited derivation where it can do no harm: in a worker of a frame without an origin, without network, page or
 * storage, and without time beyond `patience` between two reports.
 *
 * @returns what stops it.
 */
export function runSandboxed(text: string, report: (report: SandboxReport) => void): () => void {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("aria-hidden", "true");
  frame.title = "Sandbox";
  frame.tabIndex = -1;
  frame.hidden = true;
  frame.src = "./sandbox.html";
  let timer: ReturnType<typeof setTimeout>;
  const stop = () => {
    clearTimeout(timer);
    removeEventListener("message", listen);
    frame.remove();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      stop();
      report({
        error: { message: `nothing came back for ${patience / 1000} seconds, so it was stopped`, line: Number.NaN },
      });
    }, patience);
  };
  const listen = ({ source, data }: MessageEvent<SandboxReport | { readonly ready: true }>) => {
    if (source !== frame.contentWindow) return;
    wait();
    if ("ready" in data) {
      frame.contentWindow?.postMessage({ source: script(text), job: "judge" }, "*");
      return;
    }
    if ("done" in data || "error" in data) stop();
    report("error" in data ? { error: { ...data.error, line: lineOf(data.error.line, text) } } : data);
  };
  addEventListener("message", listen);
  wait();
  document.body.append(frame);
  return stop;
}

/** The edited text begins on the second line. */
function script(text: string): string {
  const names =
    "{ op, at, reshape, slice, transpose, bptt, dimensions, rows, outputError, addStateCotangent, sumOfDeltas, mistake }";
  return `"use strict"; const edited = (${names}) => {\n${text}\n};\n${judgeSource}`;
}

/** The line of the text, from 1, that a line of the script is; not a number where it is none of the text's. */
function lineOf(line: number, text: string): number {
  const lines = text.split("\n").length;
  return line >= 2 && line <= lines + 2 ? Math.min(line - 1, lines) : Number.NaN;
}
