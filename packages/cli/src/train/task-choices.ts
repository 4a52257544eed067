import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  adding,
  copy,
  delayedXor,
  echo,
  embeddedReber,
  multiplication,
  narma,
  type OptimiserKind,
  type Task,
  temporalOrder,
  textTask,
} from "@gradproof/training";
import { TrainError } from "./train-error.ts";

/** A task as the command offers it, and what is used where an option is not given. */
export interface TaskChoice {
  readonly name: string;
  /** What `--length` is; without it there is no choice. */
  readonly length?: { readonly means: string; readonly usual: number };
  readonly usual: {
    readonly hidden: number;
    readonly batch: number;
    readonly steps: number;
    readonly optimiser: OptimiserKind;
    readonly learningRate: number;
    readonly clipNorm: number;
  };
  readonly make: (length: number, text: string | undefined) => Task;
}

const usual = {
  hidden: 32,
  batch: 16,
  steps: 5000,
  optimiser: "adam",
  learningRate: 0.003,
  clipNorm: 1,
} as const;

/** Symbols and their number in the command's copy task: small enough to be learnt by a vanilla RNN. */
const copied = { symbols: 4, length: 3 };

export const taskChoices: readonly TaskChoice[] = [
  { name: "adding", length: { means: "steps", usual: 10 }, usual, make: (T) => adding(T) },
  { name: "multiplication", length: { means: "steps, at least", usual: 10 }, usual, make: (T) => multiplication(T) },
  { name: "copy", length: { means: "delay", usual: 5 }, usual, make: (T) => copy(T, copied) },
  { name: "temporal-order", length: { means: "steps", usual: 20 }, usual, make: (T) => temporalOrder(T) },
  { name: "delayed-xor", length: { means: "delay", usual: 2 }, usual, make: (d) => delayedXor(d) },
  { name: "echo", length: { means: "delay", usual: 5 }, usual, make: (d) => echo(d) },
  { name: "narma", length: { means: "steps", usual: 50 }, usual, make: (T) => narma(T) },
  { name: "embedded-reber", usual, make: () => embeddedReber() },
  {
    name: "text",
    length: { means: "steps that a loss reaches back", usual: 25 },
    usual: { ...usual, hidden: 100, steps: 20_000 },
    make: (steps, text) => textTask(text ?? genesis(), { steps }),
  },
];

export const taskNames = taskChoices.map(({ name }) => name);

/** The text that comes with the command: the Book of Genesis, King James translation. */
function genesis(): string {
  return readFileSync(resolve(fileURLToPath(import.meta.url), "../../../texts/genesis.txt"), "utf8");
}

/**
 * A user's text.
 *
 * @throws TrainError where the file cannot be read or is not UTF-8.
 */
export function readText(path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new TrainError(`the text ${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TrainError(`the text ${path} is not UTF-8; expected a text in UTF-8`);
  }
}
