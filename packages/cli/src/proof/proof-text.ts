import {
  type DerivationProof,
  describeShape,
  errorOf,
  type MistakeCount,
  type RnnProof,
} from "@gradproof/verification";
import { count, grouped, place, scientific, sideBySide } from "../text/numbers.ts";
import type { Palette } from "../text/palette.ts";
import { wrap } from "../text/prose.ts";
import type { TextStyle } from "../text/text-style.ts";
import { type Cell, textTable } from "../text/text-table.ts";
import { type ProofVerdict, verdictOf } from "./proof-verdict.ts";

const legend =
  "control: how often the derivation with something wrong in it was refused. inert: what is wrong changes nothing on that " +
  "problem. unexpected: not refused although it shows, or refused although it should not show. error: the chance that a " +
  "derivation which differs would have passed, on any problem.";

/** A proof, as a person reads it. */
export function proofText(proof: RnnProof, style: TextStyle): string {
  const { palette, columns } = style;
  const refuted = proof.derivations.filter(({ counterexample }) => counterexample);
  return [
    proofLine(proof, palette),
    ...refuted.flatMap((derivation) => counterexampleText(derivation, style)),
    "",
    ...derivationTable(proof, palette),
    "",
    ...mistakeTable(proof.mistakes, palette),
    ...surprises(proof).map((surprise) => wrap(surprise, columns, "  ", "    ")),
    "",
    palette.faint(wrap(legend, columns, "")),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** The verdict, and what was compared, in two lines. */
export function proofLine(proof: RnnProof, palette: Palette): string {
  const { seed, runs, problems, derivations, mistakes } = proof;
  const verdict = verdictOf(proof);
  const proven = derivations.filter((derivation) => derivation.proven === problems.length).length;
  const elements = derivations.reduce((sum, derivation) => sum + derivation.elements, 0);
  const refused = mistakes.reduce((sum, mistake) => sum + mistake.refused, 0);
  const of = proven === derivations.length ? `all ${proven}` : `${proven} of ${derivations.length}`;
  const chance = verdict === "proven" ? `, chance of error below ${scientific(errorOf(...derivations))}` : "";
  return [
    `${signed(verdict, palette)}  ${of} derivations = autodiff on ${count(problems.length, "random problem")}, seed ${seed}`,
    `  ${count(elements, "element")} modulo ${count(runs, "pair")} of primes${chance};`,
    `  ${count(mistakes.length, "known mistake")} refused ${count(refused, "time")}`,
  ].join("\n");
}

function signed(verdict: ProofVerdict, palette: Palette): string {
  if (verdict === "proven") return palette.good("✓ proven");
  return palette.bad(verdict === "refuted" ? "✗ refuted" : "✗ controls failed");
}

function derivationTable({ problems, derivations }: RnnProof, palette: Palette): string[] {
  return textTable(
    [
      { heading: "derivation" },
      { heading: "proven", align: "right" },
      { heading: "refuted", align: "right" },
      { heading: "control", align: "right" },
      { heading: "inert", align: "right" },
      { heading: "error", align: "right" },
    ],
    derivations.map(({ name, proven, control, errors }) => [
      name,
      grouped(proven),
      alarming(problems.length - proven, palette),
      grouped(control.refused),
      grouped(control.inert),
      scientific(errorOf({ errors })),
    ]),
    { gap: "   ", paintHeading: palette.faint },
  );
}

function mistakeTable(mistakes: readonly MistakeCount[], palette: Palette): string[] {
  return textTable(
    [
      { heading: "known mistake" },
      { heading: "refused", align: "right" },
      { heading: "inert", align: "right" },
      { heading: "unexpected", align: "right" },
    ],
    mistakes.map(({ name, refused, inert, unexpected }) => [
      name,
      grouped(refused),
      grouped(inert),
      alarming(unexpected.length, palette),
    ]),
    { gap: "   ", paintHeading: palette.faint },
  );
}

/** A count that should be 0. */
function alarming(number: number, palette: Palette): Cell {
  return { text: grouped(number), paint: number > 0 ? palette.bad : (text) => text };
}

function surprises({ derivations, mistakes }: RnnProof): string[] {
  const controls = derivations.map(({ name, control }) => ({
    name: `${name}, ${control.name}:`,
    unexpected: control.unexpected,
  }));
  const of = [...controls, ...mistakes];
  return of.flatMap(({ name, unexpected }) => unexpected.slice(0, 3).map((it) => `${name} ${it}`));
}

function counterexampleText({ name, counterexample }: DerivationProof, { columns }: TextStyle): string[] {
  if (!counterexample) return [];
  const { shape, seed, primes, differences } = counterexample;
  const where = differences.map(({ quantity, index }) => `${quantity}${index.length > 0 ? place(index) : ""}`);
  const [{ left, right } = { left: 0, right: 0 }] = differences;
  const [given, expected] = sideBySide(left, right);
  return [
    `  ${name}: the smallest counterexample`,
    wrap(`${describeShape(shape)}; seed ${seed}, primes ${primes.join(" and ")}`, columns, "    "),
    wrap(
      `first differences: ${where.join(", ")}; the first is ${given} in floats, autodiff's ${expected}`,
      columns,
      "    ",
      "      ",
    ),
  ];
}
