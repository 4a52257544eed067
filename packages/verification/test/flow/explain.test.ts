import { float64, random } from "@gradproof/arithmetic";
import { initialise, lossAndGradient, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { type Explanation, explain } from "../../src/flow/explain.ts";
import type { Cause } from "../../src/flow/finding.ts";
import { flowOf } from "../../src/flow/flow.ts";
import { onlySequence } from "../../src/flow/sequence-noise.ts";
import { pathologies } from "./pathologies.ts";

const seeds = Math.round(20 * Number(process.env.GRADPROOF_RUNS ?? 1));
const firstSeed = Number(process.env.GRADPROOF_SEED ?? 1);

const severe = ({ findings }: Explanation) =>
  findings.filter(({ severity }) => severity === "warning" || severity === "error");

test.each(pathologies)(`$name: named right in ${seeds} seeds of ${seeds}`, ({ name, cause, plant }) => {
  const counts = new Map<Cause | "nothing", number>();
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const { problem, options } = plant(seed);
    const explanation = explain(problem, { ...options, exponents: 2 });
    const [named = "nothing"] = explanation.causes;
    counts.set(named, (counts.get(named) ?? 0) + 1);
    expect(explanation.verdict).toBe(cause === undefined ? "flows" : "obstructed");
    if (cause === undefined) expect(severe(explanation)).toEqual([]);
    for (const finding of severe(explanation)) {
      expect(finding.cause, finding.measure).toBeDefined();
      expect(Number.isNaN(finding.value), finding.measure).toBe(false);
      expect(finding.threshold, finding.measure).toBeDefined();
    }
  }
  const found = [...counts].map(([named, count]) => `${named} ${count}`).join(", ");
  console.log(`${name.padEnd(44)}  seeds ${firstSeed} to ${firstSeed + seeds - 1}  ${found}`);
  expect([...counts]).toEqual([[cause ?? "nothing", seeds]]);
});

/** One problem of a kind. */
function planted(name: string, seed = 3): RnnProblem<NumericArray> {
  const pathology = pathologies.find((it) => it.name === name);
  if (!pathology) throw new Error(`no pathology ${name}`);
  return pathology.plant(seed, 2).problem;
}

function shortened(problem: RnnProblem<NumericArray>, steps: number): RnnProblem<NumericArray> {
  if (problem.loss !== "mse") throw new Error("expected mse");
  const [, B, I] = problem.x.shape;
  return {
    ...problem,
    x: { shape: [steps, B, I], data: problem.x.data.slice(0, steps * B * I) },
    target: { shape: [steps, B, 1], data: problem.target.data.slice(0, steps * B) },
  };
}

test("too few steps: inconclusive, with the number that is needed", () => {
  const { verdict, causes, findings } = explain(shortened(planted("gain too large"), 20));
  expect([verdict, causes]).toEqual(["inconclusive", []]);
  expect(findings.find(({ question }) => question === 4)).toMatchObject({
    severity: "inconclusive",
    measure: "steps",
    value: 20,
    threshold: 40,
  });
  expect(explain(shortened(planted("healthy"), 1)).verdict).toBe("inconclusive");
});

test("a gradient of healthy size with dead long lags: the norm hides it, the lags do not", () => {
  const { flow, causes } = explain(planted("gain too small"), { requiredLag: 20 });
  const healthy = explain(planted("healthy"), { requiredLag: 20 });
  expect(flow.gradientNorm / healthy.flow.gradientNorm).toBeGreaterThan(0.3);
  expect(flow.contributions.profile.cumulative[10]).toBeGreaterThan(0.999);
  expect(healthy.flow.contributions.profile.cumulative[10]).toBeLessThan(0.7);
  expect(causes).toEqual(["gain-too-small"]);
});

test("gain 1.5 under noise is not chaotic, as it would be without", () => {
  const source = random(9);
  const [T, H] = [200, 64];
  const noisy = (drive: number): RnnProblem<NumericArray> => {
    const { Whh, Why } = initialise({ seed: 2, I: H, H, O: 1, kind: "normal", gain: 1.5, biases: false });
    const unit = Float64Array.from({ length: H * H }, (_, i) => (i % (H + 1) === 0 ? 1 : 0));
    return {
      nonlinearity: "tanh",
      loss: "mse",
      reduction: "mean",
      parameters: { Wxh: { shape: [H, H], data: unit }, Whh, Why: Why as NumericArray },
      x: { shape: [T, 1, H], data: Float64Array.from({ length: T * H }, () => drive * source.normal()) },
      h0: { shape: [1, H], data: Float64Array.from({ length: H }, () => source.normal()) },
      target: { shape: [T, 1, 1], data: new Float64Array(T) },
    };
  };
  const [quiet, driven] = [0, 1].map((drive) => flowOf(noisy(drive), { exponents: 1 }).spectrum.exponents[0]);
  expect(driven).toBeLessThan(-0.08);
  expect(quiet).toBeGreaterThan(driven + 0.05);
});

