import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { type GradientVerdict, proveRnn, type RnnProof } from "@gradproof/verification";
import {
  type AnyVerdict,
  type CheckedFile,
  checkFile,
  describeLoss,
  describePrecision,
  describeSizes,
  diagnosisText,
  inSigma,
  isJudged,
  largestError,
  type Palette,
  paintOf,
  place,
  processTerminal,
  proofLine,
  renderReport,
  sideBySide,
  signOf,
  textTable,
  verdictOf,
  writeReport,
} from "gradproof";

/** A line of cases/index.json. */
interface Expected {
  readonly file: string;
  readonly expect: AnyVerdict;
}

interface Result {
  readonly checked: CheckedFile;
  readonly asExpected: boolean;
}

const root = resolve(import.meta.dirname, "../../..");
const [, , report = join(root, "out/report.html"), cases = join(import.meta.dirname, "cases")] = process.argv;
const terminal = processTerminal();

process.exitCode = await start();

/** Proves BPTT, judges the cases that PyTorch wrote, and answers 0 if everything is as expected. */
async function start(): Promise<number> {
  say("Are the derivations right? Each against autodiff, where nothing rounds:\n");
  const proof = proveRnn({ seed: 1, problems: 40 });
  say(`${proofLine(proof, terminal.palette)}\n`);

  say("Are these gradients right? Each within what rounding does, or wrong:\n");
  const index: Expected[] = JSON.parse(readFileSync(join(cases, "index.json"), "utf8"));
  const results = index.map(({ file, expect }): Result => {
    const checked = checkFile(join(cases, file), { name: file });
    return { checked, asExpected: checked.verdict === expect };
  });
  say(`${table(results, terminal.palette)}\n`);

  writeReport(report, await renderReport({ proof, files: results.map(({ checked }) => checked) }));
  say(closing(proof, results, terminal.palette));
  return isAsExpected(proof, results) ? 0 : 1;
}

function say(text: string): void {
  terminal.print(`${text}\n`);
}

function isAsExpected(proof: RnnProof, results: readonly Result[]): boolean {
  return verdictOf(proof) === "proven" && results.every(({ asExpected }) => asExpected);
}

function table(results: readonly Result[], palette: Palette): string {
  const [headings, ...lines] = textTable(
    [{ heading: "file" }, { heading: "verdict" }, { heading: "error", align: "right" }, { heading: "as expected" }],
    results.map(({ checked, asExpected }) => [
      { text: checked.file, paint: palette.strong },
      { text: `${signOf[checked.verdict]} ${checked.verdict}`, paint: paintOf(palette, checked.verdict) },
      isJudged(checked) ? inSigma(largestError(checked.judgement)) : "",
      { text: asExpected ? "yes" : "NO", paint: asExpected ? palette.good : palette.bad },
    ]),
    { paintHeading: palette.faint },
  );
  const rows = results.map(({ checked }, row) => [lines[row], ...remarks(checked, palette)].join("\n"));
  return [headings, ...rows].join("\n");
}

/** What a file is, and what is wrong with it. */
function remarks(checked: CheckedFile, palette: Palette): string[] {
  if (!isJudged(checked)) return [`    ${checked.error}`];
  const { problem, judgement } = checked;
  const about = [problem.nonlinearity, describeLoss(problem), ...(problem.mask ? ["masked"] : [])];
  const lines = [
    palette.faint(`    ${[...about, describePrecision(judgement)].join(", ")}, ${describeSizes(problem)}`),
  ];
  const worst = worstOf(judgement.gradients);
  if (worst.verdict === "mismatch") {
    const [given, reference] = sideBySide(worst.worst.given, worst.worst.reference);
    lines.push(`    ${worst.name} ${place(worst.worst.index)}: given ${given}, reference ${reference}`);
    lines.push(...diagnosisText(judgement, { palette, columns: 78 }).map((line) => line.replaceAll(/^/gm, "  ")));
  }
  return lines;
}

/** The gradient with the largest error; one that has none, because it is not finite, before all. */
function worstOf(gradients: readonly GradientVerdict[]): GradientVerdict {
  const size = ({ errorInSigma = Number.POSITIVE_INFINITY }: GradientVerdict) => errorInSigma;
  return gradients.reduce((worst, gradient) => (size(gradient) > size(worst) ? gradient : worst));
}

function closing(proof: RnnProof, results: readonly Result[], palette: Palette): string {
  const surprises = results.filter(({ asExpected }) => !asExpected).length;
  const verdict = isAsExpected(proof, results)
    ? palette.good(`✓ the proof holds, and all ${results.length} verdicts are as expected`)
    : palette.bad(`✗ the proof ${verdictOf(proof)}, ${surprises} of ${results.length} verdicts not as expected`);
  return [
    verdict,
    "",
    "What to try next:",
    `  open ${relative(process.cwd(), report)} in a browser`,
    "  npx -y pnpm@12 gradproof check my-case.npz",
    `    your own gradient; ${relative(process.cwd(), join(import.meta.dirname, "README.md"))} says how to export it`,
    "  npx -y pnpm@12 gradproof check apps/examples/pytorch/cases/*.npz",
    "    every gradient of a file, where it is wrong, and what the verdict is worth",
    "  npx -y pnpm@12 gradproof prove",
    "    the proof on 1,000 problems, with every known mistake as a control",
  ].join("\n");
}
