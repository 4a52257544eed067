import { random } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { assertGradient, GradientError } from "../src/check/assert-gradient.ts";
import { checkGradient } from "../src/check/check-gradient.ts";
import { ArgumentError, MutationError } from "../src/errors.ts";

const square = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0);
const twice = (x: Float64Array) => x.map((value) => 2 * value);
const somewhere = Float64Array.of(0.3, -1.7, 2.9);

describe("a report names", () => {
  const f = ({ W, b }: { W: Float64Array; b: Float64Array }) =>
    Math.tanh(W[0] + 2 * W[1] + b[0]) + Math.tanh(W[2] - W[3] + b[0]) ** 2;
  const gradient = ({ W, b }: { W: Float64Array; b: Float64Array }) => {
    const [p, q] = [Math.tanh(W[0] + 2 * W[1] + b[0]), Math.tanh(W[2] - W[3] + b[0])];
    const [dp, dq] = [1 - p * p, 2 * q * (1 - q * q)];
    return { W: [dp, 2 * dp, dq, -dq], b: [dp + dq] };
  };
  const at = { W: Float64Array.of(0.1, -0.4, 0.7, 0.2), b: Float64Array.of(0.3) };
  const options = { shapes: { W: [2, 2] } };

  test("the input, the element's position, both values and the estimate", () => {
    const wrong = (x: typeof at) => {
      const { W, b } = gradient(x);
      return { W: [W[0], W[1], W[2], -W[3]], b };
    };
    const { verdict, inputs } = checkGradient(f, wrong, at, options);
    expect(verdict).toBe("mismatch");
    expect(inputs.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["W", "mismatch"],
      ["b", "match"],
    ]);
    const right = gradient(at).W[3];
    expect(inputs[0].worst).toMatchObject({ index: 3, position: [1, 1], given: -right, shape: "smooth" });
    expect(inputs[0].worst?.numeric).toBeCloseTo(right, 9);
    expect(inputs[0].worst?.errorEstimate).toBeLessThan(1e-9);
    expect(inputs[0].worst?.errorInEstimates).toBeGreaterThan(1e6);
  });

  test("the range of steps that agree, and what would have been seen", () => {
    const [W] = checkGradient(f, gradient, at, options).inputs;
    const [from, to] = W.worst?.steps ?? [1, 1];
    expect(to / from).toBeGreaterThan(16);
    expect(W.resolution).toBeLessThan(1e-8);
    expect(W.checked).toEqual({ elements: 4, directions: 0, flat: 0, inconclusive: 0 });
  });

  test("the factor that a whole gradient is off by", () => {
    const doubled = checkGradient(f, (x: typeof at) => ({ ...gradient(x), W: gradient(x).W.map((g) => 2 * g) }), at);
    expect(doubled.inputs[0].factor).toBe(2);
    expect(checkGradient(f, (x: typeof at) => ({ W: [0, 0, 0, 0], b: gradient(x).b }), at).inputs[0].factor).toBe(0);
  });
});

