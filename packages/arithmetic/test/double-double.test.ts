import { describe, expect, test } from "vitest";
import { doubleDouble, doubleDoubleParts, setDoubleDouble } from "../src/double-double.ts";
import { LiftError } from "../src/errors.ts";
import { type Random, random } from "../src/random.ts";
import { absolute, log2 } from "./big-fixed-point.ts";
import { drawDoubleDouble, edgeDoubles, exactInteger, isNormalised } from "./double-double-draws.ts";

const seed = 20261122;
const unit = 1n << 1074n;
const a = doubleDouble.store(1);
const b = doubleDouble.store(1);
const o = doubleDouble.store(1);

/**
 * Error of o as a fraction of the exact result, the exact result, and what it is counted in: [|found - exact|, |exact|, 1]
 * in any common unit, the third being that unit's 1. For a root, error and result are those of its square, halved.
 */
type Exact = (a: bigint, b: bigint, o: bigint) => readonly [error: bigint, exact: bigint, one: bigint];
const operations: readonly { name: string; bound: number; exact: Exact }[] = [
  { name: "add", bound: 3.001, exact: (x, y, z) => [z - x - y, x + y, unit] },
  { name: "subtract", bound: 3.001, exact: (x, y, z) => [z - x + y, x - y, unit] },
  { name: "multiply", bound: 5, exact: (x, y, z) => [z * unit - x * y, x * y, unit * unit] },
  { name: "divide", bound: 15.001, exact: (x, y, z) => [z * y - x * unit, x * unit, unit * y] },
  { name: "square", bound: 5, exact: (x, _, z) => [z * unit - x * x, x * x, unit * unit] },
  { name: "reciprocal", bound: 15.001, exact: (x, _, z) => [z * x - unit * unit, unit * unit, unit * x] },
  { name: "oneMinus", bound: 3.001, exact: (x, _, z) => [z - unit + x, unit - x, unit] },
  { name: "sqrt", bound: 3.126, exact: (x, _, z) => [z * z - x * unit, 2n * x * unit, unit * unit] },
];

function apply(name: string): void {
  if (name === "add" || name === "subtract" || name === "multiply" || name === "divide") {
    doubleDouble.binary(name)(o, 0, a, 0, b, 0);
  } else if (name === "square" || name === "reciprocal" || name === "oneMinus" || name === "sqrt") {
    doubleDouble.unary(name)(o, 0, a, 0);
  }
}

/** |error| / |exact| in units of u² = 2^-106. */
function relativeError(error: bigint, exact: bigint): number {
  return error === 0n ? 0 : 2 ** (log2(error) - log2(exact) + 106);
}

function drawPair(source: Random, lowest: number, highest: number, signs: readonly number[]): void {
  drawDoubleDouble(source, a, 0, lowest, highest, signs);
  const kind = source.integer(0, 3);
  if (kind === 0) {
    // nearly a, or nearly -a: sums that cancel, quotients near 1
    const near = source.pick([-1, 1]) * (1 + source.integer(-9, 9) * 2 ** -source.integer(20, 52));
    setDoubleDouble(b, 0, a[0] * near, a[1] * source.pick([-1, 1]));
  } else {
    drawDoubleDouble(source, b, 0, lowest, highest, signs);
  }
}

