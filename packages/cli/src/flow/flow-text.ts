import type { Paint, Palette } from "../text/palette.ts";
import { printable, wrap } from "../text/prose.ts";
import type { TextStyle } from "../text/text-style.ts";
import { textTable } from "../text/text-table.ts";
import { describeSizes } from "../text/wording.ts";
import { type ExplainedFile, type FlowedFile, isExplained } from "./flow-bytes.ts";
import { type FlowVerdict, flowSign, headline, questionOf, severitySign, steps } from "./flow-wording.ts";

/** How the gradient of one file flows, as a person reads it. */
export function flowText(file: FlowedFile, style: TextStyle): string {
  const { palette, columns } = style;
  const sign = paintOf(palette, file.verdict)(`${flowSign[file.verdict]} ${file.verdict.padEnd(12)}`);
  const heading = `${sign}  ${palette.strong(printable(file.file))}`;
  const body = isExplained(file) ? explainedText(file, style) : [wrap(printable(file.error), columns)];
  return `${[heading, ...body].join("\n")}\n`;
}

function explainedText(file: ExplainedFile, { palette, columns }: TextStyle): string[] {
  const { problem, explanation, generated } = file;
  const about = [describeSizes(problem), problem.nonlinearity, ...(generated ? ["generated input"] : [])];
  return [
    palette.faint(`  ${about.join("  ")}`),
    `  ${paintOf(palette, file.verdict)(headline(file))}`,
    ...explanation.findings.flatMap((finding) => {
      const paint = severityPaint(palette)[finding.severity];
      return [
        `  ${paint(severitySign[finding.severity])} ${palette.faint(questionOf(finding))}`,
        wrap(printable(finding.evidence), columns, "      "),
        ...finding.tryNext.map((advice) => wrap(`try: ${printable(advice)}`, columns, "      ", "           ")),
      ];
    }),
    horizonLine(file, style(palette)),
  ];
}

const style = (palette: Palette) => palette.faint;

function horizonLine({ explanation: { flow } }: ExplainedFile, faint: Paint): string {
  const { eFolding, hundredth, reach95, numerical } = flow.horizons;
  return `  ${faint("memory in steps")}  1/e ${steps(eFolding)}  1/100 ${steps(hundredth)}  95 % of the gradient ${steps(reach95)}  numerical ${steps(numerical)}`;
}

/** A line for each file of a series: how flow and memory change along it. */
export function seriesText(files: readonly FlowedFile[], { palette }: TextStyle): string {
  const rows = files.map((file) => {
    const name = printable(file.file);
    const mark = { text: `${flowSign[file.verdict]} ${file.verdict}`, paint: paintOf(palette, file.verdict) };
    if (!isExplained(file)) return [name, mark];
    const { spectrum, horizons, gradientNorm, saturation } = file.explanation.flow;
    return [
      name,
      mark,
      (spectrum.exponents[0] ?? Number.NaN).toFixed(3),
      steps(horizons.eFolding),
      steps(horizons.reach95),
      gradientNorm.toExponential(1),
      `${(100 * saturation.share).toFixed(0)} %`,
    ];
  });
  const lines = textTable(
    [
      { heading: "file" },
      { heading: "flow", width: 14 },
      { heading: "λ₁", align: "right" },
      { heading: "1/e steps", align: "right" },
      { heading: "95 % lag", align: "right" },
      { heading: "‖gradient‖", align: "right" },
      { heading: "saturated", align: "right" },
    ],
    rows,
    { paintHeading: palette.faint },
  );
  return `${lines.join("\n")}\n`;
}

function paintOf({ good, bad, doubtful, refused }: Palette, verdict: FlowVerdict): Paint {
  return { flows: good, obstructed: bad, inconclusive: doubtful, error: refused, fault: refused }[verdict];
}

function severityPaint({ bad, doubtful, faint }: Palette) {
  return { error: bad, warning: bad, inconclusive: doubtful, note: faint };
}
