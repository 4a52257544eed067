import { createHash } from "node:crypto";
import type { Clip, OptimiserKind, Schedule, Task, TrainingSettings, Truncation } from "@gradproof/training";
import type { TaskChoice } from "./task-choices.ts";

export type Precision = "float32" | "float64";

/** What `gradproof train` was asked for, as commander hands it over. */
export interface TrainOptions {
  readonly length?: number;
  readonly text?: string;
  readonly hidden?: number;
  readonly batch?: number;
  readonly steps?: number;
  readonly seed: number;
  readonly optimiser?: OptimiserKind;
  readonly learningRate?: number;
  readonly schedule?: Schedule;
  readonly warmUp?: number;
  readonly clipNorm?: number;
  readonly clipValue?: number;
  /** False for --no-clip. */
  readonly clip: boolean;
  readonly truncate?: Truncation;
  readonly accumulate?: number;
  readonly omega?: number;
  readonly nonlinearity?: "tanh" | "relu";
  readonly gain?: number;
  readonly precision: Precision;
  /** The kernels: WebAssembly SIMD, or plain loops. */
  readonly arithmetic: "simd" | "portable";
  /** That kernels are divided among; no setting of the run, whose bits do not depend on it. */
  readonly threads: number;
  readonly patience?: number;
  /** False for --no-stop. */
  readonly stop: boolean;
  readonly checkEvery?: number;
  readonly logEvery?: number;
  readonly weights?: string;
  readonly save?: string;
  readonly saveEvery: number;
  readonly resume?: boolean;
  readonly temperature: number;
  readonly sample?: number;
  readonly json?: boolean;
  readonly report?: string;
}

/** The settings of a run, its defaults filled in. */
export function trainingSettings(choice: TaskChoice, options: TrainOptions): TrainingSettings {
  const { usual } = choice;
  const clip = clipOf(choice, options);
  const schedule = scheduleOf(options);
  return {
    seed: options.seed,
    hidden: options.hidden ?? usual.hidden,
    batch: options.batch ?? usual.batch,
    optimiser: { kind: options.optimiser ?? usual.optimiser },
    learningRate: options.learningRate ?? usual.learningRate,
    ...(schedule && { schedule }),
    ...(clip && { clip }),
    ...(options.truncate && { truncation: options.truncate }),
    ...(options.omega !== undefined && { omega: options.omega }),
    accumulate: options.accumulate ?? 1,
    nonlinearity: options.nonlinearity ?? "tanh",
    initialisation: options.nonlinearity === "relu" ? "identity" : "orthogonal",
    gain: options.gain ?? 1,
  };
}

function clipOf({ usual }: TaskChoice, { clip, clipNorm, clipValue }: TrainOptions): Clip | undefined {
  if (!clip) return undefined;
  if (clipValue !== undefined) return { by: "value", threshold: clipValue };
  return { by: "norm", threshold: clipNorm ?? usual.clipNorm };
}

function scheduleOf({ schedule, warmUp }: TrainOptions): Schedule | undefined {
  if (!schedule && warmUp === undefined) return undefined;
  return { ...(schedule ?? { kind: "constant" }), ...(warmUp !== undefined && { warmUp }) };
}

/**
 * What decides the numbers of a run, flat and as text: two runs with the same are the same run, and a checkpoint of one with
 * others is foreign. A text counts by its digest.
 */
export function identityOf(
  task: Task,
  settings: TrainingSettings,
  { precision, arithmetic }: Pick<TrainOptions, "precision" | "arithmetic">,
  text: string | undefined,
): ReadonlyMap<string, string> {
  const identity = new Map([
    ["task", task.name],
    ["precision", precision],
    ["arithmetic", arithmetic],
  ]);
  if (text !== undefined) identity.set("text", createHash("sha256").update(text).digest("hex").slice(0, 16));
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined) identity.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  return identity;
}

/** Reads `window:8` or `chunks:8`. */
export function truncationFrom(text: string): Truncation | undefined {
  const [, to, steps] = /^(window|chunks):([1-9]\d*)$/.exec(text) ?? [];
  return to === undefined ? undefined : { to: to as Truncation["to"], steps: Number(steps) };
}

/** Reads `constant`, `step:EVERY:FACTOR`, `exponential:FACTOR`, `cosine:STEPS` or `inverse-square-root:EVERY`. */
export function scheduleFrom(text: string): Schedule | undefined {
  const [kind, ...parts] = text.split(":");
  const numbers = parts.map(Number);
  const [first = Number.NaN, second = Number.NaN] = numbers;
  if (numbers.some((number) => !(number > 0))) return undefined;
  switch (`${kind}:${numbers.length}`) {
    case "constant:0":
      return { kind: "constant" };
    case "step:2":
      return { kind: "step", every: first, factor: second };
    case "exponential:1":
      return { kind: "exponential", factor: first };
    case "cosine:1":
      return { kind: "cosine", steps: first };
    case "inverse-square-root:1":
      return { kind: "inverse-square-root", every: first };
    default:
      return undefined;
  }
}
