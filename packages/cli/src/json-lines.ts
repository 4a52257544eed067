import type { GradientVerdict } from "@gradproof/verification";
import { type CheckedFile, isJudged } from "./checked-file.ts";
import type { TrainEvent } from "./train/train-event.ts";

/** The version of what --json prints: it changes when a key changes its meaning or goes. */
export const schema = 1;

/** What became of one file, as one line of JSON. */
export function checkedJson(file: CheckedFile): string {
  if (!isJudged(file)) return line({ schema, file: file.file, verdict: file.verdict, error: file.error });
  const { seed, runs, loss, contestedUnits, gradients, diagnosis, power } = file.judgement;
  return line({
    schema,
    file: file.file,
    verdict: file.verdict,
    gradients: gradients.map(gradientRecord),
    diagnosis,
    power,
    problem: file.problem,
    loss,
    contestedUnits,
    runs,
    seed,
  });
}

/** Everything about a gradient but the error of each element. */
function gradientRecord({ errors: _, name, verdict, worst, errorInSigma, mistakes, ...rest }: GradientVerdict) {
  return { name, verdict, worst, errorInSigma, mistakes, ...rest };
}

/** What happened in a run of training, as one line of JSON. */
export function trainJson(event: TrainEvent): string {
  return line({ schema, ...event });
}

/** JSON has no numbers that are not finite: they become "Infinity", "-Infinity" and "NaN". */
export function line(record: object): string {
  const finite = (_key: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  return `${JSON.stringify(record, finite)}\n`;
}
