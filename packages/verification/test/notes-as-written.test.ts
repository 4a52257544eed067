import { at, type PrimeField, primeField, random, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  backward,
  bptt,
  contributions,
  expandedSum,
  forward,
  type JacobianProducts,
  jacobianProducts,
  lagContributions,
  type RnnProblem,
  sensitivities,
  type Trajectory,
  truncatedToWindow,
} from "@gradproof/rnn";
import { expect, test } from "vitest";
import { describeShape, drawShape, type ProofShape } from "../src/proof-shape.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { differencesOf } from "./partial-gradients.ts";
import { printRow, problems, seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;
type Problem = RnnProblem<Residues>;
type Recurrent = Readonly<Record<"Wxh" | "Whh", Residues>>;

interface Setting {
  readonly F: PrimeField;
  readonly shape: ProofShape;
  readonly problem: Problem;
  readonly trajectory: Trajectory<Float64Array>;
  readonly place: string;
}

function* settings(change: (shape: ProofShape) => ProofShape = (shape) => shape): Generator<Setting> {
  const source = random(seed);
  for (let i = 0; i < problems; i++) {
    const drawn = drawShape(source);
    const shape = change({ ...drawn, T: 1 + ((drawn.T - 1) % 6) });
    const from = source.uint32();
    const F = primeField(from);
    const { problem } = uniformProblem(F, shape, random(from));
    yield { F, shape, problem, trajectory: forward(F, problem), place: `${describeShape(shape)}, seed ${from}` };
  }
}

function zeros(F: PrimeField, shape: readonly number[]): Residues {
  return F.lift(new Float64Array(shape.reduce((product, length) => product * length, 1)), shape);
}

/** ∂J_t/∂ŷ_k for every k [T, B, O], from the loss in which step t alone counts. */
function outputErrors({ F, problem, trajectory }: Setting, t: number): Residues {
  const [T, B] = problem.x.shape;
  const mask = zeros(F, [T, B]);
  F.copy(at(mask, t), problem.mask ? at(problem.mask, t) : F.ratio(1, 1));
  const error = F.empty([T, B, problem.parameters.Why?.shape[0] ?? 0]);
  const masked = { ...problem, mask };
  const unused = { stateError: F.empty([0]), delta: F.empty([0]) };
  bptt<Float64Array>().outputError(F, { problem: masked, trajectory, start: 0, end: T, outputError: error, ...unused });
  return error;
}

/** Σ_t Σ_{k <= t} ∂J_t/∂ŷ_s W_hy Φ(t, k) ∂⁺h_k/∂W, with s = k as Eqs. 15 and 16 have it, or t. */
function sumWithErrorsOf(setting: Setting, step: (t: number, k: number) => number): Recurrent {
  const { F, problem, trajectory } = setting;
  const [T, B] = problem.x.shape;
  const { Wxh, Whh, Why } = problem.parameters;
  const sum = { Wxh: zeros(F, Wxh.shape), Whh: zeros(F, Whh.shape) };
  const [row, slope] = [F.empty([B, Whh.shape[0]]), F.empty([B, Whh.shape[0]])];
  const direct = F.empty([B, Whh.shape[0]]);
  for (let t = 1; t <= T; t++) {
    const errors = outputErrors(setting, t - 1);
    for (const { k, product } of jacobianProducts(F, problem, trajectory, t)) {
      if (k === 0) continue;
      F.gemm(direct, at(errors, step(t, k) - 1), Why as Residues, "write");
      for (let b = 0; b < B; b++) F.gemm(slice(row, b, b + 1), slice(direct, b, b + 1), at(product, b), "write");
      if (problem.nonlinearity === "tanh") {
        F.unary(op.square, slope, at(trajectory.states, k));
        F.unary(op.oneMinus, slope, slope);
      } else {
        F.unary(op.step, slope, at(trajectory.states, k));
      }
      F.binary(op.multiply, row, row, slope);
      F.gemm(sum.Wxh, transpose(row), at(problem.x, k - 1), "accumulate");
      F.gemm(sum.Whh, transpose(row), at(trajectory.states, k - 1), "accumulate");
    }
  }
  return sum;
}

test("Eqs. 15 and 16 to the letter, with ∂J_t/∂ŷ_k, are BPTT(1); with ∂J_t/∂ŷ_t they are the gradient", () => {
  let [refused, inert, elements] = [0, 0, 0];
  // A linear loss of the states has terms that no ŷ carries.
  const throughOutputs = (shape: ProofShape): ProofShape =>
    shape.loss === "linear" ? { ...shape, loss: "half_squared_error" } : shape;
  for (const setting of settings(throughOutputs)) {
    const { F, problem, trajectory, place } = setting;
    const literal = sumWithErrorsOf(setting, (_t, k) => k);
    const { Wxh, Whh } = backward(F, problem, trajectory);
    elements += F.lower(Wxh).length + F.lower(Whh).length;
    expect(differencesOf(F, literal, truncatedToWindow(F, problem, trajectory, 1)), place).toEqual([]);
    expect(
      differencesOf(
        F,
        sumWithErrorsOf(setting, (t) => t),
        { Wxh, Whh },
      ),
      place,
    ).toEqual([]);
    if (setting.shape.T === 1) inert++;
    else if (differencesOf(F, literal, { Wxh, Whh }).length > 0) refused++;
  }
  printRow("Eqs. 15, 16 to the letter are BPTT(1)", problems, elements, refused, inert);
  expect(refused + inert).toBe(problems);
  expect(refused).toBeGreaterThan(problems / 2);
});

test("total times total in Eqs. 13 and 14 counts the contribution of step j t - j + 1 times", () => {
  let [refused, inert, elements] = [0, 0, 0];
  for (const { F, shape, problem, trajectory, place } of settings()) {
    const [T, B] = problem.x.shape;
    const weights = ["Wxh", "Whh"] as const;
    const totals: Record<"Wxh" | "Whh", Residues>[] = [];
    for (const { weights: own } of sensitivities(F, problem, trajectory)) {
      const copies = weights.map((name) => {
        const kept = F.empty((own[name] as Residues).shape);
        F.copy(kept, own[name] as Residues);
        return [name, kept];
      });
      totals.push(Object.fromEntries(copies) as Record<"Wxh" | "Whh", Residues>);
    }
    const counted = { Wxh: zeros(F, problem.parameters.Wxh.shape), Whh: zeros(F, problem.parameters.Whh.shape) };
    const doubled = { Wxh: zeros(F, problem.parameters.Wxh.shape), Whh: zeros(F, problem.parameters.Whh.shape) };
    const directs = stateErrors(F, problem, trajectory);
    const row = F.empty([1, shape.H]);
    for (const { t, k, gradient } of contributions(F, problem, trajectory)) {
      if (k === 0) continue;
      for (const name of weights) {
        const times = F.empty(counted[name].shape);
        F.binary(op.multiply, times, F.ratio(t - k + 1, 1), gradient[name] as Residues);
        F.binary(op.add, counted[name], counted[name], times);
      }
    }
    for (let t = 1; t <= T; t++) {
      for (const { k, product } of jacobianProducts(F, problem, trajectory, t)) {
        if (k === 0) continue;
        for (let b = 0; b < B; b++) {
          F.gemm(row, slice(at(directs, t - 1), b, b + 1), at(product, b), "write");
          for (const name of weights) {
            const flat = reshape(doubled[name], [1, F.lower(doubled[name]).length]);
            F.gemm(flat, row, at(totals[k - 1][name], b), "accumulate");
          }
        }
      }
    }
    elements += F.lower(doubled.Wxh).length + F.lower(doubled.Whh).length;
    expect(differencesOf(F, doubled, counted), place).toEqual([]);
    const { Wxh, Whh } = backward(F, problem, trajectory);
    if (T === 1) inert++;
    else if (differencesOf(F, doubled, { Wxh, Whh }).length > 0) refused++;
  }
  printRow("total times total is a weighted sum", problems, elements, refused, inert);
  expect(refused + inert).toBe(problems);
  expect(refused).toBeGreaterThan(problems / 2);
});

/** ∂⁺J/∂h_t [T, B, H], by BPTT's (B1) and (B2). */
function stateErrors(F: PrimeField, problem: Problem, trajectory: Trajectory<Float64Array>): Residues {
  const [[T, B], H] = [problem.x.shape, problem.h0.shape[1]];
  const O = problem.parameters.Why?.shape[0] ?? 0;
  const segment = {
    problem,
    trajectory,
    start: 0,
    end: T,
    outputError: F.empty([T, B, O]),
    stateError: F.empty([T, B, H]),
    delta: F.empty([T + 1, B, H]),
  };
  bptt<Float64Array>().outputError(F, segment);
  bptt<Float64Array>().throughReadout(F, segment);
  return segment.stateError;
}

/** A_{k+1} A_{k+2} ⋯ A_t: the factors in the order in which Eq. 20's product sign counts. */
function* reversedProducts(
  ...[F, problem, trajectory, t]: Parameters<typeof jacobianProducts<Float64Array>>
): JacobianProducts<Float64Array> {
  const [B, H] = [problem.x.shape[1], problem.h0.shape[1]];
  const [first, ...steps] = Array.from({ length: t + 1 }, (_, k) => k).reverse();
  let product = F.empty([B, H, H]);
  for (const { k, product: identity } of jacobianProducts(F, problem, trajectory, first)) {
    if (k === first) F.copy(product, identity);
  }
  yield { k: first, product };
  for (const k of steps) {
    const next = F.empty([B, H, H]);
    // A_{k+1} is Φ(k + 1, k).
    for (const { k: from, product: jacobian } of jacobianProducts(F, problem, trajectory, k + 1)) {
      if (from === k) for (let b = 0; b < B; b++) F.gemm(at(next, b), at(jacobian, b), at(product, b), "write");
    }
    product = next;
    yield { k, product };
  }
}

/** Whether A_t is the same at every step: for relu where the same units are on. */
function sameJacobians({ F, shape: { nonlinearity, T, B, H }, trajectory }: Setting): boolean {
  if (nonlinearity === "tanh") return T === 1;
  const on = F.lower(trajectory.preactivations).map((u) => (u > 0 ? 1 : 0));
  return on.every((unit, i) => unit === on[i % (B * H)]);
}

test("the product of Eq. 20 in reverse order is another sum, unless all factors commute", () => {
  let [refused, inert, elements] = [0, 0, 0];
  for (const setting of settings()) {
    const { F, shape, problem, trajectory, place } = setting;
    const reversed = expandedSum(F, problem, trajectory, reversedProducts);
    const differs = differencesOf(F, reversed, expandedSum(F, problem, trajectory)).length > 0;
    elements += F.lower(reversed.Wxh).length + F.lower(reversed.Whh).length;
    const expected = shape.H > 1 && !sameJacobians(setting);
    expect(differs, place).toBe(expected);
    if (expected) refused++;
    else inert++;
  }
  printRow("reversed products of Jacobians", problems, elements, refused, inert);
  expect(refused).toBeGreaterThan(problems / 4);
});

test("the contributions by (t, k) sum to those by lag", () => {
  let [refused, inert, elements] = [0, 0, 0];
  for (const { F, problem, trajectory, place } of settings()) {
    const T = problem.x.shape[0];
    const byLag = Array.from({ length: T }, () => zeros(F, problem.parameters.Whh.shape));
    for (const { t, k, gradient } of contributions(F, problem, trajectory)) {
      if (gradient.Whh) F.binary(op.add, byLag[t - k], byLag[t - k], gradient.Whh);
    }
    const lags = [...lagContributions(F, problem, trajectory)];
    expect(lags).toHaveLength(T);
    lags.forEach((expected, lag) => {
      elements += F.lower(expected).length;
      expect(F.same(byLag[lag], expected), `${place}, lag ${lag}`).toBe(true);
    });
    // The control: the lags one step off.
    if (lags.every((expected, lag) => F.same(byLag[(lag + 1) % T], expected))) inert++;
    else refused++;
  }
  printRow("contributions by (t, k) and by lag", problems, elements, refused, inert);
  expect(refused).toBeGreaterThan(problems / 2);
});
