import { random } from "@gradproof/arithmetic";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import { type Bench, errorsOf, fits, sigmaOf, unravel } from "./bench.ts";
import { type Benches, type BenchesOptions, benchesOf, usualRuns } from "./benches.ts";
import { type Diagnosed, diagnose } from "./diagnosis/diagnose.ts";
import type { Diagnosis, Explanation } from "./diagnosis/diagnosis.ts";
import { appealFactor, certainLimit, compareInSigma } from "./judge-tensor.ts";
import {
  type GivenGradient,
  type GivenProblem,
  type GradientVerdict,
  type Judgement,
  type Verdict,
  worstVerdict,
} from "./judgement.ts";
import { resolveKinks } from "./kinks.ts";
import { overflowReason } from "./overflow.ts";
import { powerOf } from "./power.ts";
import type { FloatDtype } from "./precision.ts";
import { spreadOf, tensorOf } from "./spread.ts";

export interface JudgeOptions extends Pick<BenchesOptions, "seed" | "onProgress"> {
  /** Whether known mistakes are looked for that explain a wrong gradient; true unless given. */
  readonly explain?: boolean;
}

const runsOfLargeTensors = 32;
const runsOnAppeal = 64;
const largeTensor = 1e6;

/**
 * Judges gradients that somebody computed: right to within what rounding does, wrong, or not to be decided.
 *
 * The reference is BPTT in double-double, cross-checked with autodiff. σ of each element is its spread when every
 * operation errs as the gradient's dtype rounds. A gradient matches if every element is within 32 σ and each tensor within
 * 10 σ in root mean square; an excess of less than four times that is looked at again with 64 fresh runs. Under relu, units
 * so close to their kink that rounding decides are tried on both sides.
 *
 * @throws ProblemError, RangeError for a problem or gradient whose shapes disagree; CrossCheckError if BPTT and autodiff
 * differ in double-double, which is a fault of gradproof.
 * @example
 * ```ts
 * const { verdict, gradients } = judge({ problem, gradients: [{ name: "W", of: "Whh", dtype: "F64", shape, data }] });
 * ```
 */
export function judge({ problem, gradients }: GivenProblem, options: JudgeOptions = {}): Judgement {
  const runs = gradients.some(({ data }) => data.length > largeTensor) ? runsOfLargeTensors : usualRuns;
  const benches = benchesOf(problem, { ...options, runs });
  const judged = judgeOn(benches, gradients, options);
  const { reference } = benches;
  const expected = gradients.map(({ of, dtype }) => {
    const values = reference.arithmetic.lower(tensorOf(reference.gradient, of));
    return { of, dtype, values, sigma: sigmaOf(benches.at(dtype), of) };
  });
  const contested = gradients.map(({ dtype }) => benches.at(dtype).contested.length);
  return {
    ...judged,
    power: powerOf(problem, expected, benches.seed),
    loss: reference.loss,
    seed: benches.seed,
    runs,
    contestedUnits: Math.max(0, ...contested),
  };
}

/** The verdicts alone, on benches that were made before: for many gradients of one problem. */
export function judgeOn(
  benches: Benches,
  gradients: readonly GivenGradient[],
  { explain = true }: Pick<JudgeOptions, "explain"> = {},
): Pick<Judgement, "verdict" | "gradients" | "diagnosis"> {
  for (const gradient of gradients) checkGradient(benches.problem, gradient);
  const { verdicts, diagnosis } = judgeByPrecision(gradients, (dtype) => benches.at(dtype), explain);
  const verdict = worstVerdict(verdicts.map((one) => one.verdict));
  return { verdict, gradients: verdicts, ...(diagnosis && { diagnosis }) };
}

interface Verdicts {
  readonly verdicts: readonly GradientVerdict[];
  /** Of the first precision that has wrong gradients. */
  readonly diagnosis: Diagnosis | undefined;
}

function judgeByPrecision(
  gradients: readonly GivenGradient[],
  benchOf: (dtype: FloatDtype) => Bench,
  explain: boolean,
): Verdicts {
  const verdicts = new Map<GivenGradient, GradientVerdict>();
  let diagnosis: Diagnosis | undefined;
  for (const dtype of new Set(gradients.map((gradient) => gradient.dtype))) {
    const group = gradients.filter((gradient) => gradient.dtype === dtype);
    const judged = judgeGroup(benchOf(dtype), group, explain);
    for (const [i, verdict] of judged.verdicts.entries()) verdicts.set(group[i], verdict);
    diagnosis ??= judged.diagnosis;
  }
  return { verdicts: gradients.map((gradient) => verdicts.get(gradient) as GradientVerdict), diagnosis };
}