describe("sum, product, quotient and root against exact integers", () => {
  for (const { name, bound, exact } of operations) {
    test(`${name} errs by at most ${bound} u² in the middle of the range`, () => {
      const source = random(seed);
      let worst = 0;
      for (let n = 0; n < 20000; n++) {
        const spread = source.pick([0, 3, 60, 450]);
        drawPair(source, -spread, spread, name === "sqrt" ? [1] : [1, -1]);
        apply(name);
        const [error, value] = exact(exactInteger(a, 0), exactInteger(b, 0), exactInteger(o, 0));
        if (value === 0n ? o[0] !== 0 : relativeError(error, value) > bound || !isNormalised(o, 0)) {
          expect.fail(
            `${name}(${[...a]}; ${[...b]}) = ${[...o]}: ${relativeError(error, value)} u², seed ${seed}, draw ${n}`,
          );
        }
        if (value !== 0n) worst = Math.max(worst, relativeError(error, value));
      }
      console.log(
        `doubleDouble ${name}: worst error ${worst.toFixed(2)} u² (${(106 - Math.log2(worst)).toFixed(1)} bits)`,
      );
      expect(worst).toBeGreaterThan(0.5);
    });

    test(`${name} errs by its bound or two smallest subnormals over the whole range, and overflows to infinity`, () => {
      const source = random(seed + 1);
      for (let n = 0; n < 20000; n++) {
        drawPair(source, -1074, 1023, name === "sqrt" ? [1] : [1, -1]);
        if (n % 3 === 0) setDoubleDouble(a, 0, source.pick(edgeDoubles), 0);
        if (n % 5 === 0) setDoubleDouble(b, 0, source.pick(edgeDoubles), 0);
        if ((name === "sqrt" || name === "reciprocal") && a[0] <= 0) continue;
        if (name === "divide" && b[0] === 0) continue;
        apply(name);
        const [x, y] = [exactInteger(a, 0), exactInteger(b, 0)];
        const context = `${name}(${[...a]}; ${[...b]}) = ${[...o]}, seed ${seed + 1}, draw ${n}`;
        if (!isNormalised(o, 0)) expect.fail(`not normalised: ${context}`);
        if (Number.isFinite(o[0])) {
          const [error, value, one] = exact(x, y, exactInteger(o, 0));
          const smallest = name === "sqrt" ? 0n : (2n * absolute(one)) >> 1074n;
          const fits = absolute(error) <= smallest || (value !== 0n && relativeError(error, value) <= bound);
          if (!fits) expect.fail(`wrong: ${context}`);
        } else {
          // |exact| must reach the largest double-double, but for the bound
          const [, value, one] = exact(x, y, 0n);
          if (Number.isNaN(o[0]) || log2(value) - log2(one) < 1024 - 1e-9)
            expect.fail(`infinite too early: ${context}`);
        }
      }
    });
  }

  test("the checker sees a product without its low parts", () => {
    setDoubleDouble(a, 0, 1 / 3, 2 ** -60);
    apply("square");
    o[1] = 0;
    const [error, exact] = operations[4].exact(exactInteger(a, 0), 0n, exactInteger(o, 0));
    expect(relativeError(error, exact)).toBeGreaterThan(2 ** 40);
  });
});

