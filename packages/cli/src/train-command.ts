import { type Arithmetic, float32, float64, sizeOf } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { threaded } from "@gradproof/arithmetic/threads";
import { nGramEntropy, sampleText, shareOfBaseline, type Task, type TextTask } from "@gradproof/training";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { trainJson } from "./json-lines.ts";
import { progress } from "./progress.ts";
import { reportTo } from "./report-option.ts";
import type { Terminal } from "./terminal.ts";
import { noChecks } from "./train/check-log.ts";
import type { Checkpoint } from "./train/checkpoint.ts";
import { CheckpointFolder } from "./train/checkpoint-folder.ts";
import { flowEvidence } from "./train/flow-evidence.ts";
import { snapshotOfWeights } from "./train/initial-weights.ts";
import { interruption } from "./train/interruption.ts";
import { type RunPlan, type RunResult, runTraining } from "./train/run-training.ts";
import { readText, type TaskChoice, taskChoices } from "./train/task-choices.ts";
import { TrainError } from "./train/train-error.ts";
import type { EndEvent, TrainEvent } from "./train/train-event.ts";
import { identityOf, type TrainOptions, trainingSettings } from "./train/train-settings.ts";
import { eventText, liveText } from "./train/train-text.ts";
import { prepareReport } from "./write-report.ts";

/** Held-out sequences that the last evaluation is over. */
const heldOutSequences = 1000;
const longestGram = 5;

/**
 * Trains a network on a task, and tells how it goes.
 *
 * @param args - how the command was called, for the one that goes on.
 * @throws ReportError, before any step, where the report cannot be written.
 */
