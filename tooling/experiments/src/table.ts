import type { Finding } from "@gradproof/verification";
import { type Experiment, experiments, seeds } from "./experiment.ts";
import type { Run } from "./run.ts";

/** Of an experiment and a seed; none where it was not done. */
export type RunOf = (experiment: Experiment, seed: number) => Run | undefined;

/** The tables of apps/docs/experiments.md, in Markdown. */
export function tables(runOf: RunOf): string {
  const runsOf = (experiment: Experiment) => seeds.flatMap((seed) => runOf(experiment, seed) ?? []);
  const [tasks, clipping] = (["tasks", "clipping"] as const).map((group) =>
    experiments.filter((experiment) => experiment.group === group),
  );
  return [
    `${tasks[0].about}; at most ${tasks[0].seconds} s of one core each.`,
    "",
    "| task | solved | steps | seconds | loss, % of trivial | gradient reaches back: first step, last step | the task asks | share from the farther half, % |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...tasks.map((experiment) => taskRow(experiment, runsOf(experiment))),
    "",
    ...tasks.flatMap((experiment) => flowTable(experiment, runsOf(experiment))),
    `${clipping[0].about}; at most ${clipping[0].seconds} s of one core each.`,
    "",
    "| descent | solved | diverged | steps | loss, % of trivial | longest gradient | steps clipped, % |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...clipping.map((experiment) => clippingRow(experiment, runsOf(experiment))),
  ].join("\n");
}

function taskRow({ name, task }: Experiment, runs: readonly Run[]): string {
  const of = (value: (run: Run) => number, digits = 0) => quartiles(runs.map(value), digits);
  return row([
    name,
    solved(runs),
    of(({ steps }) => steps),
    of(({ seconds }) => seconds, 1),
    of(({ share }) => 100 * share, 1),
    `${of(({ reachAtFirst }) => reachAtFirst)}; ${of(({ reachAtLast }) => reachAtLast)}`,
    String(task.lag),
    of(({ shareFromAfar }) => 100 * shareFromAfar, 2),
  ]);
}

function clippingRow({ name }: Experiment, runs: readonly Run[]): string {
  const of = (value: (run: Run) => number, digits = 0) => quartiles(runs.map(value), digits);
  return row([
    name,
    solved(runs),
    `${runs.filter(({ diverged }) => diverged).length}`,
    of(({ steps }) => steps),
    of(({ share }) => 100 * share, 1),
    of(({ longest }) => longest, 1),
    of(({ clippedShare }) => 100 * clippedShare),
  ]);
}

/** The report's questions that say whether a lag is heard, and why not. */
const ofFlow = [3, 4, 5, 6];

/** Where a task was not learnt: what flow measures at the end of those runs, each measure over all of them. */
function flowTable({ name }: Experiment, all: readonly Run[]): string[] {
  const runs = all.flatMap(({ seed, flow }) => (flow ? [{ seed, ...flow }] : []));
  if (runs.length === 0) return [];
  const verdicts = countsOf(runs.map(({ verdict, causes }) => [verdict, ...causes].join(", ")));
  const findings = runs.flatMap((run) => run.findings.filter(({ question }) => ofFlow.includes(question)));
  const measures = [...new Set(findings.map(({ measure }) => measure))];
  return [
    `What flow says at the end of the runs of ${name} that did not get there: ${verdicts}.`,
    "",
    `| measure | runs | median (quartiles) | limit | seed ${runs[0].seed}, in words |`,
    "| --- | --- | --- | --- | --- |",
    ...measures.map((measure) =>
      findingRow(
        findings.filter((finding) => finding.measure === measure),
        runs[0].findings.find((finding) => finding.measure === measure),
      ),
    ),
    "",
  ];
}

function findingRow(same: readonly Finding[], first: Finding | undefined): string {
  const [{ measure, threshold }] = same;
  const values = same.map(({ value }) => value);
  const small = values.some((value) => value !== 0 && Math.abs(value) < 0.005);
  return row([
    measure,
    String(same.length),
    small ? quartilesOf(values, (value) => value.toExponential(0)) : quartiles(values, 2),
    threshold === undefined ? "" : String(Number(threshold.toPrecision(2))),
    first?.evidence ?? "",
  ]);
}

/** "5 times obstructed, saturation" */
function countsOf(words: readonly string[]): string {
  return [...new Set(words)].map((word) => `${words.filter((other) => other === word).length} × ${word}`).join("; ");
}

function solved(runs: readonly Run[]): string {
  const count = runs.filter((run) => run.solved).length;
  return runs.length < seeds.length ? `${count} of ${runs.length} (of ${seeds.length})` : `${count} of ${runs.length}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** "median (first quartile to third)", by linear interpolation between order statistics. */
export function quartiles(values: readonly number[], digits: number): string {
  return quartilesOf(values, (value) => value.toFixed(digits));
}

function quartilesOf(values: readonly number[], text: (value: number) => string): string {
  if (values.length === 0) return "–";
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return text(low + (place - Math.floor(place)) * (high - low));
  };
  return `${at(0.5)} (${at(0.25)} to ${at(0.75)})`;
}
