import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { complexStep, complexStepAlong, type ScalarProgram } from "../src/complex-step.ts";
import { centralDifference } from "../src/numeric-derivative.ts";
import { derivativeOf, evaluate, type Polynomial, type Rational, rationals } from "./exact-polynomials.ts";

/** ½ |tanh(W x)|² of W [2, 2] and x [2, 1] */
const layer: ScalarProgram<"W" | "x"> = (A, { W, x }) => {
  const [h, sum] = [A.empty([2, 1]), A.empty([1, 1])];
  A.gemm(h, W, x, "write");
  A.unary(op.tanh, h, h);
  A.unary(op.square, h, h);
  A.sum(sum, h, "write");
  A.binary(op.multiply, sum, sum, A.ratio(1, 2));
  return sum;
};
const at = { W: { shape: [2, 2], data: [0.3, -0.8, 0.5, 0.2] }, x: { shape: [2, 1], data: [0.7, -1.1] } };

function byHand() {
  const [W, x] = [at.W.data, at.x.data];
  const h = [0, 1].map((r) => Math.tanh(W[2 * r] * x[0] + W[2 * r + 1] * x[1]));
  const delta = h.map((value) => value * (1 - value * value));
  return {
    value: (h[0] ** 2 + h[1] ** 2) / 2,
    W: [delta[0] * x[0], delta[0] * x[1], delta[1] * x[0], delta[1] * x[1]],
    x: [delta[0] * W[0] + delta[1] * W[2], delta[0] * W[1] + delta[1] * W[3]],
  };
}

describe("the complex step", () => {
  test("gives the value and the gradient to the last digits", () => {
    const { value, gradient } = complexStep(layer, at);
    const expected = byHand();
    expect(value).toBeCloseTo(expected.value, 15);
    for (const name of ["W", "x"] as const) {
      gradient[name].forEach((g, i) => {
        expect(Math.abs(g - expected[name][i])).toBeLessThanOrEqual(2 ** -50 * Math.abs(expected[name][i]));
      });
    }
  });

  test("along a direction gives what the gradient says", () => {
    const direction = { W: [1, -0.5, 0.25, 2], x: [-1, 0.75] };
    const { gradient } = complexStep(layer, at);
    const products = (["W", "x"] as const).flatMap((name) => direction[name].map((v, i) => v * gradient[name][i]));
    const dot = products.reduce((sum, term) => sum + term, 0);
    const size = products.reduce((sum, term) => sum + Math.abs(term), 0);
    expect(Math.abs(complexStepAlong(layer, at, direction) - dot)).toBeLessThanOrEqual(2 ** -48 * size);
  });

  test("takes no difference: a derivative of 1e-200 beside a value of 1", () => {
    const tiny: ScalarProgram<"x"> = (A, { x }) => {
      const y = A.empty([]);
      A.binary(op.multiply, y, x, A.round([1e-200], []));
      A.binary(op.add, y, y, A.ratio(1, 1));
      return y;
    };
    expect(complexStep(tiny, { x: { shape: [], data: [3] } }).gradient.x[0]).toBeCloseTo(1e-200, 210);
  });

  test("refuses what does not fit", () => {
    const identity: ScalarProgram<"x"> = (_, { x }) => x;
    expect(() => complexStep(identity, { x: { shape: [2], data: [1, 2] } })).toThrow(
      "returned shape [2]; expected one number",
    );
    expect(() => complexStep(identity, { x: { shape: [2], data: [1] } })).toThrow("x has 1 numbers; expected 2");
    expect(() => complexStepAlong(identity, { x: { shape: [], data: [1] } }, { x: [Infinity] })).toThrow(
      "complexStepAlong: direction.x[0] is Infinity; expected a finite number",
    );
    const scalar = { x: { shape: [], data: [1] } };
    expect(() => complexStepAlong(identity, scalar, { x: [1, 2] })).toThrow("direction.x has 2 numbers; expected 1");
    expect(() => complexStepAlong(identity, scalar, {} as { x: number[] })).toThrow("direction.x is missing");
  });

  test("of a program without inputs' elements gives its value", () => {
    const constant: ScalarProgram<"x"> = (A) => A.ratio(7, 2);
    const { value, gradient } = complexStep(constant, { x: { shape: [0], data: [] } });
    expect([value, gradient.x.length]).toEqual([3.5, 0]);
  });
});

/** p / (1 + q²) by Horner's rule. */
function rationalProgram({ p, q }: Rational): ScalarProgram<"x"> {
  return <S>(A: Arithmetic<S>, { x }: { readonly x: Tensor<S> }) => {
    const horner = ({ coefficients }: Polynomial) => {
      const sum = A.lift([0], []);
      for (const c of coefficients.toReversed()) {
        A.binary(op.multiply, sum, sum, x);
        A.binary(op.add, sum, sum, A.ratio(c, 16));
      }
      return sum;
    };
    const [value, denominator] = [horner(p), horner(q)];
    A.unary(op.square, denominator, denominator);
    A.binary(op.add, denominator, denominator, A.ratio(1, 1));
    A.binary(op.divide, value, value, denominator);
    return value;
  };
}

describe("on rational functions", () => {
  /** Law: the derivative is exact to some roundings of the terms that it is the sum of. */
  const exactToRounding = (derivative: (rational: Rational) => number) =>
    fc.property(rationals, (rational) => {
      const x = rational.at / 16;
      const terms = (polynomial: Polynomial) =>
        polynomial.coefficients.reduce(
          (sum, c, k) => sum + (Math.abs(c) / 16) * Math.max(1, Math.abs(x)) ** k * (k + 1),
          0,
        );
      const size = terms(rational.p) * (1 + terms(rational.q)) ** 2;
      expect(Math.abs(derivative(rational) - derivativeOf(rational))).toBeLessThanOrEqual(2 ** -44 * size);
    });
  const byComplexStep = (rational: Rational) =>
    complexStep(rationalProgram(rational), { x: { shape: [], data: [rational.at / 16] } }).gradient.x[0];
  const byOneDifference = (rational: Rational) => {
    const [x, h] = [rational.at / 16, 2 ** -17];
    return (evaluate(rational, x + h) - evaluate(rational, x - h)) / (2 * h);
  };

  test("the complex step is exact to rounding", () => fc.assert(exactToRounding(byComplexStep), runs(300)));
  test("control: a central difference is not", () => {
    expect(fc.check(exactToRounding(byOneDifference), runs(300)).failed).toBe(true);
  });
  test("and the numeric derivative agrees with it within its estimate", () => {
    fc.assert(
      fc.property(rationals, (rational) => {
        const { derivative, errorEstimate, shape } = centralDifference((x) => evaluate(rational, x), rational.at / 16);
        if (shape !== "smooth") return;
        const other = byComplexStep(rational);
        expect(Math.abs(derivative - other)).toBeLessThanOrEqual(8 * errorEstimate + 2 ** -40 * Math.abs(other));
      }),
      runs(200),
    );
  });
});