test("gradients that are given are judged: a wrong one is named before anything else", () => {
  const problem = shortened(planted("gain too small"), 60);
  const { gradient } = lossAndGradient(float64, problem);
  const given = (data: Float64Array) => ({
    name: "rnn.weight_hh_l0",
    of: "Whh" as const,
    dtype: "F64" as const,
    shape: gradient.Whh.shape,
    data,
  });
  const right = explain(problem, { gradients: [given(gradient.Whh.data)], exponents: 1 });
  expect(right.findings[0]).toMatchObject({ question: 0, severity: "note" });
  const wrong = explain(problem, { gradients: [given(gradient.Whh.data.map((value) => -value))], exponents: 1 });
  expect(wrong.causes[0]).toBe("wrong-gradient");
  expect(wrong.findings[0]).toMatchObject({ question: 0, severity: "error" });
});

test("what is not finite is counted, and the first site is named", () => {
  const problem = planted("healthy");
  const { parameters, ...rest } = problem;
  const Whh = { ...parameters.Whh, data: parameters.Whh.data.map((weight) => 1e80 * (weight + 1)) };
  const bxh = { shape: [32], data: new Float64Array(32).fill(1) };
  const explanation = explain({ ...rest, nonlinearity: "relu", parameters: { ...parameters, Whh, bxh } });
  expect(explanation.causes[0]).toBe("non-finite");
  const finding = explanation.findings.find(({ question }) => question === 1);
  expect(finding).toMatchObject({
    severity: "error",
    cause: "non-finite",
    measure: "numbers of u that are not finite",
  });
  expect(finding?.evidence).toMatch(
    /^not finite: \d+ of u, .*; the first, (-Infinity|Infinity|NaN), is u\[3, \d, \d+\]$/,
  );
});

test("what to try is computed: the experiment that is proposed does what it says", () => {
  const problem = planted("gain too small", 1);
  const { findings, experiments } = explain(problem, { requiredLag: 20, exponents: 1 });
  const [advice] = findings.find(({ cause }) => cause === "gain-too-small")?.tryNext ?? [];
  const factor = Number(advice.match(/^W_hh times ([\d.]+):/)?.[1]);
  expect(factor).toBeGreaterThan(1);
  const Whh = { ...problem.parameters.Whh, data: problem.parameters.Whh.data.map((weight) => factor * weight) };
  const changed = { ...problem, parameters: { ...problem.parameters, Whh } };
  const found = experiments.find(({ change }) => change === `W_hh times ${factor}`);
  expect(found?.loss).toBe(lossAndGradient(float64, changed).loss);
  expect(explain(changed, { requiredLag: 20, exponents: 1 }).causes).toEqual([]);
});

test("the contributions' map is exact where all losses are looked at, and its first column is the oldest step", () => {
  const problem = shortened(planted("healthy"), 40);
  const { contributions } = flowOf(problem, { exponents: 1 });
  expect([contributions.steps.length, contributions.columns, contributions.oldestLag]).toEqual([40, 40, 39]);
  const row = contributions.sizes.subarray(20 * 40, 21 * 40);
  expect(row.findLastIndex((size) => size > 0)).toBe(20);
  // J_21 alone: its gradient with respect to W_hh and W_xh is no longer than the sum of its contributions.
  const mask = { shape: [40, 2], data: Float64Array.from({ length: 80 }, (_, i) => (i >> 1 === 20 ? 1 : 0)) };
  const { gradient } = lossAndGradient(float64, { ...problem, mask });
  const length = Math.hypot(...gradient.Whh.data, ...gradient.Wxh.data);
  const sum = row.reduce((total, size) => total + size, 0);
  expect(length).toBeLessThan(sum * Math.SQRT2);
  expect(length).toBeGreaterThan(sum / 20);
});

test("gradients of single sequences add up to that of the batch", () => {
  const problem = shortened(planted("healthy"), 30);
  const whole = lossAndGradient(float64, problem).gradient.Whh.data;
  const parts = [0, 1].map((b) => lossAndGradient(float64, onlySequence(problem, b)).gradient.Whh.data);
  whole.forEach((value, i) => {
    expect(Math.abs(value - (parts[0][i] + parts[1][i]) / 2)).toBeLessThan(1e-15);
  });
});

test("options that are out of range are refused before any work", () => {
  const problem = planted("healthy");
  expect(() => explain(problem, { requiredLag: 120 })).toThrow(
    "explain: requiredLag is 120; expected less than the 120 steps of the problem",
  );
  expect(() => explain(problem, { truncation: 0 })).toThrow(
    "explain: truncation is 0; expected an integer of at least 1",
  );
  expect(() => explain(problem, { clip: { by: "norm", limit: 0 } })).toThrow(
    "explain: clip.limit is 0; expected a number above 0",
  );
});
