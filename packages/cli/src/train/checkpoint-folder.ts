import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { writeWhole } from "../whole-file.ts";
import { type Checkpoint, checkpointBytes, readCheckpoint } from "./checkpoint.ts";
import { TrainError } from "./train-error.ts";

/** Older checkpoints are kept for the case that the newest cannot be read. */
const kept = 3;

const pattern = /^step-(\d{9,})\.safetensors$/;

/** A checkpoint that was not used, and why. */
export interface Refusal {
  readonly path: string;
  readonly reason: string;
}

/** The checkpoints of one run in a folder of their own: the last three, each written whole or not at all. */
export class CheckpointFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Makes the folder.
   *
   * @throws TrainError where it cannot be made or read.
   */
  prepare(): void {
    this.#attempt("made", () => {
      makeFolder(this.folder);
      readdirSync(this.folder);
    });
  }

  /** Files of checkpoints, the newest first. */
  files(): string[] {
    return readdirSync(this.folder)
      .filter((name) => pattern.test(name))
      .sort((a, b) => stepOf(b) - stepOf(a));
  }

  /** @throws TrainError where it cannot be written; the ones before it are then as they were. */
  write(checkpoint: Checkpoint): string {
    const name = `step-${String(checkpoint.snapshot.step).padStart(9, "0")}.safetensors`;
    const path = join(this.folder, name);
    this.#attempt("written to", () => {
      writeWhole(path, checkpointBytes(checkpoint));
      syncFolder(this.folder);
      for (const old of this.files().slice(kept)) rmSync(join(this.folder, old), { force: true });
    });
    return path;
  }

  /**
   * The newest checkpoint of the run with that identity, and those newer ones that cannot be used.
   *
   * @throws TrainError where there are checkpoints and none can be used.
   */
  newest(identity: ReadonlyMap<string, string>): { checkpoint?: Checkpoint; path?: string; refused: Refusal[] } {
    const refused: Refusal[] = [];
    for (const name of this.files()) {
      const path = join(this.folder, name);
      try {
        const checkpoint = readCheckpoint(readFileSync(path));
        requireSame(checkpoint.identity, identity);
        return { checkpoint, path, refused };
      } catch (error) {
        if (!(error instanceof TrainError)) throw error;
        refused.push({ path, reason: error.message });
      }
    }
    if (refused.length === 0) return { refused };
    const reasons = refused.map(({ path, reason }) => `\n  ${path}: ${reason}`).join("");
    throw new TrainError(`no checkpoint in ${this.folder} can be used${reasons}`);
  }

  #attempt(what: string, body: () => void): void {
    try {
      body();
    } catch (error) {
      throw new TrainError(`the folder ${this.folder} cannot be ${what}: ${(error as Error).message}`);
    }
  }
}

function stepOf(name: string): number {
  return Number(pattern.exec(name)?.[1]);
}

/** @throws TrainError that names the first setting in which a checkpoint's run is another. */
function requireSame(found: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): void {
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    const [its, ours] = [found.get(name), expected.get(name)];
    if (its !== ours) {
      const sentence = `it is of another run: its ${name} is ${its ?? "not set"}, and this run's ${ours ?? "not set"}`;
      throw new TrainError(`${sentence}; next: the options that it was begun with`);
    }
  }
}

/** With those that it is in; each is tried once, where Node's own way goes on for ever in a place such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** A rename lasts once the folder is on the disk; some file systems do not open folders, and need not. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, "r");
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } catch {
    // A file system that cannot do this promises nothing that was asked for.
  } finally {
    closeSync(handle);
  }
}
