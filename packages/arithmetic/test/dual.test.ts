import { describe, expect, test } from "vitest";
import { complex, complexParts, setImaginary } from "../src/complex.ts";
import { logSumExp, softmax } from "../src/composed.ts";
import { dense } from "../src/dense.ts";
import { doubleDouble } from "../src/double-double.ts";
import { dual } from "../src/dual.ts";
import { LiftError } from "../src/errors.ts";
import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import { random } from "../src/random.ts";
import { differentiate } from "./dual-derivative.ts";
import { drawProgram, run, type Step } from "./field-program.ts";

const seed = 20261122;
const functions: readonly UnaryOperation[] = [
  "negate",
  "square",
  "oneMinus",
  "reciprocal",
  "tanh",
  "sigmoid",
  "exp",
  "sin",
  "cos",
  "relu",
  "step",
  "sign",
];
const operations: readonly BinaryOperation[] = ["add", "subtract", "multiply", "divide", "maximum"];

describe("over doubleDouble", () => {
  const D = dual(doubleDouble);

  /** f(x + ih) / h by the same steps. */
  function complexStep(
    inputs: readonly number[],
    steps: readonly Step[],
  ): { value: number; derivative: number; largest: number } {
    const { store, last } = run(complex, inputs.length, steps, (x) => {
      for (const [i, value] of inputs.entries()) complex.lift(x, i, value);
      setImaginary(x, 0, 2 ** -300);
    });
    const [value, im] = complexParts(store, last);
    const sizes = store.map((part, i) => Math.abs(i % 2 === 0 ? part : part * 2 ** 300));
    return { value, derivative: im * 2 ** 300, largest: sizes.reduce((a, b) => Math.max(a, b)) };
  }

  test("every function agrees with the complex step to 4 units in the last place", () => {
    const source = random(seed);
    for (const operation of [...functions, "log", "log1p", "sqrt"] as const) {
      for (let n = 0; n < 500; n++) {
        const signs = ["log", "log1p", "sqrt"].includes(operation) ? [1] : [1, -1];
        const x = source.pick(signs) * (1 + source.unit()) * 2 ** source.integer(-30, 4);
        const steps: Step[] = [{ unary: operation, a: 0 }];
        const parts = differentiate(D, doubleDouble, [x], steps);
        const expected = complexStep([x], steps).derivative;
        const found = doubleDouble.lower(parts, 1);
        const fits = Math.abs(found - expected) <= 4 * 2 ** -52 * Math.abs(expected);
        if (!fits) expect.fail(`${operation}'(${x}) = ${found}, complex step ${expected}, seed ${seed}`);
      }
    }
  });

  test("random programs of every operation agree with the complex step", () => {
    const source = random(seed + 1);
    let compared = 0;
    for (let n = 0; n < 3000; n++) {
      const steps = drawProgram(source, 3, source.integer(1, 8), functions, operations);
      // full significands: no value is 0 by chance, where the complex step may divide and a dual may not
      const inputs = [4 * source.unit() - 2, 2 * source.unit(), -2 * source.unit()];
      const parts = differentiate(D, doubleDouble, inputs, steps);
      const { value, derivative, largest } = complexStep(inputs, steps);
      const found = doubleDouble.lower(parts, 1);
      // The tolerance is for rounding in the complex step: at most eight steps on numbers below 10³, which may cancel.
      // A wrong rule is off by a part of the derivative itself, which is 0 or at least 10⁻³.
      if (!(largest < 1e3) || (derivative !== 0 && Math.abs(derivative) < 1e-3)) continue;
      compared++;
      const fits = Math.abs(found - derivative) <= 1e-8 && Math.abs(doubleDouble.lower(parts, 0) - value) <= 1e-8;
      if (!fits) expect.fail(`${JSON.stringify(steps)} at ${inputs}: ${found}, not ${derivative}, seed ${seed + 1}`);
    }
    expect(compared).toBeGreaterThan(1000);
  });

  test("dense composes softmax, and its derivative is p (dz - Σ p dz)", () => {
    expect(D.softmaxRow).toBeUndefined();
    expect(D.logSumExpRow).toBeUndefined();
    const A = dense(D);
    const z = A.lift([1, -2, 0.5], [3]);
    for (let n = 0; n < 3; n++) D.liftDerivative(z.store, z.offset + n, [1, 2, -3][n]);
    const p = A.empty([3]);
    softmax(A, p, z);
    const values = A.lower(p);
    const mean = values[0] + 2 * values[1] - 3 * values[2];
    for (let n = 0; n < 3; n++) {
      expect(D.lowerDerivative(p.store, p.offset + n)).toBeCloseTo(values[n] * ([1, 2, -3][n] - mean), 14);
    }
    const logSum = A.empty([1]);
    logSumExp(A, logSum, z);
    expect(D.lowerDerivative(logSum.store, logSum.offset)).toBeCloseTo(mean, 14);
  });

  test("an infinite derivative does not pass a closed relu", () => {
    const store = D.store(1);
    D.lift(store, 0, 0);
    D.liftDerivative(store, 0, 1);
    D.unary("log")(store, 0, store, 0);
    expect([D.lower(store, 0), D.lowerDerivative(store, 0)]).toEqual([-Infinity, Infinity]);
    D.unary("relu")(store, 0, store, 0);
    expect([D.lower(store, 0), D.lowerDerivative(store, 0)]).toEqual([0, 0]);
  });

  test("of two equal numbers the maximum has the mean of both derivatives", () => {
    const store = D.store(2);
    for (const [i, derivative] of [3, 5].entries()) {
      D.lift(store, i, 2);
      D.liftDerivative(store, i, derivative);
    }
    D.binary("maximum")(store, 0, store, 0, store, 1);
    expect([D.lower(store, 0), D.lowerDerivative(store, 0)]).toEqual([2, 4]);
  });

  test("in and out: lift, round, lower, same, copy, poison, and the derivative", () => {
    const [a, b] = [D.store(2), doubleDouble.store(1)];
    expect(D.name).toBe("dual(doubleDouble)");
    expect(D.unitRoundoff).toBe(doubleDouble.unitRoundoff);
    D.liftDerivative(a, 0, 3);
    D.lift(a, 0, 2);
    expect([D.lower(a, 0), D.lowerDerivative(a, 0)]).toEqual([2, 0]);
    D.copy(a, 1, a, 0);
    expect(D.same(a, 0, a, 1)).toBe(true);
    D.liftDerivative(a, 1, 1);
    expect(D.same(a, 0, a, 1)).toBe(false);
    D.derivative(b, 0, a, 1);
    expect(doubleDouble.lower(b, 0)).toBe(1);
    D.setDerivative(a, 0, b, 0);
    expect(D.same(a, 0, a, 1)).toBe(true);
    expect(() => D.lift(a, 0, NaN)).toThrow(LiftError);
    D.round(a, 0, Infinity);
    expect([D.lower(a, 0), D.lowerDerivative(a, 0)]).toEqual([Infinity, 0]);
    D.poison(a, 0);
    expect([D.lower(a, 0), D.lowerDerivative(a, 0)]).toEqual([NaN, NaN]);
  });
});

test("a base that asks for sites is told them", () => {
  const sites: number[][] = [];
  const D = dual({ ...doubleDouble, site: (kernel, index) => sites.push([kernel, index]) });
  D.site?.(7, 3);
  expect(sites).toEqual([[7, 3]]);
  expect(dual(doubleDouble).site).toBeUndefined();
});
