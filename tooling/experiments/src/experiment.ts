import { adding, copy, delayedXor, type Task, type TrainingSettings, temporalOrder } from "@gradproof/training";

/** One row of the table: a task, how it is trained, and how long at most. */
export interface Experiment {
  readonly name: string;
  readonly group: "tasks" | "clipping";
  readonly task: Task;
  /** All but the seed. */
  readonly settings: Omit<TrainingSettings, "seed">;
  /** Seconds of one core that a run may take. */
  readonly seconds: number;
  readonly about: string;
}

const adam = {
  hidden: 32,
  batch: 16,
  optimiser: { kind: "adam" },
  learningRate: 0.003,
  clip: { by: "norm", threshold: 1 },
} as const;

const plain = { hidden: 50, batch: 20, optimiser: { kind: "sgd" }, learningRate: 0.1 } as const;
const clip = { by: "norm", threshold: 1 } as const;

function onTask(task: Task): Experiment {
  const about = "H 32, B 16, orthogonal, Adam 0.003, clipped at norm 1";
  return { name: task.name, group: "tasks", task, settings: adam, seconds: 120, about };
}

function descent(name: string, settings: Partial<TrainingSettings>): Experiment {
  const about = "temporal order T = 20, H 50, B 20, orthogonal, gradient descent 0.1";
  return { name, group: "clipping", task: temporalOrder(20), settings: { ...plain, ...settings }, seconds: 40, about };
}

export const experiments: readonly Experiment[] = [
  onTask(adding(10)),
  onTask(copy(5, { symbols: 4, length: 3 })),
  onTask(temporalOrder(20)),
  onTask(delayedXor(2)),
  onTask(adding(20)),
  descent("plain", {}),
  descent("clipped at norm 1", { clip }),
  descent("clipped at norm 1, Ω 2", { clip, omega: 2 }),
  descent("Ω 2", { omega: 2 }),
  onTask(adding(100)),
];

/** As `--only` takes a part of it. */
export function nameOf({ group, name }: Pick<Experiment, "group" | "name">): string {
  return `${group}: ${name}`;
}

export const seeds: readonly number[] = [1, 2, 3, 4, 5];
