import { describe, expect, test } from "vitest";
import { complex, complexParts, setImaginary } from "../src/complex.ts";
import { doubleDouble } from "../src/double-double.ts";
import { LiftError } from "../src/errors.ts";
import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import { random } from "../src/random.ts";
import * as big from "./big-fixed-point.ts";

const seed = 20261122;
const z = complex.store(3);

function put(i: number, re: number, im: number): void {
  complex.round(z, i, re);
  setImaginary(z, i, im);
}

function unary(operation: UnaryOperation, re: number, im: number): [number, number] {
  put(0, re, im);
  complex.unary(operation)(z, 1, z, 0);
  return complexParts(z, 1);
}

function binary(
  operation: BinaryOperation,
  a: readonly [number, number],
  b: readonly [number, number],
): [number, number] {
  put(0, ...a);
  put(1, ...b);
  complex.binary(operation)(z, 2, z, 0, z, 1);
  return complexParts(z, 2);
}

function unitInLastPlace(x: number): number {
  return Math.max(2 ** -1074, 2 ** (Math.floor(Math.log2(Math.abs(x))) - 52));
}

/** f'(x) by doubleDouble operations on a register machine: [operation, result, arguments]. */
type Step = readonly [UnaryOperation | BinaryOperation, ...number[]];

/** Runs the steps on registers 0: x, 1: 1, 2: 2, and lowers the last result. */
function inDoubleDouble(x: number, steps: readonly Step[]): number {
  const r = doubleDouble.store(8);
  for (const [i, value] of [x, 1, 2].entries()) doubleDouble.lift(r, i, value);
  let last = 0;
  for (const [operation, out, a, b] of steps) {
    if (b === undefined) doubleDouble.unary(operation as UnaryOperation)(r, out, r, a);
    else doubleDouble.binary(operation as BinaryOperation)(r, out, r, a, r, b);
    last = out;
  }
  return doubleDouble.lower(r, last);
}

/** Derivatives in forms that do not cancel; tanh' = 4E / (1 + E)², E = exp(-2|x|); sigmoid' = E / (1 + E)², E = exp(-|x|). */
const derivatives: Partial<Record<UnaryOperation, (x: number) => number>> = {
  negate: () => -1,
  oneMinus: () => -1,
  square: (x) => 2 * x,
  reciprocal: (x) =>
    inDoubleDouble(x, [
      ["square", 3, 0],
      ["reciprocal", 3, 3],
      ["negate", 3, 3],
    ]),
  tanh: (x) =>
    inDoubleDouble(-2 * Math.abs(x), [
      ["exp", 3, 0],
      ["add", 4, 3, 1],
      ["divide", 5, 2, 4],
      ["square", 5, 5],
      ["multiply", 5, 5, 3],
    ]),
  sigmoid: (x) =>
    inDoubleDouble(-Math.abs(x), [
      ["exp", 3, 0],
      ["add", 4, 3, 1],
      ["square", 4, 4],
      ["divide", 3, 3, 4],
    ]),
  exp: (x) => inDoubleDouble(x, [["exp", 3, 0]]),
  log: (x) => inDoubleDouble(x, [["reciprocal", 3, 0]]),
  log1p: (x) =>
    inDoubleDouble(x, [
      ["add", 3, 0, 1],
      ["reciprocal", 3, 3],
    ]),
  sin: (x) => inDoubleDouble(x, [["cos", 3, 0]]),
  cos: (x) =>
    inDoubleDouble(x, [
      ["sin", 3, 0],
      ["negate", 3, 3],
    ]),
  sqrt: (x) =>
    inDoubleDouble(x, [
      ["sqrt", 3, 0],
      ["multiply", 3, 3, 2],
      ["reciprocal", 3, 3],
    ]),
  relu: (x) => (x > 0 ? 1 : 0),
  step: () => 0,
  sign: () => 0,
};