describe("what is not an ordinary number", () => {
  const special = [...edgeDoubles, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  const float64 = {
    add: (x: number, y: number) => x + y,
    subtract: (x: number, y: number) => x - y,
    multiply: (x: number, y: number) => x * y,
    divide: (x: number, y: number) => x / y,
  };

  /** The same, or a neighbour where a quotient or root lies so near the middle of two doubles that 102 bits cannot tell. */
  function expectHigh(expected: number, context: string): void {
    const near = Math.abs(o[0] - expected) <= 2 ** -52 * Math.abs(expected) && /divide|reciprocal|sqrt/.test(context);
    if (!near || Math.abs(expected) < 2 ** -1020) expect(o[0], context).toBe(expected);
    expect(isNormalised(o, 0), context).toBe(true);
  }

  test("on doubles, the high part is what IEEE double precision gives: signed zeros, infinities, NaN, subnormals", () => {
    for (const name of ["add", "subtract", "multiply", "divide"] as const) {
      for (const x of special) {
        for (const y of special) {
          doubleDouble.round(a, 0, x);
          doubleDouble.round(b, 0, y);
          doubleDouble.binary(name)(o, 0, a, 0, b, 0);
          expectHigh(float64[name](x, y), `${name}(${x}, ${y})`);
        }
      }
    }
  });

  test("the same for one argument", () => {
    const functions = {
      negate: (x: number) => -x,
      square: (x: number) => x * x,
      oneMinus: (x: number) => 1 - x,
      reciprocal: (x: number) => 1 / x,
      sqrt: Math.sqrt,
      relu: (x: number) => Math.max(x, 0),
      step: (x: number) => (x > 0 ? 1 : Number.isNaN(x) ? x : 0),
    };
    for (const [name, f] of Object.entries(functions)) {
      for (const x of special) {
        doubleDouble.round(a, 0, x);
        doubleDouble.unary(name as keyof typeof functions)(o, 0, a, 0);
        expectHigh(f(x), `${name}(${x})`);
      }
    }
  });

  test("dot is that many multiplyAdds, bit for bit, at any stride, with edges of the format among the addends", () => {
    const source = random(seed);
    const length = 40;
    const [x, y] = [doubleDouble.store(2 * length), doubleDouble.store(3 * length)];
    let finite = 0;
    for (let drawn = 0; drawn < 2000; drawn++) {
      const span = source.pick([3, 60, 500]);
      for (let i = 0; i < 2 * length; i++) drawDoubleDouble(source, x, i, -span, span);
      for (let i = 0; i < 3 * length; i++) drawDoubleDouble(source, y, i, -span, span);
      if (drawn % 2 === 0) setDoubleDouble(x, source.integer(0, length), source.pick(edgeDoubles), 0);
      drawDoubleDouble(source, o, 0, -span, span);
      const expected = o.slice();
      const start = 3 * length - 1;
      for (let n = 0; n < length; n++) doubleDouble.multiplyAdd(expected, 0, x, n, y, start - 2 * n);
      doubleDouble.dot?.(o, 0, x, 0, 1, y, start, -2, length);
      expect(o).toEqual(expected);
      if (Number.isFinite(o[0])) finite++;
    }
    expect(finite).toBeGreaterThan(1500);
  });

  test("multiplyAdd is the sum of the product, bit for bit, everywhere", () => {
    const source = random(seed + 2);
    const expected = doubleDouble.store(1);
    for (let n = 0; n < 20000; n++) {
      const spread = source.pick([3, 60, 1023]);
      drawPair(source, -spread, spread, [1, -1]);
      drawDoubleDouble(source, o, 0, -spread, spread);
      if (n % 3 === 0) doubleDouble.round(a, 0, source.pick(special));
      if (n % 5 === 0) doubleDouble.round(b, 0, source.pick(special));
      if (n % 7 === 0) doubleDouble.round(o, 0, source.pick(special));
      const [before, context] = [[...o], `${[...a]}; ${[...b]}; onto ${[...o]}`];
      doubleDouble.binary("multiply")(expected, 0, a, 0, b, 0);
      doubleDouble.binary("add")(expected, 0, o, 0, expected, 0);
      doubleDouble.multiplyAdd(o, 0, a, 0, b, 0);
      if (!doubleDouble.same(o, 0, expected, 0))
        expect.fail(`${context}: ${[...o]} is not ${[...expected]} (${before})`);
    }
  });
});

describe("in and out", () => {
  test("lift takes every finite double exactly and refuses the others; round takes all", () => {
    for (const x of edgeDoubles) {
      doubleDouble.lift(o, 0, x);
      expect(doubleDoubleParts(o, 0)).toEqual([x, 0]);
      expect(doubleDouble.lower(o, 0)).toBe(x);
    }
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => doubleDouble.lift(o, 0, x)).toThrow(LiftError);
      doubleDouble.round(o, 0, x);
      expect(doubleDouble.lower(o, 0)).toBe(x);
    }
  });

  test("the parts of 1/3 hold 106 bits of it", () => {
    doubleDouble.lift(a, 0, 3);
    doubleDouble.unary("reciprocal")(o, 0, a, 0);
    expect(doubleDoubleParts(o, 0)).toEqual([0.3333333333333333, 1.850371707708594e-17]);
  });

  test("setDoubleDouble normalises what it is given", () => {
    setDoubleDouble(o, 0, 1, 1);
    expect(doubleDoubleParts(o, 0)).toEqual([2, 0]);
    setDoubleDouble(o, 0, 2 ** -60, 1);
    expect(doubleDoubleParts(o, 0)).toEqual([1, 2 ** -60]);
  });

  test("same compares both parts, NaN with NaN, and keeps -0 from 0", () => {
    const same = (x: readonly [number, number], y: readonly [number, number]) => {
      setDoubleDouble(a, 0, ...x);
      setDoubleDouble(b, 0, ...y);
      return doubleDouble.same(a, 0, b, 0);
    };
    expect(same([1, 2 ** -70], [1, 2 ** -70])).toBe(true);
    expect(same([1, 2 ** -70], [1, 2 ** -71])).toBe(false);
    expect(same([Number.NaN, 0], [Number.NaN, 0])).toBe(true);
    doubleDouble.lift(a, 0, 0);
    doubleDouble.lift(b, 0, -0);
    expect(doubleDouble.same(a, 0, b, 0)).toBe(false);
  });

  test("parts that were written past the field and overlap still add up", () => {
    a.set([1, 0]);
    b.set([-2, 1]);
    doubleDouble.binary("add")(o, 0, a, 0, b, 0);
    expect(doubleDoubleParts(o, 0)).toEqual([0, 0]);
  });

  test("poison is NaN whatever it meets", () => {
    doubleDouble.poison(a, 0);
    doubleDouble.lift(b, 0, 2);
    doubleDouble.lift(o, 0, 1);
    doubleDouble.multiplyAdd(o, 0, a, 0, b, 0);
    expect(doubleDouble.lower(o, 0)).toBeNaN();
  });
});
