import type { GradientVerdict } from "@gradproof/verification";
import { elementLimit, tensorLimit } from "@gradproof/verification";
import { type CheckedFile, isJudged, type JudgedFile } from "../checked-file.ts";
import { diagnosisText, labelled } from "./diagnosis-text.ts";
import { count, inSigma, place, scientific, sideBySide } from "./numbers.ts";
import { type AnyVerdict, type Palette, paintOf, signOf } from "./palette.ts";
import { printable, wrap } from "./prose.ts";
import type { TextStyle } from "./text-style.ts";
import { type Cell, type Column, textTable } from "./text-table.ts";
import { describeLoss, describePower, describePrecision, describeSizes, rmsRemark, sharedReason } from "./wording.ts";

/** What became of one file, as a person reads it. */
export function checkedText(file: CheckedFile, style: TextStyle): string {
  const { palette, columns } = style;
  const sign = paintOf(palette, file.verdict)(`${signOf[file.verdict]} ${file.verdict.padEnd(12)}`);
  const heading = `${sign}  ${palette.strong(printable(file.file))}`;
  const body = isJudged(file) ? judgedText(file, style) : [wrap(printable(file.error), columns)];
  return `${[heading, ...body].join("\n")}\n`;
}

const columnsOfGradients: readonly Column[] = [
  { heading: "gradient", width: 16 },
  { heading: "verdict", width: 14 },
  { heading: "largest error", align: "right" },
  { heading: "at", width: 12 },
  { heading: "resolution", align: "right" },
];

function judgedText({ problem, judgement }: JudgedFile, style: TextStyle): string[] {
  const { palette, columns } = style;
  const { nonlinearity, mask } = problem;
  const about = [describeSizes(problem), nonlinearity, describeLoss(problem), ...(mask ? ["masked"] : [])];
  const [headings = "", ...lines] = textTable(
    columnsOfGradients,
    judgement.gradients.map((gradient) => gradientCells(gradient, palette)),
    { paintHeading: palette.faint },
  );
  const shared = sharedReason(judgement);
  const together = judgement.diagnosis?.together ?? false;
  const rows = judgement.gradients.flatMap((gradient, row) => [
    lines[row] ?? "",
    ...remarks(gradient, shared, together).map((remark) => wrap(remark, columns, "      ")),
  ]);
  return [
    palette.faint(`  ${[...about, describePrecision(judgement)].join("  ")}`),
    ...diagnosisText(judgement, style),
    headings,
    ...rows,
    ...(shared === undefined ? [] : [wrap(printable(shared), columns)]),
    labelled("power", describePower(judgement.power).join("; "), style),
  ];
}

function gradientCells(gradient: GradientVerdict, palette: Palette): Cell[] {
  const { name, verdict, errorInSigma, worst, resolution } = gradient;
  return [
    printable(name),
    { text: verdictText(verdict), paint: paintOf(palette, verdict) },
    inSigma(errorInSigma),
    place(worst.index),
    resolution === undefined ? "" : scientific(resolution),
  ];
}

/** What there is to say of a gradient besides its line, and not of all of them. */
function remarks(gradient: GradientVerdict, shared: string | undefined, together: boolean): string[] {
  const { verdict, worst, reason, mistakes, relations = [] } = gradient;
  const said: string[] = [];
  if (verdict === "mismatch") {
    const [given, reference] = sideBySide(worst.given, worst.reference);
    said.push(`given ${given}, reference ${reference}`);
    if (!together && mistakes.length > 0) said.push(`as ${mistakes.join(" or ")} gives it`);
    said.push(...relations);
  }
  const rms = rmsRemark(gradient);
  if (rms !== undefined) said.push(rms);
  if (reason !== undefined && reason !== shared) said.push(printable(reason));
  return said;
}

export function verdictText(verdict: AnyVerdict): string {
  return `${signOf[verdict]} ${verdict}`;
}

/** What the words and numbers mean, and how many files there were of each verdict. */
export function closingText(files: readonly CheckedFile[], { palette, columns }: TextStyle): string {
  const legend =
    `σ: how far rounding moves an element; a match is within ${elementLimit} σ everywhere, and ${tensorLimit} σ in root mean square. ` +
    "resolution: a mistake of this share of a tensor's largest element would have shown.";
  const lines = files.some(isJudged) ? [palette.faint(wrap(legend, columns, ""))] : [];
  if (files.length > 1) lines.push(`${count(files.length, "file")}: ${tally(files, palette)}`);
  return lines.map((line) => `${line}\n`).join("");
}

/** "12 match, 3 mismatch, 1 error" */
export function tally(files: readonly Pick<CheckedFile, "verdict">[], palette: Palette): string {
  return (Object.keys(signOf) as AnyVerdict[])
    .map((verdict) => ({ verdict, of: files.filter((file) => file.verdict === verdict).length }))
    .filter(({ of }) => of > 0)
    .map(({ verdict, of }) => paintOf(palette, verdict)(`${of} ${verdict}`))
    .join(", ");
}
