import { elementLimit } from "@gradproof/verification";
import type { CountsByType } from "./calibrate.ts";
import { type Counts, inconclusiveIn, mergedCounts } from "./counts.ts";
import { type Histogram, quantile, sizesIn } from "./histogram.ts";

/** The counts as Markdown tables, as the command prints them and the documentation shows them. */
export function tablesOf({ F32, F64 }: CountsByType): string {
  const both = mergedCounts(F32, F64);
  const columns: readonly (readonly [string, Counts])[] = [
    ["float32", F32],
    ["float64", F64],
    ["both", both],
  ];
  return [verdictTable(columns), errorTable(columns), runsTable(both), plantedTable(both)].join("\n\n");
}

type Columns = readonly (readonly [string, Counts])[];

function verdictTable(columns: Columns): string {
  const row = (name: string, of: (counts: Counts) => number | string) => [name, ...columns.map(([, c]) => of(c))];
  const reasons = [...new Set(columns.flatMap(([, { inconclusive }]) => Object.keys(inconclusive)))];
  return table(
    ["", ...columns.map(([name]) => name)],
    [
      row("correct gradients", ({ problems }) => problems),
      row("match", ({ match }) => match),
      row("false alarms", ({ falseAlarms }) => falseAlarms.length),
      row("inconclusive", (c) => `${inconclusiveIn(c)} (${((100 * inconclusiveIn(c)) / c.problems).toFixed(3)} %)`),
      ...reasons.map((reason) => row(`inconclusive: ${reason}`, ({ inconclusive }) => inconclusive[reason] ?? 0)),
      row("match on the other side of a kink", ({ kinks }) => kinks),
    ],
  );
}

const shares = [0.5, 0.99, 0.999, 0.9999] as const;
const shareNames = ["median", "99 %", "99.9 %", "99.99 %", "largest"];

function quantiles(histogram: Histogram): string[] {
  return [...shares.map((share) => quantile(histogram, share)), histogram.largest].map((size) => size.toFixed(2));
}

function errorTable(columns: Columns): string {
  return table(
    ["in σ, of a problem's worst", ...shareNames],
    columns.flatMap(([name, { errors, rms }]) => [
      [`element, ${name}`, ...quantiles(errors)],
      [`root mean square of a tensor, ${name}`, ...quantiles(rms)],
    ]),
  );
}

function runsTable({ errorsByRuns }: Counts): string {
  return table(
    ["worst element in σ of N runs", "problems", ...shareNames],
    Object.entries(errorsByRuns).map(([runs, histogram]) => [
      `N = ${runs}`,
      sizesIn(histogram),
      ...quantiles(histogram),
    ]),
  );
}

function plantedTable({ planted }: Counts): string {
  const factors = Object.keys(planted).sort((a, b) => Number(a) - Number(b));
  return table(
    ["planted error", "planted", "found", "inconclusive"],
    factors.map((factor) => [
      `${factor} K σ = ${Number(factor) * elementLimit} σ`,
      planted[factor].planted,
      planted[factor].found,
      planted[factor].inconclusive,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
