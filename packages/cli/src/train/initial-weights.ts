import { readFileSync } from "node:fs";
import type { Arithmetic } from "@gradproof/arithmetic";
import { CaseError, FileFormatError, readStateDict } from "@gradproof/interchange";
import { type Snapshot, SnapshotError, type Task, type TrainingSettings, trainer } from "@gradproof/training";
import { TrainError } from "./train-error.ts";

/**
 * The beginning of a run whose first weights are those of a file: PyTorch's under any names, or a checkpoint's.
 *
 * @throws TrainError where the file cannot be read, or its weights do not fit the run.
 */
export function snapshotOfWeights<S>(A: Arithmetic<S>, task: Task, settings: TrainingSettings, path: string): Snapshot {
  try {
    const { parameters } = readStateDict(readFileSync(path));
    const snapshot = { ...trainer(A, task, settings).snapshot(), parameters };
    trainer(A, task, settings, snapshot);
    return snapshot;
  } catch (error) {
    const known = error instanceof FileFormatError || error instanceof SnapshotError || error instanceof CaseError;
    if (!known && !(error instanceof Error && "syscall" in error)) throw error;
    throw new TrainError(`the weights ${path} cannot be used: ${(error as Error).message}`);
  }
}
