import { SingleBar } from "cli-progress";
import type { Terminal } from "./terminal.ts";

/** Work that takes less than this many milliseconds shows no progress. */
const patience = 300;

export interface Progress {
  /** Draws how far the work is, once it takes long. */
  show(done: number, remark?: string): void;
  /** Takes what was drawn away again. */
  clear(): void;
}

/** One line on standard error of a terminal, redrawn as the work goes on; nothing in a pipe. */
export function progress({ progress: stream }: Terminal, format: string, total: number): Progress {
  if (stream === undefined) return { show: () => {}, clear: () => {} };
  // Interrupting must work while the work keeps the event loop busy: the library's own handler would wait for it.
  const bar = new SingleBar({
    stream: stream as NodeJS.WriteStream,
    format,
    gracefulExit: false,
    clearOnComplete: true,
    fps: 8,
    barsize: 20,
    barCompleteChar: "█",
    barIncompleteChar: "░",
  });
  const began = performance.now();
  let drawn = false;
  return {
    show(done, remark = "") {
      if (!drawn && performance.now() - began < patience) return;
      if (!drawn) bar.start(total, done, { remark });
      drawn = true;
      bar.update(done, { remark });
    },
    clear() {
      if (drawn) bar.stop();
      drawn = false;
    },
  };
}
