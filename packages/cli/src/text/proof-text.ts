import { describeShape, type ProofRun, type ShapeProof } from "@gradproof/verification";
import { type ProofVerdict, verdictOf } from "../proof-verdict.ts";
import { count, grouped, place } from "./numbers.ts";
import type { Palette } from "./palette.ts";
import { wrap } from "./prose.ts";
import type { TextStyle } from "./text-style.ts";
import { textTable } from "./text-table.ts";

/** A proof run, as a person reads it. */
export function proofText(run: ProofRun, style: TextStyle): string {
  const { palette, columns } = style;
  const [headings = "", ...rows] = textTable(
    [
      { heading: "known mistake" },
      { heading: "refused", align: "right" },
      { heading: "inert", align: "right" },
      { heading: "unexpected", align: "right" },
    ],
    run.mistakes.map(({ name, refused, inert, unexpected }) => [
      name,
      grouped(refused),
      grouped(inert),
      { text: grouped(unexpected.length), paint: unexpected.length > 0 ? palette.bad : (text: string) => text },
    ]),
    { gap: "   ", paintHeading: palette.faint },
  );
  const surprises = run.mistakes.flatMap(({ name, unexpected }) => unexpected.slice(0, 3).map((it) => `${name} ${it}`));
  const legend =
    "inert: the mistake changes nothing on that problem. unexpected: not refused although it shows, or refused although " +
    "it should not show.";
  return [
    `${proofLine(run, palette)}`,
    ...(run.counterexample ? counterexampleText(run.counterexample, style) : []),
    "",
    headings,
    ...rows,
    ...surprises.map((surprise) => wrap(surprise, columns, "  ", "    ")),
    "",
    palette.faint(wrap(legend, columns, "")),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** The verdict, and what was compared, in two lines. */
export function proofLine(run: ProofRun, palette: Palette): string {
  const { problems, proven, elements, mistakes, seed } = run;
  const verdict = verdictOf(run);
  const refused = mistakes.reduce((sum, mistake) => sum + mistake.refused, 0);
  return [
    `${signed(verdict, palette)}  BPTT = autodiff on ${grouped(proven)} of ${count(problems, "random problem")}, seed ${seed}`,
    `  ${count(elements, "element")} equal modulo two primes; ${mistakes.length} known mistakes refused ${count(refused, "time")}`,
  ].join("\n");
}

function signed(verdict: ProofVerdict, palette: Palette): string {
  if (verdict === "proven") return palette.good("✓ proven");
  return palette.bad(verdict === "refuted" ? "✗ refuted" : "✗ controls failed");
}

function counterexampleText({ shape, seed, primes, differences }: ShapeProof, { columns }: TextStyle): string[] {
  const where = differences.map(({ quantity, index }) => `${quantity}${index.length > 0 ? place(index) : ""}`);
  return [
    "  the smallest counterexample:",
    wrap(`${describeShape(shape)}; seed ${seed}, primes ${primes.join(" and ")}`, columns, "    "),
    wrap(`first differences: ${where.join(", ")}`, columns, "    ", "      "),
  ];
}
