import { wrap } from "comlink";
import type { CheckComputations } from "./worker.ts";

/** A worker with a desk of its own; whoever ends it ends whatever it computes. */
export function judgeWorker() {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "check" });
  return { desk: wrap<CheckComputations>(worker), end: () => worker.terminate() };
}

export type JudgeWorker = ReturnType<typeof judgeWorker>;
