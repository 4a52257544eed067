import { type Experiment, experiments, seeds } from "./experiment.ts";
import type { Run } from "./run.ts";

/** The tables of apps/docs/experiments.md, in Markdown. */
export function tables(runs: readonly Run[]): string {
  const [tasks, clipping] = (["tasks", "clipping"] as const).map((group) =>
    experiments.filter((experiment) => experiment.group === group),
  );
  return [
    `${tasks[0].about}; at most ${tasks[0].seconds} s of one core each.`,
    "",
    "| task | solved | steps | seconds | loss, % of trivial | gradient reaches back: first step, last step | the task asks | share from the farther half |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...tasks.map((experiment) => taskRow(experiment, runsOf(experiment, runs))),
    "",
    `${clipping[0].about}; at most ${clipping[0].seconds} s of one core each.`,
    "",
    "| descent | solved | diverged | steps | loss, % of trivial | longest gradient | steps clipped, % |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...clipping.map((experiment) => clippingRow(experiment, runsOf(experiment, runs))),
  ].join("\n");
}

function runsOf({ name, group }: Experiment, runs: readonly Run[]): Run[] {
  return runs.filter(({ experiment }) => experiment === `${group}: ${name}`);
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

function solved(runs: readonly Run[]): string {
  const count = runs.filter((run) => run.solved).length;
  return runs.length < seeds.length ? `${count} of ${runs.length} (of ${seeds.length})` : `${count} of ${runs.length}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** "median (first quartile to third)", by linear interpolation between order statistics. */
export function quartiles(values: readonly number[], digits: number): string {
  if (values.length === 0) return "–";
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return (low + (place - Math.floor(place)) * (high - low)).toFixed(digits);
  };
  return `${at(0.5)} (${at(0.25)} to ${at(0.75)})`;
}