/** Gradients of one precision: one run of the user's program, so one choice of branches explains them all or none. */
function judgeGroup(bench: Bench, gradients: readonly GivenGradient[], explain: boolean): Verdicts {
  const finite = gradients.filter((gradient) => overflowIn(bench, gradient) === undefined);
  const settled = settle(bench, finite);
  const kinks = settled.decided ? undefined : resolveKinks(bench, finite);
  const final = kinks?.bench ? settle(kinks.bench, finite) : settled;
  const wrong = explain && !kinks?.open ? finite.filter((gradient) => !fits(final.bench, gradient)) : [];
  const diagnosed: Diagnosed | undefined = wrong.length > 0 ? diagnose(final.bench, wrong, finite) : undefined;
  const verdicts = gradients.map((gradient) => {
    const overflow = overflowIn(bench, gradient);
    if (overflow) return describe(bench, gradient, overflow.verdict, { reason: overflow.reason });
    if (fits(final.bench, gradient)) {
      const reason =
        kinks?.bench && `${bench.contested.length} relu units at their kink; on the right sides it matches`;
      return describe(final.bench, gradient, "match", { reason });
    }
    if (kinks?.open) return describe(final.bench, gradient, "inconclusive", { reason: kinks.open });
    const { note, ...explanation } = diagnosed?.explanations.get(gradient) ?? unexplained;
    return describe(final.bench, gradient, "mismatch", { ...explanation, reason: note });
  });
  return { verdicts, diagnosis: diagnosed?.diagnosis };
}

const unexplained: Explanation = { mistakes: [], relations: [] };

/** The bench with which all gradients fit, with more runs where the excess is small, or the given one. */
function settle(bench: Bench, gradients: readonly GivenGradient[]): { bench: Bench; decided: boolean } {
  if (gradients.every((gradient) => fits(bench, gradient))) return { bench, decided: true };
  if (!gradients.every((gradient) => fits(bench, gradient, appealFactor))) return { bench, decided: false };
  const source = random(bench.seeds[0]);
  const seeds = Array.from({ length: runsOnAppeal }, () => source.uint32());
  const again = { ...bench, seeds, spread: spreadOf(bench.problem, bench.reference, { ...bench, seeds }) };
  return { bench: again, decided: gradients.every((gradient) => fits(again, gradient)) };
}

/** What is not finite in a gradient, its reference or its σ, and what that makes of it. */
function overflowIn(bench: Bench, gradient: GivenGradient): { verdict: Verdict; reason: string } | undefined {
  const values = bench.reference.arithmetic.lower(tensorOf(bench.reference.gradient, gradient.of));
  const allFinite = (numbers: Float64Array) => numbers.every(Number.isFinite);
  if (allFinite(gradient.data) && allFinite(values) && allFinite(sigmaOf(bench, gradient.of))) return undefined;
  return overflowReason(bench, gradient);
}

function describe(
  bench: Bench,
  gradient: GivenGradient,
  verdict: Verdict,
  { mistakes = [], relations = [], reason }: Partial<Explanation> & { readonly reason?: string | undefined },
): GradientVerdict {
  const { name, of, dtype, shape, data } = gradient;
  const sigma = sigmaOf(bench, of);
  const values = bench.reference.arithmetic.lower(tensorOf(bench.reference.gradient, of));
  const finite = data.every(Number.isFinite);
  const errors = finite ? errorsOf(bench, gradient) : undefined;
  const comparison = errors && compareInSigma(errors, sigma);
  const worst = comparison?.worst ?? data.findIndex((value) => !Number.isFinite(value));
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const largestSigma = sigma.reduce((max, value) => Math.max(max, value), 0);
  const measured =
    errors !== undefined && comparison !== undefined && Number.isFinite(largestSigma) && Number.isFinite(largest);
  return {
    name,
    of,
    dtype,
    shape,
    verdict,
    ...(reason && { reason }),
    worst: { index: unravel(worst, shape), given: data[worst], reference: values[worst], sigma: sigma[worst] },
    ...(measured && {
      errorInSigma: comparison.errorInSigma,
      rmsInSigma: comparison.rmsInSigma,
      errors: errors.map((error, i) => (error === 0 ? 0 : Math.abs(error) / sigma[i])),
    }),
    ...(measured && largest > 0 && { resolution: (certainLimit * largestSigma) / largest }),
    mistakes,
    ...(relations.length > 0 && { relations: relations.map(({ text }) => text) }),
  };
}

function checkGradient(problem: RnnProblem<NumericArray>, { name, of, shape, data }: GivenGradient): void {
  const source = of === "x" || of === "h0" ? problem[of] : problem.parameters[of];
  if (!source) throw new RangeError(`judge: gradient ${name} of ${of}, which the problem does not have`);
  if (shape.join() !== source.shape.join() || data.length !== source.data.length) {
    const expected = `[${source.shape.join(", ")}] as ${of}`;
    throw new RangeError(
      `judge: gradient ${name} has shape [${shape.join(", ")}] and ${data.length} numbers; expected ${expected}`,
    );
  }
}
