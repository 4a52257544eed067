import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parameterNames, writeCase } from "@gradproof/interchange";
import { type GivenGradient, mistakes, type ScoreProblem, scoreTrials } from "@gradproof/verification";
import { isSystemError } from "./case-bytes.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import type { Terminal } from "./terminal.ts";
import { count } from "./text/numbers.ts";

export interface CorpusOptions {
  readonly seed: number;
  /** Sizes of the weights. */
  readonly scale: readonly number[];
}

/** A line of the corpus's index.json. */
export interface CorpusEntry {
  readonly file: string;
  /** What a checker should say: a gradient that differs by less than rounding may explain matches. */
  readonly expect: "match" | "mismatch";
  /** The size of the weights. */
  readonly scale: number;
  readonly mistake?: string;
  readonly mistaken?: string;
  readonly right?: string;
}

const fileNames: Readonly<Record<GivenGradient["of"], string>> = { ...parameterNames, h0: "h0", x: "x" };

/**
 * Writes the wrong gradients of the catalogue as case files, and right ones beside them, with an index.json that says which
 * is which; the whole folder or nothing.
 */
export function corpusCommand(folder: string, { seed, scale }: CorpusOptions, terminal: Terminal): ExitStatus {
  try {
    prepareFolder(folder);
    const temporary = join(dirname(resolve(folder)), `.corpus.${randomBytes(6).toString("hex")}.tmp`);
    try {
      const entries = writeCorpus(temporary, seed, scale);
      rmSync(folder, { recursive: true, force: true });
      renameSync(temporary, folder);
      const wrong = entries.filter(({ expect }) => expect === "mismatch").length;
      terminal.print(
        `${count(entries.length, "case file")} in ${folder}: ${wrong} wrong gradients, ${entries.length - wrong} right or wrong by less than rounding; index.json says which is which\n`,
      );
      return exitStatus.match;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  } catch (error) {
    if (!isSystemError(error) && !(error instanceof CorpusError)) throw error;
    terminal.complain(`gradproof: the corpus ${folder} cannot be written: ${error.message}\n`);
    return exitStatus.usage;
  }
}

class CorpusError extends Error {}

/** Makes sure, before any work, that nothing would be lost. */
function prepareFolder(folder: string): void {
  const status = statSync(folder, { throwIfNoEntry: false });
  if (status && !status.isDirectory()) throw new CorpusError("it is a file; expected a new folder");
  if (status && readdirSync(folder).length > 0) throw new CorpusError("the folder is not empty; expected a new one");
  mkdirSync(dirname(resolve(folder)), { recursive: true });
}

function writeCorpus(root: string, seed: number, scales: readonly number[]): CorpusEntry[] {
  const entries = scoreTrials(seed, scales).flatMap(({ scale, problems }) => {
    const part = `weights-${scale}`;
    mkdirSync(join(root, part), { recursive: true });
    return problems.flatMap((problem) => writeProblem(root, part, scale, problem));
  });
  writeFileSync(join(root, "index.json"), `${JSON.stringify(entries, null, 2)}\n`);
  return entries;
}

function writeProblem(
  root: string,
  part: string,
  scale: number,
  { problem, right, wrong }: ScoreProblem,
): CorpusEntry[] {
  const write = (name: string, gradients: readonly GivenGradient[]): string => {
    const file = `${part}/${name}.safetensors`;
    const named = gradients.map((gradient) => ({ ...gradient, name: fileNames[gradient.of] }));
    const given = { problem, precision: "F64", gradients: named } as Parameters<typeof writeCase>[0];
    writeFileSync(join(root, file), writeCase(given, "safetensors"));
    return file;
  };
  return [
    { file: write(`right-${problem.loss.replaceAll("_", "-")}`, right), expect: "match", scale },
    ...wrong.map(({ name, gradients, shows }): CorpusEntry => {
      const [known] = mistakes.filter((mistake) => mistake.name === name);
      const formulas = known && { mistaken: known.mistaken, right: known.right };
      return { file: write(name, gradients), expect: shows ? "mismatch" : "match", scale, mistake: name, ...formulas };
    }),
  ];
}
