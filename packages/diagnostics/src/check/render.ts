import { describeBreak } from "./compare-line.ts";
import type { Comparison, ElementComparison, InputReport, ProductReport } from "./report.ts";
import { elementName, number, percent, roughly } from "./wording.ts";

/**
 * A report as plain text: the verdict, one line for each input, and for what is not a match the element, both values and
 * the error estimate.
 *
 * @example
 * ```ts
 * const report = checkGradient((x: Float64Array) => x[0] ** 2, (x) => [x[0]], Float64Array.of(3));
 * const [verdict, input] = renderReport(report).split("\n");
 * console.log(verdict); // -> mismatch
 * console.log(input); // ->   x [1]: mismatch; 1 of 1 elements wrong
 * ```
 */
export function renderReport(report: ProductReport): string {
  const lines = [
    report.verdict,
    ...report.inputs.flatMap((input) => inputLines(input, report.elements)),
    `  ${footer(report)}`,
  ];
  return lines.join("\n");
}

function inputLines(input: InputReport, elements: ProductReport["elements"]): string[] {
  const called = elements === "inputs" ? input.name : "output";
  const { name, length, shape, verdict, reason, worst, worstDirection, factor } = input;
  const title = `  ${name} [${(shape ?? [length]).join(", ")}]: ${verdict}${reason === undefined ? "" : `; ${reason}`}`;
  const deciding = [
    ...(worst && (verdict === "match" || worst.verdict !== "match") ? [elementLine(called, worst)] : []),
    ...(worstDirection && (!worst || worst.verdict === "match")
      ? [`    worst direction: ${comparison(worstDirection)}`]
      : []),
  ];
  const kinks = input.kinks
    .filter(({ index }) => index !== worst?.index)
    .slice(0, 3)
    .map((kink) => elementLine(called, kink));
  return [
    title,
    ...deciding,
    ...(factor === undefined ? [] : [`    the given gradient is ${number(factor)} times the numeric one`]),
    ...kinks,
    `    ${coverage(input, elements)}`,
  ];
}

function elementLine(name: string, element: ElementComparison): string {
  return `    ${elementName(name, element)}: ${comparison(element)}`;
}

function comparison({
  given,
  numeric,
  errorEstimate,
  errorInEstimates,
  steps,
  left,
  right,
  ...rest
}: Comparison): string {
  const sides = left !== undefined && right !== undefined ? ` (left ${number(left)}, right ${number(right)})` : "";
  const value = Number.isNaN(numeric)
    ? `numeric unknown${sides}`
    : `numeric ${number(numeric)} ± ${roughly(errorEstimate)}${sides}`;
  const off = Number.isFinite(errorInEstimates) ? `, ${roughly(errorInEstimates)} error estimates apart` : "";
  const range = steps ? `; steps from ${roughly(steps[0])} to ${roughly(steps[1])} agree` : "";
  const nearby =
    rest.break && rest.shape === "smooth" && rest.break.kind !== "bend" ? `; ${describeBreak(rest.break)}` : "";
  const why = rest.verdict === "mismatch" && rest.reason !== undefined ? `; ${rest.reason}` : "";
  return `given ${number(given)}, ${value}${off}${range}${nearby}${why}`;
}

function coverage({ checked, length, resolution, verdict }: InputReport, of: ProductReport["elements"]): string {
  const { elements, directions, flat } = checked;
  const what = [
    of === "inputs" ? `${elements} of ${length} elements` : `${elements} outputs`,
    ...(directions > 0 ? [`${directions} random directions`] : []),
    ...(flat > 0 ? [`${flat} where f does not change`] : []),
  ];
  const power =
    resolution === undefined || verdict !== "match"
      ? ""
      : `; a mistake of ${percent(resolution)} of the largest derivative would have shown`;
  return `checked: ${what.join(", ")}${power}`;
}

function footer(report: ProductReport): string {
  const f = report.deterministic
    ? "f is deterministic"
    : `f is not deterministic: it scatters by ${roughly(report.spread)}`;
  const gradient = report.gradientSpread
    ? `; two calls of the gradient differ by ${roughly(report.gradientSpread)}`
    : "";
  return `${f}${gradient}; ${report.evaluations} evaluations, seed ${report.seed}`;
}
