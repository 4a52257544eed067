import { expose } from "comlink";
import type { Report, RunSettings } from "./report.ts";
import { run } from "./run.ts";

const computations = {
  async run(settings: RunSettings, report: (report: Report) => void): Promise<string> {
    const text = settings.task === "text" ? (await import("virtual:training-text")).trainingText : undefined;
    return run(settings, report, text);
  },
};

export type TrainComputations = typeof computations;

expose(computations);
