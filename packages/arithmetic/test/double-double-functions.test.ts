import { describe, expect, test } from "vitest";
import { doubleDouble, doubleDoubleParts, setDoubleDouble } from "../src/double-double.ts";
import { random } from "../src/random.ts";
import * as big from "./big-fixed-point.ts";
import { drawDoubleDouble, isNormalised } from "./double-double-draws.ts";

const seed = 20261122;
const a = doubleDouble.store(1);
const o = doubleDouble.store(1);

type Function = "exp" | "log" | "log1p" | "tanh" | "sigmoid" | "sin" | "cos" | "sqrt";

/** The bits of o that are right, given its argument in a. */
function measure(name: Function): number {
  const x = big.fixed(a[0]) + big.fixed(a[1]);
  return big.correctBits(big.fixed(o[0]) + big.fixed(o[1]), big[name](x));
}

function measureAt(name: Function, hi: number, lo = 0): number {
  setDoubleDouble(a, 0, hi, lo);
  doubleDouble.unary(name)(o, 0, a, 0);
  expect(isNormalised(o, 0), `${name}(${hi}, ${lo})`).toBe(true);
  return measure(name);
}

describe("the oracle", () => {
  test("knows e, log 2, tanh 1, sigmoid 1, sin 1, cos 1 and √2 to 50 printed decimals", () => {
    const [one, two] = [big.fixed(1), big.fixed(2)];
    expect(big.decimals(big.exp(one), 50)).toBe("2.71828182845904523536028747135266249775724709369995");
    expect(big.decimals(big.log(two), 50)).toBe("0.69314718055994530941723212145817656807550013436025");
    expect(big.decimals(big.tanh(one), 50)).toBe("0.76159415595576488811945828260479359041276859725793");
    expect(big.decimals(big.sigmoid(one), 50)).toBe("0.73105857863000487925115924182183627436514464016505");
    expect(big.decimals(big.sin(one), 50)).toBe("0.84147098480789650665250232163029899962256306079837");
    expect(big.decimals(big.cos(one), 50)).toBe("0.54030230586813971740093660744297660373231042061792");
    expect(big.decimals(big.log1p(one), 50)).toBe(big.decimals(big.log(two), 50));
    expect(big.decimals(big.sqrt(two), 50)).toBe("1.41421356237309504880168872420969807856967187537694");
  });

  test("finds fewer than 60 correct bits in Math.tanh, and fewer than 100 beside one wrong bit", () => {
    let fewest = Number.POSITIVE_INFINITY;
    for (let n = 1; n < 100; n++) {
      setDoubleDouble(a, 0, n / 32, 0);
      setDoubleDouble(o, 0, Math.tanh(n / 32), 0);
      fewest = Math.min(fewest, measure("tanh"));
    }
    expect(fewest).toBeLessThan(60);
    expect(fewest).toBeGreaterThan(45);
    doubleDouble.unary("tanh")(o, 0, a, 0);
    o[1] += 2 ** -99;
    expect(measure("tanh")).toBeLessThan(100);
  });
});

