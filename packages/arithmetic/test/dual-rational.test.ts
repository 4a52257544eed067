import { describe, expect, test } from "vitest";
import { dual } from "../src/dual.ts";
import type { BinaryOperation } from "../src/field.ts";
import { random } from "../src/random.ts";
import { differentiate } from "./dual-derivative.ts";
import { drawProgram, run, type Step } from "./field-program.ts";
import { exactly, isEqual, opposite, product, type Rational, rational, rationalField, sum } from "./rational-field.ts";

const seed = 20261122;
const operations: readonly BinaryOperation[] = ["add", "subtract", "multiply", "divide"];

describe("over exact rationals", () => {
  const field = rationalField(seed);
  const D = dual(field);
  const x = rational(5n, 3n);
  const dx = rational(7n, 2n);

  function through(steps: readonly Step[]): readonly [Rational, Rational] {
    const { store, last } = run(D, 2, steps, (store) => {
      store.base[0] = x;
      D.setDerivative(store, 0, [dx], 0);
      D.lift(store, 1, 4);
    });
    return [store.base[2 * last], store.base[2 * last + 1]];
  }

  test("the product, quotient and chain rules hold exactly", () => {
    // (x² 4)' = 8x, at 5/3 along 7/2
    expect(
      through([
        { unary: "square", a: 0 },
        { binary: "multiply", a: 2, b: 1 },
      ]),
    ).toEqual([rational(100n, 9n), rational(140n, 3n)]);
    // (4 / x)' = -4 / x²
    expect(through([{ binary: "divide", a: 1, b: 0 }])).toEqual([rational(12n, 5n), rational(-36n * 7n, 25n * 2n)]);
    // (x / 4)' = 1 / 4
    expect(through([{ binary: "divide", a: 0, b: 1 }])[1]).toEqual(rational(7n, 8n));
    // (1 / (1 - x²))' = 2x / (1 - x²)², 1 - x² = -16/9
    const chain = through([
      { unary: "square", a: 0 },
      { unary: "oneMinus", a: 2 },
      { unary: "reciprocal", a: 3 },
    ]);
    expect(chain).toEqual([rational(-9n, 16n), rational(10n * 81n * 7n, 3n * 256n * 2n)]);
    // (4 + x x)' = 2x
    expect(through([{ multiplyAdd: true, a: 0, b: 0, onto: 1 }])).toEqual([rational(61n, 9n), rational(35n, 3n)]);
  });

  test("each oracle's rule holds exactly: tanh' = 1 - h², sigmoid' = s (1 - s), exp' = exp, log' = 1/x, log1p' = 1/(1 + x), sqrt' = 1/(2s)", () => {
    const rules = {
      tanh: (h: Rational) => sum(rational(1n), opposite(product(h, h))),
      sigmoid: (s: Rational) => product(s, sum(rational(1n), opposite(s))),
      exp: (e: Rational) => e,
      log: () => rational(3n, 5n),
      log1p: () => rational(3n, 8n),
      sqrt: (s: Rational) => rational(s.denominator, 2n * s.numerator),
    };
    for (const [operation, rule] of Object.entries(rules)) {
      const [value, derivative] = through([{ unary: operation as keyof typeof rules, a: 0 }]);
      expect(derivative, operation).toEqual(product(rule(value), dx));
    }
  });

  test("relu passes or stops the derivative, step has none, relu'(0) = 0", () => {
    expect(through([{ unary: "relu", a: 0 }])).toEqual([x, dx]);
    expect(
      through([
        { unary: "negate", a: 0 },
        { unary: "relu", a: 2 },
      ]),
    ).toEqual([rational(0n), rational(0n)]);
    expect(
      through([
        { binary: "subtract", a: 0, b: 0 },
        { unary: "relu", a: 2 },
      ])[1],
    ).toEqual(rational(0n));
    expect(
      through([
        { binary: "subtract", a: 0, b: 1 },
        { unary: "step", a: 0 },
      ]),
    ).toEqual([rational(1n), rational(0n)]);
    const store = D.store(1);
    D.lift(store, 0, 0);
    D.liftDerivative(store, 0, 3);
    D.unary("relu")(store, 0, store, 0);
    expect(store.base).toEqual([rational(0n), rational(0n)]);
  });

  test("random rational programs: the derivative is the limit of exact difference quotients", () => {
    const source = random(seed);
    const h = rational(1n, 1n << 2000n);
    const polynomial = ["negate", "square", "oneMinus", "reciprocal", "relu", "step"] as const;
    let programs = 0;
    while (programs < 300) {
      const steps = drawProgram(source, 2, source.integer(1, 7), polynomial, operations);
      const at = [source.integer(1, 9) / 4, source.integer(-9, -1) / 8];
      let found: readonly Rational[];
      let base: Rational;
      let moved: Rational;
      try {
        found = differentiate(D, field, at, steps);
        const value = (x: Rational) => {
          const { store, last } = run(field, 2, steps, (registers) => {
            registers[0] = x;
            registers[1] = exactly(at[1]);
          });
          return store[last];
        };
        base = value(exactly(at[0]));
        moved = value(sum(exactly(at[0]), h));
      } catch (error) {
        if (error instanceof RangeError) continue; // division by zero, or a BigInt too large
        throw error;
      }
      programs++;
      const quotient = product(sum(moved, opposite(base)), rational(1n << 2000n));
      const difference = sum(quotient, opposite(found[1]));
      const small = product(difference, rational(1n << 1000n));
      const context = `${JSON.stringify(steps)} at ${at}, seed ${seed}`;
      if (!isEqual(found[0], base)) expect.fail(`value: ${context}`);
      if (small.numerator > small.denominator || -small.numerator > small.denominator)
        expect.fail(`derivative: ${context}`);
    }
  });

  test("softmax and log-sum-exp of the base keep dp = p (dz - Σ p dz) and d lse = Σ p dz, strided and in place", () => {
    const length = 12;
    const z = D.store(2 * length);
    for (let n = 0; n < 2 * length; n++) {
      D.lift(z, n, n * n - 3);
      D.liftDerivative(z, n, 5 - 3 * n);
    }
    const p = field.store(length);
    field.softmaxRow?.(p, 0, 1, z.base, 0, 4, length);
    const dz = Array.from({ length }, (_, n) => z.base[4 * n + 1]);
    const mean = dz.map((d, n) => product(p[n], d)).reduce(sum);

    const logSum = D.store(1);
    D.logSumExpRow?.(logSum, 0, z, 0, 2, length);
    expect(logSum.base[1]).toEqual(mean);

    const o = D.store(length);
    D.softmaxRow?.(o, 0, 1, z, 0, 2, length);
    D.softmaxRow?.(z, 0, 2, z, 0, 2, length);
    for (let n = 0; n < length; n++) {
      const expected = product(p[n], sum(dz[n], opposite(mean)));
      expect([o.base[2 * n], o.base[2 * n + 1]]).toEqual([p[n], expected]);
      expect([z.base[4 * n], z.base[4 * n + 1]]).toEqual([p[n], expected]);
      // the rows' neighbours are untouched
      expect(z.base[4 * n + 2]).toEqual(exactly((2 * n + 1) ** 2 - 3));
    }
  });

  test("duals of duals give second derivatives: (x³)'' = 6x", () => {
    const DD = dual(D);
    const { store } = run(
      DD,
      1,
      [
        { unary: "square", a: 0 },
        { binary: "multiply", a: 1, b: 0 },
      ],
      (store) => {
        DD.lift(store, 0, 5);
        DD.liftDerivative(store, 0, 1);
        D.liftDerivative(store.base, 0, 1);
      },
    );
    // x³, d, d, d²
    expect(store.base.base.slice(8, 12)).toEqual([125n, 75n, 75n, 30n].map((n) => rational(n)));
  });

  test("a wrong rule is seen: tanh' = 1 - h", () => {
    const [h, derivative] = through([{ unary: "tanh", a: 0 }]);
    expect(isEqual(derivative, product(sum(rational(1n), opposite(h)), dx))).toBe(false);
  });
});
