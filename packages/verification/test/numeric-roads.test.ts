import { allBlindSpots, type NumericArray, type RnnProblem, rnnProblem } from "@gradproof/arbitraries";
import { type Arithmetic, float64, primeField, type Tensor } from "@gradproof/arithmetic";
import { complexStep, matchLimit, mismatchLimit, type NumericGradient, numericGradient } from "@gradproof/diagnostics";
import { backward, bptt, type Equations, forward, liftProblem, mapProblem } from "@gradproof/rnn";
import { afterAll, expect, test } from "vitest";
import { elementLimit } from "../src/judge-tensor.ts";
import type { Mistake } from "../src/mistakes/mistake.ts";
import { mistakes } from "../src/mistakes/mistakes.ts";
import { precisionOf } from "../src/precision.ts";
import { referenceOf, spreadOf } from "../src/spread.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

type ByName<V> = Readonly<Record<string, V>>;

const losses = [
  ["cross_entropy", "sum"],
  ["cross_entropy", "mean"],
  ["mse", "sum"],
  ["mse", "mean"],
  ["half_squared_error", "sum"],
  ["half_squared_error", "mean"],
  ["linear", "sum"],
] as const;
const paths = losses.flatMap(([loss, reduction]) =>
  (["tanh", "relu"] as const).map((nonlinearity) => ({ loss, reduction, nonlinearity })),
);
const masks = ["none", "weights", "lengths"] as const;
type Path = (typeof paths)[number];

/** Problems that hide as little as possible: h_0 is not 0, dimensions are 2 or more, W_hh is not symmetric. */
function problemsOn({ loss, reduction, nonlinearity }: Path, mask: (typeof masks)[number], from: number): RnnProblem[] {
  const sighted = rnnProblem({
    ...{ loss: [loss], reduction: [reduction], nonlinearity: [nonlinearity], mask: [mask] },
    ...{ T: { min: 2, max: 4 }, B: 2, I: 2, H: { min: 2, max: 3 }, O: 2 },
    exclude: allBlindSpots,
  });
  return sample(sighted, 1, from);
}

/** What the loss is differentiated with respect to. */
function variables({ parameters, h0, x }: RnnProblem): ByName<NumericArray> {
  const given = Object.entries(parameters).filter(([, array]) => array !== undefined);
  return { ...(Object.fromEntries(given) as ByName<NumericArray>), h0, x };
}

/** The loss of a problem with other numbers for some of its arrays, by the forward pass alone. */
function lossOf<S>(A: Arithmetic<S>, problem: RnnProblem, replaced: ByName<Tensor<S>>): Tensor<S> {
  return forward(
    A,
    mapProblem(problem, ({ data, shape }, name) => replaced[name] ?? A.lift(data, shape)),
  ).loss;
}

function byBackward(problem: RnnProblem, equations: Equations<Float64Array>): ByName<Float64Array> {
  const lifted = liftProblem(float64, problem);
  const gradient = Object.entries(backward(float64, lifted, forward(float64, lifted), equations));
  return Object.fromEntries(gradient.map(([name, tensor]) => [name, float64.lower(tensor as Tensor<Float64Array>)]));
}

/** By values of the loss in float64 at neighbouring points, with estimates of their errors. */
function byDifferences(problem: RnnProblem): ByName<NumericGradient> {
  const given = variables(problem);
  const at = Object.fromEntries(Object.entries(given).map(([name, { data }]) => [name, data]));
  const loss = (point: ByName<Float64Array>) => {
    const moved = Object.entries(point).map(([name, data]) => [name, float64.lift(data, given[name].shape)]);
    return float64.lower(lossOf(float64, problem, Object.fromEntries(moved)))[0];
  };
  return numericGradient(loss, at);
}

/** Largest difference in units that each element has of its own; an element without a unit does not count. */
function farthest(a: ByName<Float64Array>, b: ByName<ArrayLike<number>>, unit: ByName<ArrayLike<number>>): number {
  let largest = 0;
  for (const [name, values] of Object.entries(a)) {
    values.forEach((value, i) => {
      const difference = Math.abs(value - b[name][i]);
      if (difference > 0 && Number.isFinite(unit[name][i])) largest = Math.max(largest, difference / unit[name][i]);
    });
  }
  return largest;
}