describe("functions keep at least 102 bits, exp 105 and sqrt 104", () => {
  const ranges: readonly { name: Function; lowest: number; highest: number; signs?: readonly number[] }[] = [
    { name: "exp", lowest: -110, highest: -1 },
    { name: "exp", lowest: -4, highest: 4 },
    { name: "exp", lowest: 0, highest: 8 },
    { name: "log", lowest: -960, highest: 1022, signs: [1] },
    { name: "log", lowest: -2, highest: 1, signs: [1] },
    { name: "log1p", lowest: -960, highest: -50 },
    { name: "log1p", lowest: -60, highest: -3 },
    { name: "log1p", lowest: -4, highest: 1022, signs: [1] },
    { name: "log1p", lowest: -4, highest: -1, signs: [-1] },
    { name: "sin", lowest: -960, highest: -50 },
    { name: "sin", lowest: -60, highest: 3 },
    { name: "sin", lowest: 0, highest: 1022 },
    { name: "cos", lowest: -60, highest: 3 },
    { name: "cos", lowest: 0, highest: 1022 },
    { name: "tanh", lowest: -960, highest: -50 },
    { name: "tanh", lowest: -60, highest: -1 },
    { name: "tanh", lowest: -4, highest: 0 },
    { name: "tanh", lowest: -1, highest: 8 },
    { name: "sigmoid", lowest: -960, highest: -50 },
    { name: "sigmoid", lowest: -60, highest: 0 },
    { name: "sigmoid", lowest: -4, highest: 8 },
    { name: "sqrt", lowest: -900, highest: 1022, signs: [1] },
  ];
  for (const { name, lowest, highest, signs } of ranges) {
    test(`${name} for ${signs ? "" : "±"}2^${lowest} to 2^${highest + 1}`, () => {
      const source = random(seed);
      let worst = { bits: Number.POSITIVE_INFINITY, x: [0, 0] };
      for (let n = 0; n < 2000; n++) {
        drawDoubleDouble(source, a, 0, lowest, highest, signs);
        doubleDouble.unary(name)(o, 0, a, 0);
        if (!isNormalised(o, 0)) expect.fail(`${name}(${[...a]}) = ${[...o]} is not normalised`);
        const bits = measure(name);
        if (bits < worst.bits) worst = { bits, x: [...a] };
      }
      console.log(
        `doubleDouble ${name}, 2^${lowest} to 2^${highest + 1}: worst ${worst.bits.toFixed(2)} bits at ${worst.x}, seed ${seed}`,
      );
      expect(worst.bits).toBeGreaterThan(name === "exp" ? 105 : name === "sqrt" ? 104 : 102);
    });
  }

  test("log near 1, on both sides and for a 1 that only the low part leaves", () => {
    const source = random(seed);
    for (let n = 0; n < 1000; n++) {
      const exponent = n < 200 ? (n % 100) + 1 : source.integer(1, 1000);
      const distance = source.pick([1, -1]) * 2 ** -exponent * (0.5 + source.unit() / 2);
      expect(measureAt("log", 1, distance), `log(1 + ${distance}), seed ${seed}`).toBeGreaterThan(102);
    }
  });

  test("exp at both ends of its range, and where the argument is nearly a multiple of log 2 / 2", () => {
    for (const x of [
      -664, -660.5, 709.78, 709, 0.3465735902799726, 0.34657359027997264, 0.34657359027997275, 1.0397207708399179,
    ]) {
      expect(measureAt("exp", x), `exp(${x})`).toBeGreaterThan(102);
    }
  });

  test("tanh at small and saturated arguments and where its formula changes", () => {
    for (const x of [
      1e-9,
      1e-300,
      2 ** -55,
      2 ** -55 - 2 ** -108,
      2 ** -54,
      1 - 2 ** -53,
      1,
      18,
      19.0615,
      20,
      37,
      350,
      373,
    ]) {
      for (const sign of [1, -1]) expect(measureAt("tanh", sign * x), `tanh(${sign * x})`).toBeGreaterThan(102);
    }
  });
});

test("sin and cos of the doubles and double-doubles nearest to multiples of π / 2", () => {
  // π / 2 in three doubles.
  const [first, second, third] = [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33];
  for (const k of [1, 2, 3, 4, 5, 100, 2 ** 20, 2 ** 40, 2 ** 52, 2 ** 60, 3 * 2 ** 200]) {
    for (const [hi, lo] of [
      [k * first, 0],
      [k * first, k * second],
      [k * first, k * (second + third)],
    ]) {
      for (const sign of [1, -1]) {
        expect(measureAt("sin", sign * hi, sign * lo), `sin near ${k} π / 2`).toBeGreaterThan(102);
        expect(measureAt("cos", sign * hi, sign * lo), `cos near ${k} π / 2`).toBeGreaterThan(102);
      }
    }
  }
  // The double nearest to a multiple of π / 2 that there is (Muller, Elementary Functions, 2006).
  expect(measureAt("cos", 6381956970095103 * 2 ** 797)).toBeGreaterThan(102);
});