describe("functions that do not keep to their inputs", () => {
  test.each([
    ["f", (x: Float64Array) => square(x.fill(1, 1, 2)), twice],
    ["the gradient", square, (x: Float64Array) => x.fill(3, 1, 2)],
  ])("%s that writes to them is an error", (called, f, gradient) => {
    const check = () => checkGradient(f, gradient, somewhere);
    expect(check).toThrow(MutationError);
    expect(check).toThrow(`${called} wrote to its input: x[1] was -1.7`);
    expect(somewhere).toEqual(Float64Array.of(0.3, -1.7, 2.9));
  });

  test("one that sorts its input in place, at the point or away from it", () => {
    const f = (x: Float64Array) => x.sort()[2];
    expect(() => checkGradient(f, [0, 0, 1], Float64Array.of(1, 3, 2))).toThrow(MutationError);
  });

  test("a gradient that returns the same buffer each time, or the input itself, is taken as it was", () => {
    const buffer = new Float64Array(3);
    const reused = (x: Float64Array) => {
      buffer.set(twice(x));
      return buffer;
    };
    expect(checkGradient(square, reused, somewhere).verdict).toBe("match");
    expect(
      checkGradient(
        (x: Float64Array) => square(x) / 2,
        (x) => x,
        somewhere,
      ).verdict,
    ).toBe("match");
  });

  test("f that remembers a result by the array it was given is not believed to be flat", () => {
    const known = new WeakMap<Float64Array, number>();
    const f = (x: Float64Array) => {
      if (!known.has(x)) known.set(x, square(x));
      return known.get(x) as number;
    };
    expect(checkGradient(f, twice, somewhere).verdict).toBe("match");
  });

  test("a gradient that accumulates from call to call is wrong at the second", () => {
    const sum = new Float64Array(3);
    const accumulating = (x: Float64Array) => {
      twice(x).forEach((value, i) => {
        sum[i] += value;
      });
      return sum;
    };
    const { verdict, inputs, gradientSpread } = checkGradient(square, accumulating, somewhere);
    expect(verdict).toBe("mismatch");
    expect(inputs[0].worst?.reason).toContain("in the second of two calls");
    expect(gradientSpread).toBeCloseTo(5.8, 9);
  });

  test("f that drifts is inconclusive, and says so", () => {
    let calls = 0;
    const f = (x: Float64Array) => square(x) + (++calls > 50 ? 1 : 0);
    const { verdict, inputs, deterministic } = checkGradient(f, twice, somewhere);
    expect(verdict).toBe("inconclusive");
    expect(inputs[0].reason).toContain("keeps something between calls");
    expect(deterministic).toBe(false);
  });
});

describe("what is not deterministic is quantified", () => {
  test.each([1e-10, 1e-6, 1e-3])("noise of %d", (level) => {
    const source = random(7);
    const f = (x: Float64Array) => square(x) + level * source.normal();
    const { deterministic, spread, inputs, verdict } = checkGradient(f, twice, somewhere);
    expect(deterministic).toBe(false);
    expect(spread / level).toBeGreaterThan(0.5);
    expect(spread / level).toBeLessThan(2);
    expect(verdict).not.toBe("mismatch");
    if (verdict === "match") expect(inputs[0].resolution).toBeGreaterThan(level);
  });

  test("and a mistake above it is still seen", () => {
    const source = random(8);
    const f = (x: Float64Array) => square(x) + 1e-6 * source.normal();
    expect(checkGradient(f, (x) => twice(x).map((g) => 1.01 * g), somewhere).verdict).toBe("mismatch");
  });
});

describe("inputs", () => {
  test("kept as float32 are moved by what float32 can hold", () => {
    const f = (x: Float32Array) => Math.exp(x[0]) * x[1];
    const gradient = (x: Float32Array) => [Math.exp(x[0]) * x[1], Math.exp(x[0])];
    const at = Float32Array.of(0.7, 1e7);
    expect(checkGradient(f, gradient, at).verdict).toBe("match");
    expect(checkGradient(f, (x) => gradient(x).map((g) => -g), at).verdict).toBe("mismatch");
  });

  test("of no elements are no obstacle", () => {
    const at = { x: Float64Array.of(2), none: new Float64Array(0) };
    const report = checkGradient(
      ({ x }) => x[0] ** 2,
      ({ x }) => ({ x: [2 * x[0]], none: [] }),
      at,
    );
    expect(report.verdict).toBe("match");
  });

  test("that f does not depend on are no evidence by themselves", () => {
    const at = { x: Float64Array.of(2), unused: Float64Array.of(1) };
    const report = checkGradient(
      ({ x }) => x[0] ** 2,
      ({ x }) => ({ x: [2 * x[0]], unused: [0] }),
      at,
    );
    expect(report.inputs.map(({ verdict }) => verdict)).toEqual(["match", "inconclusive"]);
    expect(report.inputs[1].reason).toContain("0 = 0 says nothing");
  });

  test("of which some elements do nothing are judged by the others, and these are counted", () => {
    const f = (x: Float64Array) => Math.tanh(x[0]) + Math.max(x[1], 0);
    const { verdict, inputs } = checkGradient(f, [1 - Math.tanh(1) ** 2, 0], Float64Array.of(1, -2));
    expect(verdict).toBe("match");
    expect(inputs[0].checked.flat).toBe(1);
    expect(checkGradient(f, [1 - Math.tanh(1) ** 2, 1], Float64Array.of(1, -2)).verdict).toBe("mismatch");
  });
});