/** Whether a mistake changes the gradient of a problem, over the prime field: in floats rounding alone may change it. */
function showsExactly(problem: RnnProblem): (mistake: Mistake) => boolean {
  const F = primeField(seed);
  const lifted = liftProblem(F, problem);
  const trajectory = forward(F, lifted);
  const by = (equations: Equations<Float64Array>) =>
    Object.entries(backward(F, lifted, trajectory, equations)) as [string, Tensor<Float64Array>][];
  const right = by(bptt());
  return ({ equations }) =>
    by({ ...bptt(), ...equations<Float64Array>() }).some(([, value], i) => !F.same(value, right[i][1]));
}

function mapValues<V, W>(all: ByName<V>, change: (value: V) => W): ByName<W> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, change(value)]));
}

/** What rounding in float64 does to each element of BPTT. */
function sigmaOf(problem: RnnProblem): ByName<Float64Array> {
  const seeds = [seed, seed + 1, seed + 2, seed + 3];
  const spread = spreadOf(problem, referenceOf(problem), { precision: precisionOf.F64, noise: "operations", seeds });
  return spread.gradient as ByName<Float64Array>;
}

/** What was found on one path; σ and estimates are the largest. */
interface Found {
  readonly elements: number;
  /** Elements for which differences do not settle on a derivative. */
  readonly noPlateau: number;
  readonly inSigma: number;
  readonly inEstimates: number;
  /** Mistakes of the catalogue that change the gradient, exactly. */
  readonly mistakes: number;
  readonly refusedByComplexStep: number;
  readonly refusedByDifferences: number;
}

function compareOn(problem: RnnProblem): Found {
  const { gradient: complex } = complexStep((A, inputs) => lossOf(A, problem, inputs), variables(problem));
  const numeric = byDifferences(problem);
  const sigma = sigmaOf(problem);
  const distances = (gradient: ByName<Float64Array>) => ({
    inSigma: farthest(gradient, complex, sigma),
    inEstimates: farthest(
      gradient,
      mapValues(numeric, ({ derivative }) => derivative),
      mapValues(numeric, ({ errorEstimate }) => errorEstimate),
    ),
  });
  const shapes = Object.values(numeric).flatMap((one) => one.shapes);
  const wrong = mistakes
    .filter(showsExactly(problem))
    .map(({ equations }) => byBackward(problem, { ...bptt(), ...equations<Float64Array>() }))
    .map(distances);
  return {
    ...distances(byBackward(problem, bptt())),
    elements: shapes.length,
    noPlateau: shapes.filter((shape) => shape !== "smooth" && shape !== "flat").length,
    mistakes: wrong.length,
    refusedByComplexStep: wrong.filter(({ inSigma }) => inSigma > elementLimit).length,
    refusedByDifferences: wrong.filter(({ inEstimates }) => inEstimates > mismatchLimit).length,
  };
}

const rows: string[] = [];

test.each(paths)("complex step and differences: $loss, $reduction, $nonlinearity", (path) => {
  const found = masks.flatMap((mask, i) => problemsOn(path, mask, seed + 3 * paths.indexOf(path) + i).map(compareOn));
  const sum = (of: (one: Found) => number) => found.reduce((total, one) => total + of(one), 0);
  const largest = (of: (one: Found) => number) => Math.max(...found.map(of));
  const total = {
    elements: sum(({ elements }) => elements),
    mistakes: sum(({ mistakes }) => mistakes),
    byComplexStep: sum(({ refusedByComplexStep }) => refusedByComplexStep),
    byDifferences: sum(({ refusedByDifferences }) => refusedByDifferences),
  };
  const [inSigma, inEstimates] = [largest((one) => one.inSigma), largest((one) => one.inEstimates)];
  rows.push(
    [
      `${path.loss} ${path.reduction} ${path.nonlinearity}`.padEnd(29),
      String(total.elements).padStart(8),
      `${inSigma.toFixed(1)} σ`.padStart(8),
      `${inEstimates.toFixed(1)} estimates`.padStart(14),
      `${total.byComplexStep} and ${total.byDifferences} of ${total.mistakes}`.padStart(18),
    ].join("  "),
  );
  expect(inSigma).toBeLessThan(elementLimit);
  expect(inEstimates).toBeLessThan(matchLimit);
  expect(sum(({ noPlateau }) => noPlateau)).toBeLessThan(total.elements / 20);
  // The control: every mistake of the catalogue that changes the gradient; half of them do on any of these problems.
  expect([total.byComplexStep, total.byDifferences]).toEqual([total.mistakes, total.mistakes]);
  expect(total.mistakes).toBeGreaterThan((mistakes.length / 2) * found.length);
});

afterAll(() => {
  const head = ["BPTT against".padEnd(29), "elements", "complex step", "differences", "mistakes refused"];
  console.log([head.join("  "), ...rows].join("\n"));
});
