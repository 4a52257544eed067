import { type Compared, rank } from "./compare-input.ts";
import { certain, matchLimit, mismatchLimit, worthwhile, worthwhileAtRest } from "./limits.ts";
import type { Comparison, ElementComparison, InputReport, Verdict } from "./report.ts";
import { elementName, number, percent } from "./wording.ts";

/** Everything that was compared for one input. */
export interface InputComparisons {
  readonly name: string;
  readonly length: number;
  readonly shape: readonly number[] | undefined;
  readonly elements: readonly Compared<ElementComparison>[];
  readonly directions: readonly Compared[];
  /** Largest |given derivative|. */
  readonly largestGiven: number;
}

/** The verdict on one input: that of its worst element or direction, if a match is worth anything. */
export function judgeInput(compared: InputComparisons): InputReport {
  const { name, length, shape, elements, directions } = compared;
  const all: readonly Compared[] = [...elements, ...directions];
  const scale = scaleOf(all, elements.length < length ? compared.largestGiven : 0);
  const open = all.filter((one) => one.comparison.verdict === "inconclusive" && !isHarmless(one, scale));
  const worst = worstOf(elements, open);
  const worstDirection = worstOf(directions, open);
  const flat = elements.filter(({ line }) => line.shape === "flat").length;
  const resolution = resolutionOf(compared, scale);
  const { verdict, reason } = verdictOf(compared, all, open, scale, resolution);
  const factor = verdict === "mismatch" ? factorOf(elements) : undefined;
  return {
    name,
    length,
    ...(shape && { shape }),
    verdict,
    ...(reason !== undefined && { reason }),
    ...(worst && { worst }),
    ...(worstDirection && { worstDirection }),
    checked: { elements: elements.length, directions: directions.length, flat, inconclusive: open.length },
    ...(resolution !== undefined && { resolution }),
    ...(factor !== undefined && { factor }),
    kinks: elements.filter(({ line }) => line.shape === "kink").map(({ comparison }) => comparison),
  };
}

function verdictOf(
  { name, elements, directions, length }: InputComparisons,
  all: readonly Compared[],
  open: readonly Compared[],
  scale: Scale,
  resolution: number | undefined,
): { verdict: Verdict; reason?: string } {
  if (length === 0) return { verdict: "match", reason: "it has no elements" };
  const wrong = all.filter(({ comparison }) => comparison.verdict === "mismatch");
  if (wrong.length > 0) {
    const elementsWrong = elements.filter(({ comparison }) => comparison.verdict === "mismatch").length;
    const share = elementsWrong > 0 ? `${elementsWrong} of ${elements.length} elements wrong` : undefined;
    const directionsWrong = `${wrong.length - elementsWrong} of ${directions.length} directions wrong`;
    return { verdict: "mismatch", reason: [share, ...(directions.length > 0 ? [directionsWrong] : [])].join(", ") };
  }
  if (open.length > 0) {
    const [first] = open;
    const where =
      "index" in first.comparison ? elementName(name, first.comparison as ElementComparison) : "a direction";
    const others = open.length > 1 ? `; ${open.length - 1} more of ${all.length} are inconclusive` : "";
    return { verdict: "inconclusive", reason: `${where}: ${first.comparison.reason}${others}` };
  }
  if (!all.some(({ comparison }) => comparison.verdict === "match")) {
    const flat = all.every(({ line }) => line.shape === "flat");
    const what = flat ? "f does not change with any element: 0 = 0 says nothing" : all[0].comparison.reason;
    return { verdict: "inconclusive", ...(what !== undefined && { reason: what }) };
  }
  if (resolution === undefined || !(resolution <= scale.share)) {
    const hidden =
      resolution === undefined ? "of any size" : `of up to ${percent(resolution)} of ${number(scale.size)}`;
    return { verdict: "inconclusive", reason: `errors hide mistakes ${hidden}, ${scale.called}` };
  }
  return { verdict: "match" };
}

/** What errors are small or large against. */
interface Scale {
  readonly size: number;
  /** The share of it that a match must be certain to see. */
  readonly share: number;
  readonly called: string;
}

/** The largest derivative, or where all are 0 to within their errors the steepest difference quotient. */
function scaleOf(all: readonly Compared[], largestGiven: number): Scale {
  let [largest, steepest] = [largestGiven, 0];
  for (const { line, comparison, moves } of all) {
    if (moves.elements.length > 1) continue;
    // A direction of a single element has a rate of its own.
    const rate = Math.abs(moves.rates[0]);
    const size = Math.abs(comparison.numeric);
    if (size > matchLimit * comparison.errorEstimate) largest = Math.max(largest, size / rate);
    steepest = Math.max(steepest, line.slope / rate);
  }
  if (largest > 0) return { size: largest, share: worthwhile, called: "the largest derivative" };
  return { size: steepest, share: worthwhileAtRest, called: "the slope nearby" };
}

/** An element that agrees with 0 = 0, or within its noise, and whose error is small beside the other elements. */
function isHarmless({ comparison, line, moves }: Compared, { size, share }: Scale): boolean {
  if (line.shape !== "flat" && line.shape !== "noise") return false;
  const fastest = moves.rates.reduce((most, rate) => Math.max(most, Math.abs(rate)), 0);
  const unit = (comparison.errorEstimate + comparison.givenError) / fastest;
  return comparison.errorInEstimates <= matchLimit && certain * unit <= share * size;
}

/** The smallest mistake in a single element that is certain to show, as a share of the scale. */
function resolutionOf({ elements, directions, length }: InputComparisons, { size }: Scale): number | undefined {
  if (!(size > 0)) return undefined;
  const unitOf = ({ comparison }: Compared) => comparison.errorEstimate + comparison.givenError;
  const units = elements.map(unitOf);
  if (elements.length < length) {
    if (directions.length === 0) return undefined;
    const best = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
    for (const direction of directions) {
      const unit = unitOf(direction);
      const { elements, rates } = direction.moves;
      for (let k = 0; k < elements.length; k++)
        best[elements[k]] = Math.min(best[elements[k]], unit / Math.abs(rates[k]));
    }
    for (const unit of best) units.push(unit);
  }
  let largest = 0;
  for (const unit of units) largest = Math.max(largest, unit);
  return (certain * largest) / size;
}

/** The multiple of the numeric gradient that the given one is in all elements that can tell; two at least. */
function factorOf(elements: readonly Compared<ElementComparison>[]): number | undefined {
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let count = 0;
  for (const { line, comparison } of elements) {
    const unit = line.error + comparison.givenError;
    if (line.shape !== "smooth" || !(Math.abs(line.value) > 8 * mismatchLimit * unit)) continue;
    const [ratio, within] = [comparison.given / line.value, (matchLimit * unit * 2) / Math.abs(line.value)];
    low = Math.max(low, ratio - within);
    high = Math.min(high, ratio + within);
    count++;
  }
  if (count < 2 || !(low <= high)) return undefined;
  const digits = Math.max(1, Math.floor(-Math.log10(Math.max(high - low, 1e-15))));
  return Number(((low + high) / 2).toPrecision(Math.min(12, digits)));
}

function worstOf<C extends Comparison>(compared: readonly Compared<C>[], open: readonly Compared[]): C | undefined {
  let worst: Compared<C> | undefined;
  const rankOf = (one: Compared<C>) =>
    one.comparison.verdict === "inconclusive" && !open.includes(one) ? 0 : rank(one.comparison);
  for (const one of compared) if (!worst || rankOf(one) > rankOf(worst)) worst = one;
  return worst?.comparison;
}