describe("a gradient", () => {
  const f = (x: Float64Array) => Math.sin(x[0]) * Math.exp(x[1]) + x[2] ** 3;
  const gradient = (x: Float64Array) => [
    Math.cos(x[0]) * Math.exp(x[1]),
    Math.sin(x[0]) * Math.exp(x[1]),
    3 * x[2] ** 2,
  ];

  test("may be numbers, of any kind of array", () => {
    for (const numbers of [gradient(somewhere), Float64Array.from(gradient(somewhere))]) {
      expect(checkGradient(f, numbers, somewhere).verdict).toBe("match");
    }
  });

  test("in float32 matches to what float32 is worth, computed or converted", () => {
    const single = (x: Float64Array) => Float32Array.from(gradient(x));
    const single64 = (x: Float64Array) => gradient(x).map(Math.fround);
    for (const given of [single, single64, single(somewhere), single64(somewhere)]) {
      const { verdict, inputs } = checkGradient(f, given, somewhere);
      expect(verdict).toBe("match");
      expect(inputs[0].resolution).toBeGreaterThan(1e-6);
      expect(inputs[0].resolution).toBeLessThan(1e-3);
    }
    expect(checkGradient(f, (x) => single(x).map((g) => g * 1.01), somewhere).verdict).toBe("mismatch");
  });

  test("that is not a number, or infinite, where the derivative is finite does not match", () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const { verdict, inputs } = checkGradient(f, [...gradient(somewhere).slice(0, 2), value], somewhere);
      expect(verdict).toBe("mismatch");
      expect(inputs[0].worst?.index).toBe(2);
    }
  });

  test("that overflows float32 where the derivative does is not called wrong", () => {
    const steep = (x: Float64Array) => 1e39 * x[0];
    expect(checkGradient(steep, Float32Array.of(Infinity), Float64Array.of(1)).verdict).toBe("inconclusive");
    expect(checkGradient(steep, Float64Array.of(Infinity), Float64Array.of(1)).verdict).toBe("mismatch");
  });

  test("whose own rounding is large is not called wrong for it", () => {
    // (1 - cos x) / x² and its derivative, both as written: at 1e-3 the latter keeps four digits.
    const cancelling = (x: Float64Array) => (1 - Math.cos(x[0])) / x[0] ** 2;
    const derivative = ([x]: Float64Array) => [(x * Math.sin(x) - 2 * (1 - Math.cos(x))) / x ** 3];
    for (const x of [1e-2, 1e-3, 1e-4]) {
      expect(checkGradient(cancelling, derivative, Float64Array.of(x)).verdict).not.toBe("mismatch");
    }
  });
});

