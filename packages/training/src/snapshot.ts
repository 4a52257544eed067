import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { mapParameters, type NumericArray, type RnnParameters } from "@gradproof/rnn";
import type { OptimiserState } from "./optimiser.ts";

/** Where a run stands, as plain data: with its task, settings and arithmetic, everything that its next steps depend on. */
export interface Snapshot {
  /** Steps taken: with the seed, the state of the run's random numbers and its position in the data. */
  readonly step: number;
  readonly parameters: RnnParameters<NumericArray>;
  readonly optimiser: OptimiserState<NumericArray>;
  /** The last state of each sequence [B, H], from which the next batch may go on. */
  readonly state: NumericArray;
  /** The loss, smoothed over about 50 steps; absent before the first. */
  readonly smoothedLoss?: number;
}

/** A snapshot that does not belong to the run that it is given to. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/** What of a run is on tensors. */
export interface RunTensors<S> {
  readonly parameters: RnnParameters<Tensor<S>>;
  readonly optimiser: OptimiserState<Tensor<S>>;
  readonly state: Tensor<S>;
}

export function takeSnapshot<S>(A: Arithmetic<S>, run: RunTensors<S>): Omit<Snapshot, "step" | "smoothedLoss"> {
  const lower = (tensor: Tensor<S>): NumericArray => ({ shape: tensor.shape, data: A.lower(tensor) });
  const { memory, powers } = run.optimiser;
  return {
    parameters: mapParameters(run.parameters, lower),
    optimiser: {
      memory: mapValues(memory, (kept) => mapParameters(kept, lower)),
      powers: mapValues(powers, lower),
    },
    state: lower(run.state),
  };
}

/**
 * Writes a snapshot's numbers over a run's, exactly.
 *
 * @throws SnapshotError where it lacks one of the run's tensors, a shape differs, or a number is not one of the arithmetic.
 */
export function restoreSnapshot<S>(A: Arithmetic<S>, run: RunTensors<S>, snapshot: Snapshot): void {
  const restoreAll = (to: RnnParameters<Tensor<S>>, arrays: RnnParameters<NumericArray> | undefined, of = "") =>
    mapParameters(to, (tensor, name) => restoreTensor(A, tensor, arrays?.[name], of + name));
  restoreAll(run.parameters, snapshot.parameters);
  for (const [kind, kept] of Object.entries(run.optimiser.memory)) {
    restoreAll(kept, snapshot.optimiser.memory[kind], `${kind} of `);
  }
  for (const [name, power] of Object.entries(run.optimiser.powers)) {
    restoreTensor(A, power, snapshot.optimiser.powers[name], `power of ${name}`);
  }
  restoreTensor(A, run.state, snapshot.state, "state");
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, replace: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, replace(value)]));
}

function restoreTensor<S>(A: Arithmetic<S>, tensor: Tensor<S>, array: NumericArray | undefined, name: string): void {
  const expected = `[${tensor.shape.join(", ")}]`;
  if (!array) throw new SnapshotError(`trainer: the snapshot has no ${name}; expected ${expected}`);
  if (array.shape.join() !== tensor.shape.join()) {
    const got = `[${array.shape.join(", ")}]`;
    throw new SnapshotError(`trainer: the snapshot's ${name} has shape ${got}; expected ${expected}`);
  }
  A.scope(() => {
    try {
      A.copy(tensor, A.lift(array.data, array.shape));
    } catch (error) {
      throw new SnapshotError(`trainer: the snapshot's ${name}: ${(error as Error).message}`, { cause: error });
    }
  });
}
