import { createHash } from "node:crypto";
import {
  FileFormatError,
  readSafetensors,
  type StoredTensor,
  type WritableTensor,
  weightsOf,
  weightTensors,
  writeSafetensors,
} from "@gradproof/interchange";
import type { NumericArray, RnnParameters } from "@gradproof/rnn";
import type { EarlyStopping, Snapshot } from "@gradproof/training";
import { type CheckCounts, noChecks } from "./check-log.ts";
import { type Moment, momentKeys } from "./history.ts";
import { TrainError } from "./train-error.ts";
import type { Precision } from "./train-settings.ts";

/** Where a run of the command stands, and what it is a run of. */
export interface Checkpoint {
  /** What decides the run's numbers. */
  readonly identity: ReadonlyMap<string, string>;
  readonly precision: Precision;
  readonly snapshot: Snapshot;
  readonly stopping?: EarlyStopping | undefined;
  readonly moments: readonly Moment[];
  readonly clippedSince: number;
  /** Of the running gradient, since the first step. */
  readonly checks: CheckCounts;
}

const schema = "1";
const digestKey = "gradproof.digest";
const checksKey = "gradproof.checks";

/**
 * A checkpoint as a .safetensors file. Its weights have the names and layouts of torch.nn.RNN and torch.nn.Linear and the
 * run's precision; beside them `optimiser.*`, `state` and `history`, and in the metadata the settings and what was found
 * about the running gradient. The same checkpoint gives the same bytes.
 */
export function checkpointBytes({ identity, precision, snapshot, ...rest }: Checkpoint): Uint8Array {
  const dtype = precision === "float32" ? "F32" : "F64";
  const { memory, powers } = snapshot.optimiser;
  const tensors = new Map<string, WritableTensor>([
    ...weightTensors(snapshot.parameters, dtype),
    ...Object.entries(memory).flatMap(([kind, kept]) => [...weightTensors(kept, dtype, `optimiser.${kind}.`)]),
  ]);
  const put = (name: string, { shape, data }: NumericArray, type: "F32" | "F64" = dtype) =>
    tensors.set(name, { dtype: type, shape, data });
  for (const [name, power] of Object.entries(powers)) put(`optimiser.power.${name}`, power);
  put("state", snapshot.state);
  const moments = rest.moments.flatMap((moment) => momentKeys.map((key) => moment[key]));
  const { smoothedLoss = Number.NaN } = snapshot;
  const { best = Number.NaN, since = 0 } = rest.stopping ?? {};
  const counts = [snapshot.step, smoothedLoss, rest.clippedSince, best, since];
  put("history", { shape: [rest.moments.length, momentKeys.length], data: Float64Array.from(moments) }, "F64");
  put("progress", { shape: [counts.length], data: Float64Array.from(counts) }, "F64");
  const settings = [...identity].map(([name, value]) => [`run.${name}`, value] as const);
  const metadata = new Map([
    ["format", "pt"],
    ["gradproof.checkpoint", schema],
    [checksKey, JSON.stringify(rest.checks)],
    ...settings,
  ]);
  const digest = digestOf(readSafetensors(writeSafetensors({ tensors, metadata })));
  return writeSafetensors({ tensors, metadata: new Map([...metadata, [digestKey, digest]]) });
}

/**
 * Reads a checkpoint back.
 *
 * @throws TrainError where the bytes are no whole checkpoint of this version.
 */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  const file = readOr(bytes);
  const { tensors, metadata } = file;
  const version = metadata.get("gradproof.checkpoint");
  if (version === undefined) throw new TrainError("it is no checkpoint of gradproof");
  if (version !== schema) throw new TrainError(`it is a checkpoint of version ${version}; expected ${schema}`);
  if (metadata.get(digestKey) !== digestOf(file))
    throw new TrainError("it is damaged: its digest is not that of its contents");
  const [step = 0, smoothedLoss = Number.NaN, clippedSince = 0, best = Number.NaN, since = 0] = numbers(
    tensors,
    "progress",
  );
  const width = momentKeys.length;
  const history = numbers(tensors, "history");
  const moments = Array.from({ length: history.length / width }, (_, row) => {
    const values = momentKeys.map((key, column) => [key, history[row * width + column]]);
    return Object.fromEntries(values) as unknown as Moment;
  });
  const identity = new Map(
    [...metadata].flatMap(([key, value]) =>
      key.startsWith("run.") ? [[key.slice("run.".length), value] as const] : [],
    ),
  );
  return {
    identity,
    precision: tensors.get("state")?.dtype === "F32" ? "float32" : "float64",
    snapshot: {
      step,
      parameters: weightsOf(tensors),
      optimiser: optimiserOf(tensors),
      state: arrayOf(tensors, "state"),
      ...(!Number.isNaN(smoothedLoss) && { smoothedLoss }),
    },
    ...(!Number.isNaN(best) && { stopping: { best, since, stop: false } }),
    moments,
    clippedSince,
    checks: checksOf(metadata.get(checksKey)),
  };
}

/** Those of a checkpoint whose digest is right; none of one from before they were kept. */
function checksOf(text: string | undefined): CheckCounts {
  return text === undefined ? noChecks : JSON.parse(text);
}

function readOr(bytes: Uint8Array) {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (error instanceof FileFormatError) throw new TrainError(`it is torn or no .safetensors file: ${error.detail}`);
    throw error;
  }
}

type Tensors = ReadonlyMap<string, StoredTensor>;

function numbers(tensors: Tensors, name: string): Float64Array {
  return arrayOf(tensors, name).data;
}

function arrayOf(tensors: Tensors, name: string): NumericArray {
  const tensor = tensors.get(name);
  if (!tensor) throw new TrainError(`it has no tensor ${name}`);
  return { shape: tensor.shape, data: Float64Array.from(tensor.data as Float64Array) };
}

/** `optimiser.KIND.WEIGHT` and `optimiser.power.NAME`. */
function optimiserOf(tensors: Tensors): Snapshot["optimiser"] {
  const memory: Record<string, RnnParameters<NumericArray>> = {};
  const powers: Record<string, NumericArray> = {};
  for (const name of tensors.keys()) {
    const [, kind, of] = /^optimiser\.([^.]+)\.(.+)$/.exec(name) ?? [];
    if (kind === undefined || of === undefined) continue;
    if (kind === "power") powers[of] = arrayOf(tensors, name);
    else memory[kind] ??= weightsOf(tensors, `optimiser.${kind}.`);
  }
  return { memory, powers };
}

/** SHA-256 over names, shapes, numbers and settings, but for the digest itself. */
function digestOf({ tensors, metadata }: { tensors: Tensors; metadata: ReadonlyMap<string, string> }): string {
  const hash = createHash("sha256");
  const settings = [...metadata].filter(([key]) => key !== digestKey).sort(([a], [b]) => (a < b ? -1 : 1));
  hash.update(JSON.stringify(settings));
  for (const [name, { dtype, shape, data }] of [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, dtype, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}
