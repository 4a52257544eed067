import {
  type DualStore,
  degree,
  dense,
  dual,
  float64,
  type PrimeField,
  primeField,
  random,
  sizeOf,
  type Tensor,
} from "@gradproof/arithmetic";
import { checkpoint, grad, hvp, jvp, type Variable, wrap } from "@gradproof/autodiff";
import { backward, bptt, forward, mapParameters, mapProblem, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { mistakes } from "../src/mistakes/mistakes.ts";
import { drawShape } from "../src/proof-shape.ts";
import { type LossInputs, rnnLoss } from "../src/rnn-loss.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { problems as count, printRow, seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;
type Leaves<S> = Readonly<Record<string, Variable<S>>>;

/*
 * Jacobian- and Hessian-vector products of the whole RNN loss. The graph's are by its two modes; rnn's are its backward
 * derived by hand, differentiated once more by dual numbers. An element of H v has degree 6T + 3 at most (squared error),
 * so two wrong programs agree on it with a chance of (6T + 3) / p for each of the two primes near 2^26.
 */

/** What the loss is differentiated with respect to, by name. */
function leavesOf<S>(problem: RnnProblem<Tensor<S>>, leaf: (value: Tensor<S>) => Variable<S>): Leaves<S> {
  const leaves: object = { ...mapParameters(problem.parameters, leaf), h0: leaf(problem.h0), x: leaf(problem.x) };
  return leaves as Leaves<S>;
}

const lossOf =
  <S>(problem: RnnProblem<Tensor<S>>, arithmetic: Parameters<typeof rnnLoss<S>>[0]) =>
  (leaves: Leaves<S>): Variable<S> =>
    rnnLoss(arithmetic, problem, leaves as unknown as LossInputs<S>).loss;

/** Gradient by hand and its derivative along the direction, by dual numbers through rnn's forward and backward. */
function byHand(
  F: PrimeField,
  problem: RnnProblem<Residues>,
  direction: Leaves<Float64Array>,
  equations = bptt<DualStore<Float64Array>>(),
) {
  const field = dual(F.field);
  const D = dense(field);
  const moved = mapProblem(problem, (value, name): Tensor<DualStore<Float64Array>> => {
    const t = D.lift(new Float64Array(sizeOf(value.shape)), value.shape);
    const own = F.empty(value.shape);
    F.copy(own, value);
    const v = direction[name]?.value;
    for (let i = 0; i < sizeOf(value.shape); i++) {
      F.field.copy(t.store.base, 2 * (t.offset + i), own.store, own.offset + i);
      if (v) field.setDerivative(t.store, t.offset + i, v.store, v.offset + i);
    }
    return t;
  });
  const trajectory = forward(D, moved);
  const gradient = backward(D, moved, trajectory, equations) as unknown as Record<
    string,
    Tensor<DualStore<Float64Array>>
  >;
  const part = (t: Tensor<DualStore<Float64Array>>): Residues => {
    const own = D.empty(t.shape);
    D.copy(own, t);
    const out = F.empty(t.shape);
    for (let i = 0; i < sizeOf(t.shape); i++) field.derivative(out.store, out.offset + i, own.store, own.offset + i);
    return out;
  };
  return {
    slope: part(trajectory.loss),
    product: Object.fromEntries(Object.entries(gradient).map(([name, value]) => [name, part(value)])),
  };
}

test("J v and H v of the loss by the graph's two modes are those of BPTT, every element over the prime field", () => {
  const source = random(seed);
  let elements = 0;
  let refused = 0;
  let inert = 0;
  for (let i = 0; i < count / 4; i++) {
    const F = primeField(source.uint32());
    const shape = { ...drawShape(source), T: source.integer(1, 6) };
    const { problem, facts } = uniformProblem(F, shape, source);
    const leaves = leavesOf(problem, (value) => wrap(F, value));
    const direction = leavesOf(problem, ({ shape }) => wrap(F, F.uniform(shape)));
    const loss = lossOf(problem, F);
    const expected = byHand(F, problem, direction);
    const same = (a: Residues, b: Residues) => F.same(a, reshaped(b, a));

    expect(same(jvp(loss, leaves, direction).tangent.value, expected.slope)).toBe(true);
    const recomputed = checkpoint(loss);
    for (const product of [hvp(loss, leaves, direction), hvp(recomputed, leaves, direction)]) {
      for (const [name, { value }] of Object.entries(product)) {
        expect(F.same(value, expected.product[name]), name).toBe(true);
        elements += sizeOf(value.shape);
      }
    }
    const mistake = source.pick(mistakes.filter((candidate) => !candidate.inert(shape, facts)));
    const wrong = byHand(F, problem, direction, {
      ...bptt<DualStore<Float64Array>>(),
      ...mistake.equations<DualStore<Float64Array>>(),
    });
    const product = hvp(loss, leaves, direction);
    const shows = Object.entries(product).some(([name, { value }]) => !F.same(value, wrong.product[name]));
    if (shows) refused++;
    else inert++;
  }
  printRow("J v, H v, and H v with a checkpoint", Math.ceil(count / 4), elements, refused, inert);
  // Some change a gradient by a constant.
  expect(refused).toBeGreaterThan(0.8 * (refused + inert));
});

test("the elements of H v have degree 6T + 3, by the degree arithmetic, whatever the modes", () => {
  const degrees = [1, 2, 3, 4, 5].map((T) => {
    const D = degree();
    const uniform = (...shape: number[]) =>
      D.uniform(
        shape,
        Float64Array.from({ length: sizeOf(shape) }, (_, i) => (i % 7) / 8 + 0.0625),
      );
    const problem: RnnProblem<ReturnType<typeof uniform>> = {
      nonlinearity: "tanh",
      loss: "half_squared_error",
      reduction: "sum",
      parameters: { Wxh: uniform(2, 2), Whh: uniform(2, 2), Why: uniform(2, 2) },
      x: uniform(T, 1, 2),
      h0: uniform(1, 2),
      target: uniform(T, 1, 2),
    };
    const leaves = leavesOf(problem, (value) => wrap(D, value));
    const direction = leavesOf(problem, ({ shape }) => wrap(D, uniform(...shape)));
    const loss = lossOf(problem, D);
    const slope = (own: typeof leaves) => jvp(loss, own, direction).tangent;
    const largest = (product: typeof leaves) =>
      Math.max(...Object.values(product).map(({ value }) => D.largest(value)));
    return { T, degree: largest(hvp(loss, leaves, direction)), reversed: largest(grad(slope)(leaves)) };
  });
  console.log(`degree of H v: ${degrees.map((row) => `T = ${row.T}: ${row.degree} and ${row.reversed}`).join(", ")}`);
  for (const row of degrees) {
    expect(row.degree).toBe(6 * row.T + 3);
    expect(row.reversed).toBeLessThanOrEqual(6 * row.T + 3);
  }
});

test("with and without a checkpoint the loss, its gradient, J v and H v have the same bits in float64", () => {
  const source = random(seed);
  for (let i = 0; i < 20; i++) {
    const F = primeField(source.uint32());
    const { problem } = uniformProblem(F, drawShape(source), source);
    // The shadows: multiples of 2^-10.
    const floats = mapProblem(problem, (value) => float64.lift(F.lower(value), value.shape));
    const leaves = leavesOf(floats, (value) => wrap(float64, value));
    const direction = leavesOf(floats, ({ shape }) =>
      wrap(
        float64,
        float64.lift(
          Float64Array.from({ length: sizeOf(shape) }, () => source.integer(-64, 64) / 64),
          shape,
        ),
      ),
    );
    const loss = lossOf(floats, float64);
    const [kept, recomputed] = [checkpoint(loss, { recompute: false }), checkpoint(loss)].map((f) => [
      f(leaves),
      jvp(f, leaves, direction).tangent,
      ...Object.values(grad(f)(leaves)),
      ...Object.values(hvp(f, leaves, direction)),
    ]);
    recomputed.forEach(({ value }, k) => {
      expect(float64.same(value, kept[k].value)).toBe(true);
    });
  }
});

/** A scalar as a tensor of the other's shape. */
function reshaped(t: Residues, like: Residues): Residues {
  return sizeOf(t.shape) === 1 ? { ...t, shape: like.shape, strides: like.strides } : t;
}
