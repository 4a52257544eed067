import type { Verdict } from "../src/check/report.ts";
import { type Kind, type Known, knownFunctions } from "./known-functions.ts";

/** What a checker says of a gradient at a point, and what share of the largest derivative it says that it would have seen. */
export type Checker = (known: Known, gradient: Known["right"][number]) => { verdict: Verdict; resolution: number };

/** How one checker judges the gradients of one kind of function. */
export interface Row {
  readonly right: Record<Verdict, number>;
  readonly wrong: Record<Verdict, number> & {
    /** Taken for a match, and smaller than what the checker says it can see. */
    unseen: number;
  };
}

export interface VerdictTable {
  readonly rows: ReadonlyMap<Kind, Row>;
  /** Verdicts that are wrong: a mismatch for a right gradient, a match for a wrong one that would have been seen. */
  readonly wrongVerdicts: readonly string[];
}

export function judgeAll(checker: Checker, functions: readonly Known[] = knownFunctions): VerdictTable {
  const rows = new Map<Kind, Row>();
  const wrongVerdicts: string[] = [];
  for (const known of functions) {
    const row = rows.get(known.kind) ?? {
      right: { match: 0, mismatch: 0, inconclusive: 0 },
      wrong: { match: 0, mismatch: 0, inconclusive: 0, unseen: 0 },
    };
    rows.set(known.kind, row);
    known.right.forEach((gradient, i) => {
      const { verdict } = checker(known, gradient);
      row.right[verdict]++;
      if (verdict === "mismatch") wrongVerdicts.push(`${known.name}: right gradient ${i} is called a mismatch`);
    });
    for (const { name, gradient } of known.wrong) {
      const { verdict, resolution } = checker(known, gradient);
      if (verdict === "match" && sizeOf(known, gradient) <= resolution) row.wrong.unseen++;
      else row.wrong[verdict]++;
      if (verdict === "match" && sizeOf(known, gradient) > resolution) {
        wrongVerdicts.push(`${known.name}: ${name} is called a match`);
      }
    }
  }
  return { rows, wrongVerdicts };
}

/** The largest difference to a right gradient, as a share of its largest element. */
function sizeOf(known: Known, gradient: Known["right"][number]): number {
  const right = Array.from(known.right[0](known.at));
  const wrong = Array.from(gradient(known.at));
  const largest = Math.max(...right.map(Math.abs));
  const difference = Math.max(...right.map((value, i) => Math.abs(value - wrong[i])));
  return largest === 0 ? Number.POSITIVE_INFINITY : difference / largest;
}

/** The table as text, a row for each kind of function. */
export function textOf({ rows, wrongVerdicts }: VerdictTable): string {
  const head = ["", "right:", "match", "inconcl.", "mismatch", "wrong:", "mismatch", "inconcl.", "too small", "match"];
  const lines = [...rows].map(([kind, { right, wrong }]) =>
    cells(
      kind,
      "",
      right.match,
      right.inconclusive,
      right.mismatch,
      "",
      wrong.mismatch,
      wrong.inconclusive,
      wrong.unseen,
      wrong.match,
    ),
  );
  const total = [...rows.values()].reduce(
    (sum, { right, wrong }) =>
      [
        right.match,
        right.inconclusive,
        right.mismatch,
        wrong.mismatch,
        wrong.inconclusive,
        wrong.unseen,
        wrong.match,
      ].map((count, i) => count + sum[i]),
    new Array<number>(7).fill(0),
  );
  const last = cells("all", "", ...total.slice(0, 3), "", ...total.slice(3));
  return [cells(...head), ...lines, last, `wrong verdicts: ${wrongVerdicts.length}`].join("\n");
}

function cells(...values: readonly (string | number)[]): string {
  return values.map((value, i) => (i === 0 ? String(value).padEnd(11) : String(value).padStart(9))).join("");
}