export async function trainCommand(
  name: string,
  options: TrainOptions,
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitStatus> {
  const choice = taskChoices.find((candidate) => candidate.name === name);
  if (!choice) throw new TypeError(`trainCommand: there is no task ${name}`);
  if (options.report !== undefined) prepareReport(options.report);
  try {
    const { precision, threads } = options;
    if (threads > 1 && options.arithmetic === "portable") {
      throw new RangeError(`train: ${threads} threads with --arithmetic portable; expected simd, or 1 thread`);
    }
    // Deterministic, so that a run goes on with the same bits on another machine; threads do not change them.
    if (threads > 1) {
      const A = threaded(precision, { deterministic: true, threads });
      try {
        return await train(A, choice, options, args, terminal);
      } finally {
        A.close();
      }
    }
    if (options.arithmetic === "simd") {
      return await train(simd(precision, { deterministic: true }), choice, options, args, terminal);
    }
    if (precision === "float32") return await train(float32, choice, options, args, terminal);
    return await train(float64, choice, options, args, terminal);
  } catch (error) {
    // Settings that the library refuses, and files that cannot be used.
    const refused = error instanceof TrainError || (error instanceof RangeError && /^\w+: /.test(error.message));
    if (!refused) throw error;
    terminal.complain(`gradproof: ${error.message}\n`);
    return error instanceof TrainError ? exitStatus.error : exitStatus.usage;
  }
}

async function train<S>(
  A: Arithmetic<S>,
  choice: TaskChoice,
  options: TrainOptions,
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitStatus> {
  const began = performance.now();
  const bar = progress(terminal, "{bar} {value} of {total}  {remark}", options.steps ?? choice.usual.steps);
  const tell = (event: TrainEvent): void => {
    if (event.event === "checkpoint" && !options.json && terminal.progress) return;
    bar.clear();
    terminal.print(options.json ? trainJson(event) : `${eventText(event, terminal)}\n`);
  };
  const { plan, from } = prepare(A, choice, options, tell);
  const { task } = plan;
  const interrupt = interruption();
  let result: RunResult<S>;
  try {
    result = await runTraining(A, {
      ...plan,
      interrupted: () => interrupt.wanted,
      live: (live) => bar.show(live.step, liveText(live, shareOfBaseline(task, live.loss))),
    });
  } finally {
    interrupt.release();
    bar.clear();
  }
  const end = endOf(A, plan, result, options, (performance.now() - began) / 1000);
  tell(end);
  if (!options.json && end.ending === "interrupted") terminal.print(goOn(args, options, end.checkpoint ?? from));
  const written =
    options.report === undefined ||
    (await reportTo(
      options.report,
      async () => (await import("./train/train-report.ts")).renderTrainReport({ A, plan, result, end }),
      terminal,
    ));
  if (end.mismatches > 0) return exitStatus.mismatch;
  if (end.ending === "diverged" || end.ending === "interrupted") return exitStatus.inconclusive;
  return written ? exitStatus.match : exitStatus.usage;
}

/** Everything that can be refused, before the first step. */
function prepare<S>(
  A: Arithmetic<S>,
  choice: TaskChoice,
  options: TrainOptions,
  tell: (event: TrainEvent) => void,
): { readonly plan: Omit<RunPlan, "interrupted" | "live">; readonly from: string | undefined } {
  const text = options.text === undefined ? undefined : readText(options.text);
  const task = choice.make(options.length ?? choice.length?.usual ?? 0, text);
  const settings = trainingSettings(choice, options);
  const identity = identityOf(task, settings, options, text);
  const { folder, checkpoint, path } = openFolder(options, identity, tell);
  const steps = options.steps ?? choice.usual.steps;
  const from =
    checkpoint ??
    (options.weights === undefined
      ? undefined
      : {
          snapshot: snapshotOfWeights(A, task, settings, options.weights),
          moments: [],
          clippedSince: 0,
          checks: noChecks,
        });
  tell({
    event: "start",
    task: task.name,
    source: task.source,
    baseline: task.baseline,
    trivial: task.trivial,
    parameters: countWeights(task, settings.hidden),
    precision: options.precision,
    ...(path !== undefined && { from: path }),
    step: from?.snapshot.step ?? 0,
  });
  const { stop, patience, checkEvery, saveEvery, precision } = options;
  const logEvery = options.logEvery ?? Math.max(1, Math.round(steps / 20));
  return {
    plan: {
      task,
      settings,
      identity,
      precision,
      from,
      steps,
      stop,
      patience,
      checkEvery,
      logEvery,
      saveEvery,
      folder,
      tell,
    },
    from: path,
  };
}

function openFolder(
  { save, resume }: TrainOptions,
  identity: ReadonlyMap<string, string>,
  tell: (event: TrainEvent) => void,
): { readonly folder?: CheckpointFolder; readonly checkpoint?: Checkpoint; readonly path?: string } {
  if (save === undefined) {
    if (resume) throw new TrainError("--resume needs --save DIR, the folder of the checkpoints");
    return {};
  }
  const folder = new CheckpointFolder(save);
  folder.prepare();
  if (!resume) {
    const [newest] = folder.files();
    if (newest === undefined) return { folder };
    throw new TrainError(`${save} already holds ${newest}; next: --resume to go on from it, or another folder`);
  }
  const { checkpoint, path, refused } = folder.newest(identity);
  for (const refusal of refused) tell({ event: "refused", ...refusal });
  return { folder, ...(checkpoint && { checkpoint }), ...(path !== undefined && { path }) };
}

function countWeights({ inputs, outputs }: Task, hidden: number): number {
  return sizeOf([hidden, inputs + hidden + outputs + 2]) + outputs;
}

function endOf<S>(
  A: Arithmetic<S>,
  { task, settings }: Pick<RunPlan, "task" | "settings">,
  { training, ending, loss, checks, checkpoint, divergence, problem, history }: RunResult<S>,
  options: TrainOptions,
  seconds: number,
): EndEvent {
  const share = shareOfBaseline(task, loss);
  const firstLoss = history.moments[0]?.loss ?? loss;
  const end = {
    event: "end",
    ending,
    step: training.step,
    loss,
    shareOfBaseline: share,
    ...(share > 1 && loss > firstLoss && { firstLoss }),
  } as const;
  const asksFlow = !(share < 0.1) && ending !== "interrupted";
  const flow = asksFlow && problem ? flowEvidence(problem, task, settings) : undefined;
  const kept = { ...(checkpoint !== undefined && { checkpoint }), ...(flow && { flow }) };
  const common = { ...end, seconds, checks: checks.count, mismatches: checks.mismatches, ...kept };
  if (divergence) {
    const { quantity, index, value } = divergence.place;
    return { ...common, place: `${quantity}${index.length > 0 ? `[${index.join(", ")}]` : ""} is ${value}` };
  }
  if (ending === "interrupted") return common;
  const heldOut = training.evaluate(task.heldOut(heldOutSequences));
  if (!isText(task)) return { ...common, heldOut };
  const nGrams = Array.from({ length: longestGram }, (_, i) =>
    nGramEntropy(task.training, task.rest, i + 1, task.vocabulary.size),
  );
  const bits = (nats: number) => nats / Math.LN2;
  const length = options.sample ?? 300;
  const { temperature, seed } = options;
  const start = task.vocabulary.textOf(task.rest.subarray(0, 1));
  const sample =
    start + sampleText(A, task.vocabulary, training.parameters, { seed, length, temperature, start }, settings);
  return { ...common, heldOut, bitsPerCharacter: { network: bits(heldOut), nGrams: nGrams.map(bits) }, sample };
}

export function isText(task: Task): task is TextTask {
  return "vocabulary" in task;
}

/** How to go on with a run that was interrupted. */
function goOn(args: readonly string[], { save }: TrainOptions, checkpoint: string | undefined): string {
  if (save === undefined || checkpoint === undefined) {
    return "  nothing is saved; next time, --save DIR keeps where the run stands\n";
  }
  const quoted = args
    .filter((arg) => arg !== "--resume")
    .map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`));
  return `  saved ${checkpoint}\n  to go on: gradproof ${quoted.join(" ")} --resume\n`;
}
