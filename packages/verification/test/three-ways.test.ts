import {
  type DualStore,
  dense,
  dual,
  type PrimeField,
  primeField,
  random,
  reshape,
  type Tensor,
} from "@gradproof/arithmetic";
import { backward, bptt, forward, mapProblem, type RnnGradient, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { mistakes } from "../src/mistakes.ts";
import { drawShape } from "../src/proof-shape.ts";
import { uniformProblem } from "../src/uniform-problem.ts";

type Residues = Tensor<Float64Array>;

const seed = Number(process.env.GRADPROOF_SEED ?? 20261122);
const problems = Math.round(200 * Number(process.env.GRADPROOF_RUNS ?? 1));

/** A direction in the space of everything that the gradient is taken with respect to. */
function drawDirection(F: PrimeField, gradient: RnnGradient<Residues>): Map<string, Residues> {
  return new Map(Object.entries(gradient).map(([name, { shape }]: [string, Residues]) => [name, F.uniform(shape)]));
}

/** ⟨∇J, v⟩ */
function along(F: PrimeField, gradient: RnnGradient<Residues>, direction: ReadonlyMap<string, Residues>): Residues {
  const total = F.lift([0], [1]);
  for (const [name, tensor] of Object.entries(gradient) as [string, Residues][]) {
    const size = tensor.shape.reduce((product, length) => product * length, 1);
    const products = F.empty([size]);
    const flat = (t: Residues): Residues => {
      const own = F.empty(t.shape);
      F.copy(own, t);
      return reshape(own, [size]);
    };
    F.binary("multiply", products, flat(tensor), flat(direction.get(name) as Residues));
    F.reduce("sum", total, products, "accumulate");
  }
  return total;
}

/** dJ/dε at problem + ε v, by dual numbers through forward alone: no reverse sweep, none of rnn's or autodiff's rules. */
function forwardMode(F: PrimeField, problem: RnnProblem<Residues>, direction: ReadonlyMap<string, Residues>): Residues {
  const field = dual(F.field);
  const D = dense(field);
  const lifted = mapProblem(problem, (value, name): Tensor<DualStore<Float64Array>> => {
    const t = D.lift(new Float64Array(F.lower(value).length), value.shape);
    const own = F.empty(value.shape);
    F.copy(own, value);
    const v = direction.get(name);
    F.lower(own).forEach((_, i) => {
      F.field.copy(t.store.base, 2 * (t.offset + i), own.store, own.offset + i);
      if (v) field.setDerivative(t.store, t.offset + i, v.store, v.offset + i);
    });
    return t;
  });
  const { loss } = forward(D, lifted);
  const derivative = F.empty([1]);
  F.field.copy(derivative.store, derivative.offset, loss.store.base, 2 * loss.offset + 1);
  return derivative;
}

test("along random directions BPTT, autodiff and forward mode by dual numbers give the same residues", () => {
  const source = random(seed);
  let caught = 0;
  for (let i = 0; i < problems; i++) {
    const F = primeField(source.uint32());
    const { problem } = uniformProblem(F, drawShape(source), source);
    const trajectory = forward(F, problem);
    const hand = backward(F, problem, trajectory);
    const direction = drawDirection(F, hand);
    const expected = forwardMode(F, problem, direction);
    expect(F.same(along(F, hand, direction), expected)).toBe(true);
    expect(F.same(along(F, autodiffGradient(F, problem).gradient, direction), expected)).toBe(true);
    const mistake = mistakes[i % mistakes.length];
    const wrong = backward(F, problem, trajectory, { ...bptt<Float64Array>(), ...mistake.equations<Float64Array>() });
    if (!F.same(along(F, wrong, direction), expected)) caught++;
  }
  console.log(`seed ${seed}: ${problems} problems agree three ways, ${caught} mistakes refused (the others are inert)`);
  expect(caught).toBeGreaterThan(problems / 2);
});
