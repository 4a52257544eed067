import { type Arithmetic, float32, float64, random, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import {
  add,
  affine,
  at,
  grad,
  matmul,
  multiply,
  relu,
  shared,
  sum,
  tanh,
  transpose,
  type Variable,
  wrap,
} from "@gradproof/autodiff";
import { backward, forward, liftProblem, mapParameters, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import { seed } from "./settings.ts";

/*
 * The graph takes its sums in the order of BPTT by hand, so that of a forward pass written in the order of (F1) to (F3) it
 * gives not the same gradient to rounding, but the same bits.
 */

/** (F1) to (F3) step by step; of a linear loss, so that the cotangents of the outputs are given. */
function lossOf<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, inAnotherOrder: boolean) {
  if (problem.loss !== "linear" || !problem.target.outputs) throw new TypeError("expected a linear loss of outputs");
  const cotangents = wrap(A, problem.target.outputs);
  const f = problem.nonlinearity === "tanh" ? tanh<S> : relu<S>;
  return (own: Readonly<Record<string, Variable<S>>>) => {
    const [Wxh, Whh, Why] = [own.Wxh, own.Whh, own.Why].map((W) => shared(transpose(W)));
    const [bxh, bhh, by] = [own.bxh, own.bhh, own.by].map(shared);
    let [h, loss] = [own.h0, wrap(A, A.ratio(0, 1))];
    for (let t = 0; t < problem.x.shape[0]; t++) {
      const u = add(add(matmul(at(own.x, t), Wxh), bxh), bhh);
      h = f(inAnotherOrder ? add(u, matmul(h, Whh)) : affine(h, Whh, u));
      loss = add(loss, sum(multiply(add(matmul(h, Why), by), at(cotangents, t))));
    }
    return loss;
  };
}

const source = random(seed);

function problemOf(T: number, B: number, nonlinearity: "tanh" | "relu"): RnnProblem<NumericArray> {
  const [I, H, O] = [3, 17, 2];
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(scale * source.normal())),
  });
  return {
    nonlinearity,
    loss: "linear",
    reduction: "sum",
    target: { outputs: normal(1, T, B, O) },
    parameters: {
      Wxh: normal(0.5, H, I),
      Whh: normal(0.25, H, H),
      Why: normal(0.25, O, H),
      bxh: normal(0.1, H),
      bhh: normal(0.1, H),
      by: normal(0.1, O),
    },
    x: normal(1, T, B, I),
    h0: normal(0.5, B, H),
  };
}

/** Names of the gradients that differ in a bit from those by hand. */
function different<S>(A: Arithmetic<S>, problem: RnnProblem<NumericArray>, inAnotherOrder = false): string[] {
  const lifted = liftProblem(A, problem);
  const leaf = (value: Tensor<S>): Variable<S> => wrap(A, value);
  const leaves = { ...mapParameters(lifted.parameters, leaf), h0: leaf(lifted.h0), x: leaf(lifted.x) };
  const found = grad(lossOf(A, lifted, inAnotherOrder))(leaves as unknown as Readonly<Record<string, Variable<S>>>);
  const byHand = Object.entries(backward(A, lifted, forward(A, lifted)));
  expect(byHand.map(([name]) => name).sort()).toEqual(Object.keys(found).sort());
  return byHand.filter(([name, value]) => !A.same(value, found[name].value)).map(([name]) => name);
}

describe("the graph's gradient of the RNN has the bits of BPTT by hand", () => {
  // 150 steps are three segments; 16 sequences are more rows than pay to be put side by side.
  const problems = [
    problemOf(10, 2, "tanh"),
    problemOf(64, 1, "relu"),
    problemOf(150, 2, "tanh"),
    problemOf(130, 16, "tanh"),
  ];

  test("in float64 and float32", () => {
    for (const problem of problems) {
      expect(different(float64, problem)).toEqual([]);
      expect(different(float32, problem)).toEqual([]);
    }
  });

  test("in SIMD, deterministic or not", () => {
    for (const problem of problems) {
      for (const deterministic of [true, false]) {
        expect(different(simd("float32", { deterministic }), problem)).toEqual([]);
        expect(different(simd("float64", { deterministic }), problem)).toEqual([]);
      }
    }
  });

  test("and not of a forward pass that adds in another order", () => {
    expect(different(float64, problems[2], true)).toContain("Whh");
  });
});