describe("large inputs", () => {
  const weights = (n: number) => Float64Array.from({ length: n }, (_, i) => Math.cos(i * i) / Math.sqrt(n));
  const functionOf = (n: number) => {
    const w = weights(n);
    const dot = (x: Float64Array) => x.reduce((sum, value, i) => sum + w[i] * value, 0);
    return {
      f: (x: Float64Array) => Math.tanh(dot(x)) + dot(x) ** 2 / 8,
      gradient: (x: Float64Array) => {
        const slope = 1 - Math.tanh(dot(x)) ** 2 + dot(x) / 4;
        return w.map((weight) => weight * slope);
      },
      at: Float64Array.from({ length: n }, (_, i) => Math.sin(3 * i)),
    };
  };

  test.each([10, 200, 3000])("of %d elements, one that is off by a thousandth is found and named", (n) => {
    const { f, gradient, at } = functionOf(n);
    expect(checkGradient(f, gradient, at).verdict).toBe("match");
    const place = Math.floor(n * 0.37);
    const wrong = (x: Float64Array) => gradient(x).map((g, i) => (i === place ? g * 1.001 : g));
    const { verdict, inputs } = checkGradient(f, wrong, at);
    expect(verdict).toBe("mismatch");
    expect(inputs[0].worst?.index).toBe(place);
  });

  test("the resolution does not grow with their number", () => {
    const resolutions = [100, 1000, 8000].map((n) => {
      const { f, gradient, at } = functionOf(n);
      return checkGradient(f, gradient, at).inputs[0].resolution ?? Infinity;
    });
    // The gradient's largest element is of size 1/√n beside an f of size 1, whose rounding is what limits.
    for (const resolution of resolutions) expect(resolution).toBeLessThan(1e-7);
  });

  test("say what was looked at", () => {
    const { f, gradient, at } = functionOf(1000);
    const [{ checked }] = checkGradient(f, gradient, at, { elements: 100, directions: 5 }).inputs;
    expect(checked.directions).toBe(5);
    expect(checked.elements).toBeGreaterThan(15);
    expect(checked.elements).toBeLessThanOrEqual(25);
  });

  test("a sparse Jacobian hides nothing: one wrong element among 4000 that f hardly depends on", () => {
    const at = Float64Array.from({ length: 4000 }, (_, i) => (i * 7919) % 4001);
    const f = (x: Float64Array) =>
      x.toSorted().reduce((sum, value, i) => sum + (i % 17 === 0 ? value * (1 + i / 4000) : 0), 0);
    const order = [...at.keys()].sort((a, b) => at[a] - at[b]);
    const right = new Float64Array(4000);
    order.forEach((place, i) => {
      if (i % 17 === 0) right[place] = 1 + i / 4000;
    });
    const options = { elements: 64, directions: 4, scale: 2 ** -3 };
    expect(checkGradient(f, right, at, options).verdict).toBe("match");
    const wrong = right.slice();
    wrong[1234] += 0.5;
    const { verdict, inputs } = checkGradient(f, wrong, at, options);
    expect(verdict).toBe("mismatch");
    expect(inputs[0].worst?.index).toBe(1234);
  });
});

describe("mistakes that known checkers let pass", () => {
  test("the derivative of a renormalised vector without its projection", () => {
    const c = [0.3, -0.8, 0.5, 0.9];
    const norm = (x: Float64Array) => Math.hypot(...x);
    const f = (x: Float64Array) => x.reduce((sum, value, i) => sum + c[i] * value, 0) / norm(x);
    const without = (x: Float64Array) => c.map((value) => value / norm(x));
    const gradient = (x: Float64Array) => c.map((value, i) => value / norm(x) - (f(x) * x[i]) / norm(x) ** 2);
    const at = Float64Array.of(1, 2, -1, 0.5);
    expect(checkGradient(f, gradient, at).verdict).toBe("match");
    expect(checkGradient(f, without, at).verdict).toBe("mismatch");
  });

  test("a sign in a gradient of 1e-12", () => {
    const f = (x: Float64Array) => 1e-12 * Math.sin(x[0]);
    expect(checkGradient(f, (x) => [1e-12 * Math.cos(x[0])], Float64Array.of(1)).verdict).toBe("match");
    expect(checkGradient(f, (x) => [-1e-12 * Math.cos(x[0])], Float64Array.of(1)).verdict).toBe("mismatch");
  });

  test("and false alarms: relu and max-pooling at their ties", () => {
    const pool = (x: Float64Array) => Math.max(x[0], x[1], x[2]) + Math.max(x[3], 0);
    const at = Float64Array.of(1, 1, 1, 0);
    for (const given of [
      [1, 0, 0, 0],
      [0, 0, 1, 1],
      [1 / 3, 1 / 3, 1 / 3, 0.5],
    ]) {
      const { verdict, inputs } = checkGradient(pool, given, at);
      expect(verdict).toBe("inconclusive");
      expect(inputs[0].kinks).toHaveLength(4);
    }
    expect(checkGradient(pool, [1, 0, 0, -1], at).verdict).toBe("mismatch");
  });
});