/** What float64 computes. */
const realFunctions = {
  negate: (x: number) => -x,
  square: (x: number) => x * x,
  oneMinus: (x: number) => 1 - x,
  reciprocal: (x: number) => 1 / x,
  tanh: Math.tanh,
  sigmoid: (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  relu: (x: number) => Math.max(x, 0),
  step: (x: number) => (x > 0 ? 1 : 0),
  sign: (x: number) => Math.sign(x) + 0,
};

describe("the complex step gives the derivative", () => {
  // Each bound adds the rounding errors of the formula, in units in the last place: none for the first six; one
  // division for log, a sum before it for log1p, half of one more than Math's own error for sin and cos, two roundings for reciprocal and sqrt, 1 for Math.exp; and for tanh, 4E / (1 + E)² sin y cos y,
  // 1 for Math.exp and half of one for each of five roundings; sigmoid, E sin y / (1 + E)², alike.
  const cases: readonly { operation: UnaryOperation; units: number; signs: readonly number[]; highest: number }[] = [
    { operation: "negate", units: 0, signs: [1, -1], highest: 100 },
    { operation: "oneMinus", units: 0, signs: [1, -1], highest: 100 },
    { operation: "square", units: 0, signs: [1, -1], highest: 100 },
    { operation: "relu", units: 0, signs: [1, -1], highest: 100 },
    { operation: "step", units: 0, signs: [1, -1], highest: 100 },
    { operation: "sign", units: 0, signs: [1, -1], highest: 100 },
    { operation: "log1p", units: 1.5, signs: [1, -1], highest: 100 },
    { operation: "sin", units: 1, signs: [1, -1], highest: 20 },
    { operation: "cos", units: 1, signs: [1, -1], highest: 20 },
    { operation: "reciprocal", units: 1.5, signs: [1, -1], highest: 100 },
    { operation: "log", units: 1, signs: [1], highest: 100 },
    { operation: "sqrt", units: 1.5, signs: [1], highest: 100 },
    { operation: "exp", units: 1, signs: [1, -1], highest: 8 },
    { operation: "tanh", units: 3.5, signs: [1, -1], highest: 7 },
    { operation: "sigmoid", units: 3.5, signs: [1, -1], highest: 8 },
  ];
  // Powers of two, so that dividing by h again is exact.
  const steps = [2 ** -100, 2 ** -660];

  for (const { operation, units, signs, highest } of cases) {
    test(`of ${operation} within ${units} units in the last place`, () => {
      const source = random(seed);
      let worst = { error: 0, x: 0 };
      for (let n = 0; n < 4000; n++) {
        const exponent = source.pick([source.integer(-45, highest), source.integer(-4, 4)]);
        const x = source.pick(signs) * (1 + source.integer(0, 2 ** 52 - 1) * 2 ** -52) * 2 ** exponent;
        const h = source.pick(steps);
        if ((operation === "exp" && x > 709) || (operation === "log1p" && x <= -1)) continue;
        const [re, im] = unary(operation, x, h);
        const real = realFunctions[operation](x);
        const exact = derivatives[operation]?.(x) ?? Number.NaN;
        if (!Object.is(re, real)) expect.fail(`${operation}(${x} + ${h}i) has real part ${re}, float64 gives ${real}`);
        // what underflows together with h is not the derivative's affair
        if (Math.abs(exact) * h < 2 ** -1022 && exact !== 0) continue;
        const error = im / h === exact ? 0 : Math.abs(im / h - exact) / unitInLastPlace(exact);
        if (!(error <= worst.error)) worst = { error, x };
      }
      console.log(
        `complex step of ${operation}: worst error ${worst.error.toFixed(2)} units in the last place at ${worst.x}`,
      );
      expect(worst.error, `at ${worst.x}, seed ${seed}`).toBeLessThanOrEqual(units);
    });
  }

  test("at 0, near 0 and saturated, with h = 1e-30 and 1e-200", () => {
    expect(unary("tanh", 0, 1e-30)).toEqual([0, 1e-30]);
    expect(unary("tanh", 1e-300, 1e-30)[1]).toBe(1e-30);
    expect(unary("tanh", 20, 1e-200)[1] / 1e-200 / (4 * Math.exp(-40))).toBeCloseTo(1, 14);
    expect(unary("tanh", 400, 1e-30)).toEqual([1, 0]);
    expect(unary("tanh", -1e308, 1e-30)).toEqual([-1, 0]);
    expect(unary("sigmoid", 0, 1e-30)).toEqual([0.5, 2.5e-31]);
    expect(unary("sigmoid", -40, 1e-200)[1] / 1e-200 / Math.exp(-40)).toBeCloseTo(1, 14);
    expect(unary("sigmoid", 800, 1e-30)).toEqual([1, 0]);
    expect(unary("sigmoid", -1e308, 1e-30)).toEqual([0, 0]);
    expect(unary("exp", 0, 1e-200)).toEqual([1, 1e-200]);
    expect(unary("exp", 710, 1e-30)[1] / 2 ** 1000 / 1e-30).toBeCloseTo(Math.exp(710 - 1000 * Math.LN2), 2);
    expect(unary("log", 1, 1e-200)).toEqual([0, 1e-200]);
    expect(unary("relu", 0, 1e-30)).toEqual([0, 0]);
    expect(unary("relu", -1, 1e-30)).toEqual([0, 0]);
    expect(unary("step", 2, 1e-30)).toEqual([1, 0]);
  });

  test("of products and quotients, also where a ratio of parts underflows", () => {
    expect(binary("multiply", [3, 1e-200], [5, 2e-200])).toEqual([15, 1.1e-199]);
    const [re, im] = binary("divide", [3, 1e-30], [7, 2e-30]);
    expect(re).toBe(3 / 7);
    expect(im / 1e-30).toBeCloseTo((7 - 6) / 49, 15);
    // -a d / c²: with a plain ratio d / c = 1e-350 it would be lost
    expect(binary("divide", [1e300, 0], [1e150, 1e-200])[1] / -1e-200).toBeCloseTo(1, 14);
    expect(binary("divide", [0, 1e300], [1e-200, 1e150])[0]).toBeCloseTo(1e150, -137);
  });

  test("a wrong rule is seen: the derivative of tanh with h instead of h²", () => {
    const h = Math.tanh(0.5);
    expect(Math.abs(unary("tanh", 0.5, 2 ** -100)[1] * 2 ** 100 - (1 - h))).toBeGreaterThan(0.1);
  });
});

describe("analytic continuation away from the real axis", () => {
  /** |p - q| over |q|, as vectors. */
  function distance(p: readonly [number, number], q: readonly [number, number]): number {
    return Math.hypot(p[0] - q[0], p[1] - q[1]) / Math.hypot(...q);
  }
  function draw(source: ReturnType<typeof random>): [number, number] {
    const part = () => source.pick([1, -1]) * source.unit() * 2 ** source.integer(-6, 2);
    return [part(), part()];
  }

  test("√z² = z, exp(log z) = z, (1 / z) z = 1, z / w w = z, each to 8 roundings, and to more for a large logarithm", () => {
    const source = random(seed);
    for (let n = 0; n < 5000; n++) {
      const [v, u] = [draw(source), draw(source)];
      const context = `z = ${v}, w = ${u}, seed ${seed}, draw ${n}`;
      const root = unary("sqrt", ...v);
      if (root[0] < 0) expect.fail(`not the principal root: ${context}`);
      const logarithm = unary("log", ...v);
      const identities: readonly [string, number][] = [
        ["sqrt", distance(unary("square", ...root), v)],
        ["log", distance(unary("exp", ...logarithm), v) / (1 + Math.hypot(...logarithm))],
        ["reciprocal", distance(binary("multiply", unary("reciprocal", ...v), v), [1, 0])],
        ["divide", distance(binary("multiply", binary("divide", v, u), u), v)],
      ];
      for (const [name, error] of identities) {
        if (!(error <= 8 * 2 ** -52)) expect.fail(`${name}: ${error / 2 ** -52} units; ${context}`);
      }
    }
  });

  test("tanh z = (e^2z - 1) / (e^2z + 1), with the loss of the right-hand side allowed for", () => {
    const source = random(seed + 1);
    for (let n = 0; n < 5000; n++) {
      const v = draw(source);
      const e = unary("exp", 2 * v[0], 2 * v[1]);
      const numerator: [number, number] = [e[0] - 1, e[1]];
      const denominator: [number, number] = [e[0] + 1, e[1]];
      const loss = 1 + Math.hypot(...e) / Math.hypot(...numerator) + Math.hypot(...e) / Math.hypot(...denominator);
      const error = distance(unary("tanh", ...v), binary("divide", numerator, denominator));
      if (!(error <= 8 * 2 ** -52 * loss)) expect.fail(`tanh(${v}): ${error}, seed ${seed + 1}`);
    }
  });

  test("sigmoid z = 1 / (1 + e^-z), with the loss of the right-hand side allowed for", () => {
    const source = random(seed + 3);
    for (let n = 0; n < 5000; n++) {
      const v = draw(source);
      const e = unary("exp", -v[0], -v[1]);
      const denominator: [number, number] = [1 + e[0], e[1]];
      const loss = 1 + (1 + Math.hypot(...e)) / Math.hypot(...denominator);
      const error = distance(unary("sigmoid", ...v), unary("reciprocal", ...denominator));
      if (!(error <= 8 * 2 ** -52 * loss)) expect.fail(`sigmoid(${v}): ${error}, seed ${seed + 3}`);
    }
  });

  test("sigmoid near its pole, as half of 1 + tanh, and periodic along the imaginary axis", () => {
    // sigmoid(iπ + w) = 1/w + 1/2 + w/12 + ...; the double nearest π is 1.2e-16 below it: 1/(x - iε) ≈ 1/x + iε/x²
    for (const x of [2 ** -20, -(2 ** -20)]) {
      const [re, im] = unary("sigmoid", x, Math.PI);
      expect((re - 0.5) * x).toBeCloseTo(1, 11);
      expect((im * x ** 2) / 1.2246467991473532e-16).toBeCloseTo(1, 11);
    }
    for (const [x, y] of [
      [0.3, 1.1],
      [-0.3, 1.1],
      [1.5, -2.5],
      [-4, 3],
    ]) {
      const [re, im] = unary("sigmoid", x, y);
      const tanh = unary("tanh", x / 2, y / 2);
      expect(re).toBeCloseTo((1 + tanh[0]) / 2, 14);
      expect(im).toBeCloseTo(tanh[1] / 2, 14);
      expect(unary("sigmoid", x, y - 2 * Math.PI)[0]).toBeCloseTo(re, 14);
    }
  });

  test("tanh near its pole, and periodic along the imaginary axis", () => {
    // tanh(x + iπ/2) = coth x = 1/x + x/3 - ...; the double nearest π/2 is 6.1e-17 below it: 1/(x - iε) ≈ 1/x + iε/x²
    const [re, im] = unary("tanh", 2 ** -20, Math.PI / 2);
    expect(re / 2 ** 20).toBeCloseTo(1, 11);
    expect(im / 2 ** 40 / 6.123233995736766e-17).toBeCloseTo(1, 11);
    const [tr, ti] = unary("tanh", 0.3, 1.1);
    expect(unary("tanh", 0.3, 1.1 - Math.PI)[0]).toBeCloseTo(tr, 14);
    expect(unary("tanh", 0.3, 1.1 - Math.PI)[1]).toBeCloseTo(ti, 14);
  });

  test("log |z| is relatively right next to the unit circle", () => {
    const source = random(seed + 2);
    for (let n = 0; n < 2000; n++) {
      const angle = source.unit() * 6.3;
      const away = 1 + source.pick([0, 1e-16, 1e-12, 1e-5, 0.1]) * (2 * source.unit() - 1);
      const v: [number, number] = [away * Math.cos(angle), away * Math.sin(angle)];
      const squares = [big.fixed(v[0]), big.fixed(v[1])].map((x) => big.multiply(x, x));
      const exact = big.log(squares[0] + squares[1]) / 2n;
      if (exact === 0n) continue;
      const bits = big.correctBits(big.fixed(unary("log", ...v)[0]), exact);
      if (!(bits > 50)) expect.fail(`log |${v}|: ${bits} bits, seed ${seed + 2}`);
    }
  });

  test("branch cuts run along the negative real axis", () => {
    expect(unary("sqrt", -4, 0)).toEqual([0, 2]);
    expect(unary("sqrt", -4, -0)).toEqual([0, -2]);
    expect(unary("log", -1, 0)).toEqual([0, Math.PI]);
    expect(unary("log", -1, -0)).toEqual([0, -Math.PI]);
  });
});

describe("what is real stays real, as float64 gives it", () => {
  const special = [0, -0, 1, -1, 0.3, 2 ** -1074, 2 ** -1022, Number.MAX_VALUE, -1e300, Infinity, -Infinity, NaN];
  const real = {
    add: (x: number, y: number) => x + y,
    subtract: (x: number, y: number) => x - y,
    multiply: (x: number, y: number) => x * y,
    divide: (x: number, y: number) => x / y,
  };

  test("for two arguments", () => {
    for (const operation of ["add", "subtract", "multiply", "divide"] as const) {
      for (const x of special) {
        for (const y of special) {
          const [re, im] = binary(operation, [x, 0], [y, 0]);
          expect(re, `${operation}(${x}, ${y})`).toBe(real[operation](x, y));
          expect(
            im === 0 || Number.isNaN(x) || Number.isNaN(y),
            `${operation}(${x}, ${y}) has imaginary part ${im}`,
          ).toBe(true);
        }
      }
    }
  });

  test("for factors whose imaginary parts are zeros of either sign", () => {
    expect(Object.is(binary("multiply", [-3, -0], [0, 0])[0], -0)).toBe(true);
    expect(binary("multiply", [2, 0], [3, Infinity])[0]).toBe(6);
  });

  test("for one argument, where the real function has a value", () => {
    for (const [operation, f] of Object.entries(realFunctions)) {
      for (const x of special) {
        const [re, im] = unary(operation as keyof typeof realFunctions, x, 0);
        const context = `${operation}(${x})`;
        if (Number.isNaN(x)) expect(re, context).toBeNaN();
        if (Number.isNaN(f(x)) || Number.isNaN(x)) continue;
        expect(re, context).toBe(f(x));
        expect(im === 0 || Object.is(x, -0), `${context} has imaginary part ${im}`).toBe(true);
      }
    }
  });

  test("divisors near both ends of the range", () => {
    // 5 / (7 + 3i) = (35 - 15i) / 58
    const [re, im] = binary("divide", [5 * 2 ** -1074, 0], [7 * 2 ** -1074, 3 * 2 ** -1074]);
    expect(re * 58).toBeCloseTo(35, 12);
    expect(im * 58).toBeCloseTo(-15, 12);
    expect(binary("divide", [1e308, 1e308], [1e308, 1e308])).toEqual([1, 0]);
    expect(binary("divide", [4e-310, 0], [2e-310, 2e-310])[0]).toBeCloseTo(1, 12);
    expect(unary("sqrt", 1.5e308, 1.5e308)[0]).toBeLessThan(Infinity);
  });
});

test("lift takes finite numbers with imaginary part 0, round takes all; poison is NaN in both parts", () => {
  expect(() => complex.lift(z, 0, NaN)).toThrow(LiftError);
  setImaginary(z, 0, 7);
  complex.lift(z, 0, 2);
  expect(complexParts(z, 0)).toEqual([2, 0]);
  complex.round(z, 0, Infinity);
  expect(complex.lower(z, 0)).toBe(Infinity);
  complex.poison(z, 0);
  expect(complexParts(z, 0)).toEqual([NaN, NaN]);
  expect(complex.same(z, 0, z, 0)).toBe(true);
});
