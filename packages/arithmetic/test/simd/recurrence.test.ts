import { expect, test } from "vitest";
import type { Arithmetic } from "../../src/arithmetic.ts";
import { type FusedKernels, unfused } from "../../src/fused.ts";
import * as op from "../../src/operations.ts";
import { random } from "../../src/random.ts";
import type { SimdStore } from "../../src/simd/heap.ts";
import { simd } from "../../src/simd/simd.ts";
import type { Tensor } from "../../src/tensor.ts";
import { at, reverse, slice, transpose } from "../../src/view.ts";
import { withFunctions } from "../../src/with-functions.ts";
import { seed } from "../seed.ts";

type Recurrence = FusedKernels<SimdStore>["recurrence"];

const arithmetics = (["float32", "float64"] as const).flatMap((format) =>
  [true, false].map((deterministic) => simd(format, { deterministic })),
);

/** What a recurrence stands for, by the kernels of its steps. */
function stepByStep(A: Arithmetic<SimdStore>): Recurrence {
  return (f, states, sums, weight, beside) => {
    for (let t = 0; t < sums.shape[0]; t++) {
      const [sum, next] = [at(sums, t), at(states, t + 1)];
      A.gemm(sum, at(states, t), weight, "accumulate");
      if (f !== "timesOneMinusSquare" && f !== "timesStep") {
        A.unary(op[f], next, sum);
      } else if (beside) {
        A.unary(f === "timesStep" ? op.step : op.square, next, at(beside, t));
        if (f === "timesOneMinusSquare") A.unary(op.oneMinus, next, next);
        A.binary(op.multiply, next, next, sum);
      }
    }
  };
}

interface Case {
  readonly L: number;
  readonly B: number;
  readonly N: number;
  readonly f: Parameters<Recurrence>[0];
  /** Whether the weight lies transposed, time runs backwards in memory, and there are gaps between rows. */
  readonly transposed: boolean;
  readonly backwards: boolean;
  readonly gap: number;
}

const functions = ["tanh", "relu", "timesOneMinusSquare", "timesStep"] as const;

/** Around the blocks of rows and columns of both formats, and around a panel's 256 rows. */
const cases: readonly Case[] = [
  ...[1, 2, 3, 4, 5, 7, 12, 25].flatMap((B) => [1, 3, 4, 8, 9, 16, 31, 33, 36, 68, 72].map((N) => [B, N])),
  ...[1, 5].flatMap((B) => [255, 257].map((N) => [B, N])),
].map(([B, N], i) => ({
  L: i % 4,
  B,
  N,
  f: functions[(i >> 1) % 4],
  transposed: (i >> 2) % 2 === 0,
  backwards: i % 3 === 0,
  gap: (i % 5) % 3,
}));

/** Operands of a case in memory of their own, the same for the same source. */
function operands(A: Arithmetic<SimdStore>, { L, B, N, f, transposed, backwards, gap }: Case) {
  const source = random(seed);
  function numbers(...shape: number[]): Tensor<SimdStore> {
    const size = shape.reduce((product, length) => product * length, 1);
    return A.round(
      Array.from({ length: size }, () => 2 * source.unit() - 1),
      shape,
    );
  }
  function steps(length: number): Tensor<SimdStore> {
    const t = slice(numbers(length, B, N + gap), 0, N, 2);
    return backwards ? reverse(t) : t;
  }
  const weight = numbers(N, N);
  return {
    f,
    states: steps(L + 1),
    sums: steps(L),
    weight: transposed ? transpose(weight) : weight,
    beside: f === "tanh" || f === "relu" ? undefined : steps(L),
  };
}

/** The first case in which two recurrences differ in a bit of what they write. */
function firstDifference(A: Arithmetic<SimdStore>, one: Recurrence, other: Recurrence): Case | undefined {
  return cases.find((drawn) => {
    const [x, y] = [operands(A, drawn), operands(A, drawn)];
    one(x.f, x.states, x.sums, x.weight, x.beside);
    other(y.f, y.states, y.sums, y.weight, y.beside);
    return !(A.same(x.states, y.states) && A.same(x.sums, y.sums));
  });
}

test.each(arithmetics)("$name $variant: a recurrence has the bits of its steps", (A) => {
  expect(cases.length).toBeGreaterThan(90);
  expect(firstDifference(A, A.recurrence as Recurrence, stepByStep(A))).toBeUndefined();
});

test("a recurrence that leaves out a product, the last step, or takes the weight as it lies, is seen", () => {
  const [A] = arithmetics;
  const right = stepByStep(A);
  const wrong: readonly Recurrence[] = [
    (f, states, sums, weight, beside) =>
      right(f, states, sums, weight, beside && slice(states, 0, Math.max(states.shape[0] - 1, 0))),
    (f, states, sums, weight, beside) => {
      const L = Math.max(sums.shape[0] - 1, 0);
      right(f, slice(states, 0, L + 1), slice(sums, 0, L), weight, beside);
    },
    (f, states, sums, weight, beside) => right(f, states, sums, { ...weight, strides: [weight.shape[1], 1] }, beside),
  ];
  for (const recurrence of wrong) expect(firstDifference(A, recurrence, right)).toBeDefined();
});

test("NaN and infinities pass as they do step by step", () => {
  for (const A of arithmetics) {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, -0, 1, 2 ** -149, Number.NEGATIVE_INFINITY, 0, -1];
    const make = () => ({
      states: A.round([...values, ...values], [2, 1, 8]),
      sums: A.round([...values].reverse(), [1, 1, 8]),
      weight: A.round(
        Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0)),
        [8, 8],
      ),
      beside: A.round(values, [1, 1, 8]),
    });
    for (const f of functions) {
      const [x, y] = [make(), make()];
      const isUnary = f === "tanh" || f === "relu";
      A.recurrence?.(f, x.states, x.sums, x.weight, isUnary ? undefined : x.beside);
      stepByStep(A)(f, y.states, y.sums, y.weight, isUnary ? undefined : y.beside);
      expect(A.lower(x.states), f).toEqual(A.lower(y.states));
    }
  }
});

test("shapes that do not fit, columns with gaps and functions that it has not are refused", () => {
  const [A] = arithmetics;
  const [states, sums, weight] = [A.empty([3, 2, 4]), A.empty([2, 2, 4]), A.empty([4, 4])];
  const recurrence = A.recurrence as Recurrence;
  const expected = /^recurrence: .*states \[L \+ 1, B, N\]/;
  expect(() => recurrence("tanh", sums, sums, weight)).toThrow(expected);
  expect(() => recurrence("tanh", states, sums, A.empty([4, 3]))).toThrow(expected);
  expect(() => recurrence("timesStep", states, sums, weight, states)).toThrow(expected);
  const gaps = transpose(A.empty([2, 4, 2]));
  expect(() => recurrence("tanh", states, gaps, weight)).toThrow(expected);
  expect(() => recurrence("sin", states, sums, weight)).toThrow("has no such recurrence");
  expect(() => recurrence("timesStep", states, sums, weight)).toThrow("has no such recurrence");
});

test("an arithmetic with another tanh has no recurrence with the old one", () => {
  const [A] = arithmetics;
  expect(A.recurrence).toBeDefined();
  expect(withFunctions(A, { tanh: Math.sign }).recurrence).toBeUndefined();
  expect(unfused(A).timesOneMinusSquare).toBeUndefined();
  expect(unfused(A).gemm).toBe(A.gemm);
});
