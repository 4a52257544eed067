import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Experiment, nameOf } from "./experiment.ts";
import type { Run } from "./run.ts";
import { writeWhole } from "./whole-file.ts";

/** Runs that are done, a file each, so that an interruption loses no more than the run that is going. */
export class KeptRuns {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The run of an experiment with a seed; none where it was not done, or was done with other settings.
   *
   * @throws SyntaxError for a file that is no JSON: it was not written by {@link keep}.
   */
  of(experiment: Experiment, seed: number): Run | undefined {
    const path = this.#path(experiment, seed);
    if (!existsSync(path)) return undefined;
    try {
      const { settings, run } = JSON.parse(readFileSync(path, "utf8"));
      return settings === settingsOf(experiment) ? run : undefined;
    } catch (error) {
      throw new SyntaxError(`experiments: ${path} cannot be read: ${(error as Error).message}; next: delete it`);
    }
  }

  keep(experiment: Experiment, run: Run): void {
    const kept = { settings: settingsOf(experiment), run };
    writeWhole(this.#path(experiment, run.seed), `${JSON.stringify(kept, undefined, 1)}\n`);
  }

  forget(experiment: Experiment, seed: number): void {
    rmSync(this.#path(experiment, seed), { force: true });
  }

  #path(experiment: Experiment, seed: number): string {
    const name = nameOf(experiment).replaceAll(/[^\p{L}\p{N}]+/gu, "-");
    return join(this.#folder, `${name}-seed-${seed}.json`);
  }
}

/** What decides a run besides its seed. */
function settingsOf({ task, settings, seconds }: Experiment): string {
  return JSON.stringify({ task: task.name, settings, seconds });
}