describe("assertGradient", () => {
  test("returns the report of a gradient that matches", () => {
    expect(assertGradient(square, twice, somewhere).verdict).toBe("match");
  });

  test("throws the report of one that does not, as text and as data", () => {
    const check = () => assertGradient(square, (x) => x, somewhere);
    expect(check).toThrow(GradientError);
    try {
      check();
    } catch (error) {
      const { message, report } = error as GradientError;
      expect(report.verdict).toBe("mismatch");
      expect(message).toMatch(/x\[\d\]: given .*, numeric .* ± /);
      expect(message).toContain("the given gradient is 0.5 times the numeric one");
    }
  });

  test("and of one that cannot be judged, unless that is accepted", () => {
    const abs = (x: Float64Array) => Math.abs(x[0]);
    expect(() => assertGradient(abs, [0], Float64Array.of(0))).toThrow("a kink at the point");
    expect(assertGradient(abs, [0], Float64Array.of(0), { inconclusive: "accept" }).verdict).toBe("inconclusive");
  });
});

describe("what does not fit together is an error that says so", () => {
  // biome-ignore lint/suspicious/noExplicitAny: plain JavaScript calls too.
  const any = checkGradient as any;
  test.each([
    ["too few numbers", () => checkGradient(square, [1, 2], somewhere), "gradient has 2 elements; expected 3"],
    ["a missing input", () => any(() => 0, { a: [1] }, { a: somewhere, b: somewhere }), "gradient.a has 1 elements"],
    [
      "another missing one",
      () => any(() => 0, { a: somewhere }, { a: somewhere, b: somewhere }),
      "gradient.b is missing",
    ],
    [
      "a function of several outputs",
      () => any((x: Float64Array) => x, twice, somewhere),
      "f returned 3 numbers; expected one",
    ],
    ["a function of nothing", () => any(() => undefined, twice, somewhere), "f returned a undefined"],
    ["a point that is not finite", () => checkGradient(square, twice, Float64Array.of(1, Number.NaN)), "x[1] is NaN"],
    ["a point of integers", () => any(square, twice, Int32Array.of(1)), "the point is of type Int32Array"],
    ["an empty point", () => checkGradient(square, twice, new Float64Array(0)), "has no elements"],
    [
      "a shape of another size",
      () => checkGradient(square, twice, somewhere, { shapes: { x: [2, 2] } }),
      "shapes.x is [2,2]",
    ],
    [
      "a shape of no input",
      () => checkGradient(square, twice, somewhere, { shapes: { y: [3] } }),
      "shapes.y is of no input",
    ],
    ["a scale of 0", () => checkGradient(square, twice, somewhere, { scale: 0 }), "scale is 0"],
    ["half an element", () => checkGradient(square, twice, somewhere, { elements: 0.5 }), "elements is 0.5"],
    [
      "a roundoff of 1",
      () => checkGradient(square, twice, somewhere, { gradientRoundoff: 1 }),
      "gradientRoundoff is 1",
    ],
  ])("%s", (_, check, message) => {
    expect(check).toThrow(ArgumentError);
    expect(check).toThrow(message);
  });

  test("what f itself throws at the point comes through", () => {
    const f = () => {
      throw new TypeError("mine");
    };
    expect(() => checkGradient(f, twice, somewhere)).toThrow("mine");
  });
});
