import type { ClaimRun } from "@gradproof/verification";

const widths = { row: 18, kind: 13, cases: 7, blind: 7, control: 12 };

/** The claims as a table for a terminal: two lines each, the second with the counterexample. */
export function claimsReport(runs: readonly ClaimRun[]): string {
  const { row, kind, cases, blind, control } = widths;
  const head = `${"Row".padEnd(row)}${"Kind".padEnd(kind)}${"Cases".padStart(cases)}${"Blind".padStart(blind)}${"Control".padStart(control)}  Test`;
  return [head, ...runs.map(lines), "", summary(runs)].join("\n");
}

function lines(run: ClaimRun): string {
  const { claim, control } = run;
  const { row, kind, cases, blind } = widths;
  const counts = control
    ? [`${run.cases}`.padStart(cases), `${run.blindCases || ""}`.padStart(blind), `${control.caught}/${control.cases}`]
    : ["".padStart(cases), "".padStart(blind), ""];
  const first = `${claim.row.padEnd(row)}${claim.kind.padEnd(kind)}${counts[0]}${counts[1]}${counts[2]?.padStart(widths.control)}  ${claim.statement}`;
  return `${first}\n${" ".repeat(row)}${second(run)}`;
}

function second({ claim, control, failure }: ClaimRun): string {
  if (failure !== undefined) return `FAILED: ${failure}`;
  return claim.kind === "qualitative" ? `no test: ${claim.reason}` : (control?.counterexample ?? "");
}

function summary(runs: readonly ClaimRun[]): string {
  const tested = runs.filter(({ control }) => control);
  const sum = (count: (run: ClaimRun) => number) => runs.reduce((total, run) => total + count(run), 0);
  const failed = runs.filter(({ failure }) => failure !== undefined);
  return [
    `${runs.length} claims: ${tested.length} tested on ${sum(({ cases }) => cases)} cases and ${sum(({ blindCases }) => blindCases)} in blind spots,`,
    `${sum(({ control }) => control?.caught ?? 0)} of ${sum(({ control }) => control?.cases ?? 0)} controls told apart,`,
    `${runs.filter(({ claim }) => claim.kind === "qualitative").length} qualitative, ${failed.length} failed`,
  ].join(" ");
}