test("log1p where its formula changes and next to -1", () => {
  for (const x of [2 ** -108, -(2 ** -108), 2 ** -54, -0.25, -0.24999999999999997, 0.375, 0.3749999999999999, 0.5, 1]) {
    expect(measureAt("log1p", x), `log1p(${x})`).toBeGreaterThan(102);
    expect(measureAt("log1p", x, x * 2 ** -54), `log1p(${x})`).toBeGreaterThan(102);
  }
  for (const n of [1, 10, 52]) expect(measureAt("log1p", 2 ** -n - 1), `log1p(2^-${n} - 1)`).toBeGreaterThan(102);
});

test("sigmoid at small and saturated arguments and where its formula changes", () => {
  for (const x of [0, 2 ** -1074, 1e-300, 1e-9, 2 ** -55, 0.5, 1, 18, 36.7, 37, 100, 350, 650]) {
    for (const sign of [1, -1]) expect(measureAt("sigmoid", sign * x), `sigmoid(${sign * x})`).toBeGreaterThan(102);
  }
  for (const low of [2 ** -1074, -(2 ** -60)]) expect(measureAt("sigmoid", -1, low)).toBeGreaterThan(102);
});

describe("ends of the range", () => {
  function parts(name: Function, hi: number): [number, number] {
    doubleDouble.round(a, 0, hi);
    doubleDouble.unary(name)(o, 0, a, 0);
    return doubleDoubleParts(o, 0);
  }

  test("exp overflows to infinity and underflows through the subnormals to 0", () => {
    expect(parts("exp", 709.79)).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(parts("exp", 1e308)).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(parts("exp", Number.POSITIVE_INFINITY)).toEqual([Number.POSITIVE_INFINITY, 0]);
    for (const x of [-700, -708.5, -720.25, -740, -745, -745.2, -800]) {
      const [hi, lo] = parts("exp", x);
      const error = big.fixed(hi) + big.fixed(lo) - big.exp(big.fixed(x));
      expect(Number(big.absolute(error) >> 426n) / 2 ** 100, `exp(${x}) in smallest subnormals`).toBeLessThan(0.501);
    }
    expect(parts("exp", -746)).toEqual([0, 0]);
    expect(parts("exp", Number.NEGATIVE_INFINITY)).toEqual([0, 0]);
    expect(parts("exp", 0)).toEqual([1, 0]);
  });

  test("log of 0, of negative numbers, of infinity, of the largest and the smallest number", () => {
    expect(parts("log", 0)).toEqual([Number.NEGATIVE_INFINITY, 0]);
    expect(parts("log", -0)).toEqual([Number.NEGATIVE_INFINITY, 0]);
    expect(parts("log", -1)).toEqual([Number.NaN, 0]);
    expect(parts("log", Number.NEGATIVE_INFINITY)).toEqual([Number.NaN, 0]);
    expect(parts("log", Number.POSITIVE_INFINITY)).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(parts("log", 1)).toEqual([0, 0]);
    expect(measureAt("log", Number.MAX_VALUE)).toBeGreaterThan(102);
    expect(measureAt("log", 2 ** -1074)).toBeGreaterThan(102);
  });

  test("tanh saturates at ±1 and keeps the sign of zero", () => {
    expect(parts("tanh", Number.POSITIVE_INFINITY)).toEqual([1, 0]);
    expect(parts("tanh", Number.NEGATIVE_INFINITY)).toEqual([-1, 0]);
    expect(parts("tanh", 1e308)).toEqual([1, 0]);
    expect(parts("tanh", -0)[0]).toBe(-0);
    expect(parts("tanh", 2 ** -1074)).toEqual([2 ** -1074, 0]);
  });

  test("sigmoid saturates at 0 and 1 without NaN", () => {
    expect(parts("sigmoid", Number.POSITIVE_INFINITY)).toEqual([1, 0]);
    expect(parts("sigmoid", Number.NEGATIVE_INFINITY)).toEqual([0, 0]);
    for (const x of [800, 1e308]) {
      expect(parts("sigmoid", x)).toEqual([1, 0]);
      expect(parts("sigmoid", -x)).toEqual([0, 0]);
    }
    expect(parts("sigmoid", 0)).toEqual([0.5, 0]);
    expect(parts("sigmoid", -0)).toEqual([0.5, 0]);
    for (const x of [-700, -720.25, -744]) {
      const [hi, lo] = parts("sigmoid", x);
      const error = big.fixed(hi) + big.fixed(lo) - big.sigmoid(big.fixed(x));
      expect(Number(big.absolute(error) >> 426n) / 2 ** 100, `sigmoid(${x}) in smallest subnormals`).toBeLessThan(2);
    }
  });

  test("s (1 - s) of a saturated sigmoid is right to 50 bits", () => {
    for (const x of [10, 40, 100, 400, 700]) {
      const o1 = doubleDouble.store(1);
      parts("sigmoid", x);
      doubleDouble.unary("oneMinus")(o1, 0, o, 0);
      doubleDouble.binary("multiply")(o, 0, o, 0, o1, 0);
      const s = big.sigmoid(big.fixed(x));
      const exact = big.multiply(s, big.fixed(1) - s);
      expect(big.correctBits(big.fixed(o[0]) + big.fixed(o[1]), exact), `${x}`).toBeGreaterThan(50);
    }
  });

  test("1 - tanh² of a saturated unit is right to 50 bits", () => {
    for (const x of [10, 20, 50, 200, 350]) {
      parts("tanh", x);
      doubleDouble.unary("square")(o, 0, o, 0);
      doubleDouble.unary("oneMinus")(o, 0, o, 0);
      const h = big.tanh(big.fixed(x));
      expect(
        big.correctBits(big.fixed(o[0]) + big.fixed(o[1]), big.fixed(1) - big.multiply(h, h)),
        `${x}`,
      ).toBeGreaterThan(50);
    }
  });

  test("log1p of -1, below, of ±0 and infinity; sin and cos of ±0 and what is not finite", () => {
    expect(parts("log1p", -1)).toEqual([Number.NEGATIVE_INFINITY, 0]);
    expect(parts("log1p", -1.5)).toEqual([Number.NaN, 0]);
    expect(parts("log1p", Number.POSITIVE_INFINITY)).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(parts("log1p", -0)[0]).toBe(-0);
    expect(parts("log1p", 2 ** -1074)).toEqual([2 ** -1074, 0]);
    expect(parts("sin", -0)[0]).toBe(-0);
    expect(parts("cos", 0)).toEqual([1, 0]);
    for (const x of [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect([parts("sin", x), parts("cos", x)]).toEqual([
        [Number.NaN, 0],
        [Number.NaN, 0],
      ]);
    }
  });

  test("sqrt of -0, 0, negative numbers, infinity and subnormals", () => {
    expect(parts("sqrt", -0)[0]).toBe(-0);
    expect(parts("sqrt", 0)[0]).toBe(0);
    expect(parts("sqrt", -1)).toEqual([Number.NaN, 0]);
    expect(parts("sqrt", Number.POSITIVE_INFINITY)).toEqual([Number.POSITIVE_INFINITY, 0]);
    for (const x of [2 ** -1074, 7 * 2 ** -1074, 1e-310, Number.MAX_VALUE])
      expect(measureAt("sqrt", x)).toBeGreaterThan(104);
  });

  test("NaN stays NaN", () => {
    for (const name of ["exp", "log", "log1p", "tanh", "sigmoid", "sin", "cos", "sqrt"] as const)
      expect(parts(name, Number.NaN)).toEqual([Number.NaN, 0]);
  });
});
