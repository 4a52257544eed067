import { seed } from "@gradproof/vitest-preset/settings";
import { describe, expect, test } from "vitest";
import { type Initialisation, type InitialiseOptions, initialise } from "../src/initialise.ts";
import { type NumericArray, parameterNames } from "../src/problem.ts";

const kinds: readonly Initialisation[] = ["uniform", "normal", "orthogonal", "identity"];

describe.each(kinds)("%s", (kind) => {
  const options: InitialiseOptions = { seed, I: 3, H: 5, O: 2, kind, gain: 0.75 };

  test("has the shapes of torch.nn.RNN with a readout", () => {
    const parameters = initialise(options);
    const shapes = Object.fromEntries(parameterNames.map((name) => [name, parameters[name]?.shape]));
    expect(shapes).toEqual({ Wxh: [5, 3], Whh: [5, 5], Why: [2, 5], bxh: [5], bhh: [5], by: [2] });
    for (const name of parameterNames) {
      const { shape, data } = parameters[name] as NumericArray;
      expect(data.length, name).toBe(shape.reduce((size, length) => size * length, 1));
      expect(data.every(Number.isFinite), name).toBe(true);
    }
  });

  test("the same seed gives the same numbers, another one others", () => {
    expect(initialise(options)).toEqual(initialise(options));
    expect(initialise({ ...options, seed: seed + 1 }).Wxh).not.toEqual(initialise(options).Wxh);
  });

  test("biases and readout are left out on request, and the weights stay the same", () => {
    const all = initialise(options);
    const { O: _, ...withoutOutputs } = options;
    expect(initialise({ ...options, biases: false })).toEqual({ Wxh: all.Wxh, Whh: all.Whh, Why: all.Why });
    expect(initialise({ ...withoutOutputs, biases: false })).toEqual({ Wxh: all.Wxh, Whh: all.Whh });
    expect(Object.keys(initialise(withoutOutputs))).toEqual(["Wxh", "Whh", "bxh", "bhh"]);
  });

  test("the gain is a factor of W_hh and of nothing else", () => {
    const one = initialise({ ...options, gain: 1 });
    const double = initialise({ ...options, gain: 2 });
    expect([...double.Whh.data]).toEqual([...one.Whh.data].map((weight) => 2 * weight));
    expect({ ...double, Whh: one.Whh }).toEqual(one);
    expect(initialise({ ...options, gain: undefined })).toEqual(one);
  });

  test("biases are zero unless uniform", () => {
    const { bxh, bhh, by } = initialise(options);
    for (const bias of [bxh, bhh, by]) expect(bias?.data.some((value) => value !== 0)).toBe(kind === "uniform");
  });
});

test("uniform is the default and fills (-1/√H, 1/√H)", () => {
  const H = 100;
  const bound = 1 / Math.sqrt(H);
  const parameters = initialise({ seed, I: 30, H, O: 20 });
  expect(parameters).toEqual(initialise({ seed, I: 30, H, O: 20, kind: "uniform", gain: 1, biases: true }));
  for (const name of ["Wxh", "Whh", "Why"] as const) {
    const { mean, variance, largest, length } = moments((parameters[name] as NumericArray).data);
    expect(largest, name).toBeLessThan(bound);
    expect(largest, name).toBeGreaterThan(0.98 * bound);
    // Standard errors: of the mean bound / √(3 n), of the variance bound² √(4 / (45 n)); five of them.
    expect(Math.abs(mean), name).toBeLessThan((5 * bound) / Math.sqrt(3 * length));
    expect(Math.abs(variance - bound ** 2 / 3), name).toBeLessThan(5 * bound ** 2 * Math.sqrt(4 / (45 * length)));
  }
});

test("normal has variance 1 / fan-in, and gain² / H in W_hh", () => {
  const parameters = initialise({ seed, I: 40, H: 100, O: 30, kind: "normal", gain: 1.5 });
  for (const [name, expected] of [["Wxh", 1 / 40] as const, ["Whh", 2.25 / 100] as const, ["Why", 1 / 100] as const]) {
    const { mean, variance, length } = moments((parameters[name] as NumericArray).data);
    // Standard errors: of the mean σ / √n, of the variance σ² √(2 / n); five of them.
    expect(Math.abs(mean), name).toBeLessThan(5 * Math.sqrt(expected / length));
    expect(Math.abs(variance - expected), name).toBeLessThan(5 * expected * Math.sqrt(2 / length));
  }
});

test.each([1, 2, 3, 17, 64])("orthogonal: W_hh W_hhᵀ = gain² I for H = %i", (H) => {
  expect(distanceFromOrthogonal(H, seed, 1.25)).toBeLessThan(orthogonalBound(H));
});

test("orthogonal: also where rows of normals happen to be nearly dependent, as one pass of Gram-Schmidt would not", () => {
  let worst = 0;
  for (let n = 0; n < 3000; n++) worst = Math.max(worst, distanceFromOrthogonal(2, seed + n, 1));
  expect(worst).toBeLessThan(orthogonalBound(2));
});

/** Two passes leave rows orthogonal to a few roundings per element of an inner product (Giraud, Langou, Rozložník 2005). */
function orthogonalBound(H: number): number {
  return (H + 8) * 2 ** -52;
}

/** The largest element of Q Qᵀ − I, where W_hh = gain Q. */
function distanceFromOrthogonal(H: number, from: number, gain: number): number {
  const { data } = initialise({ seed: from, I: 1, H, kind: "orthogonal", gain }).Whh;
  let worst = 0;
  for (let i = 0; i < H; i++) {
    for (let j = 0; j < H; j++) {
      let inner = 0;
      for (let k = 0; k < H; k++) inner += data[i * H + k] * data[j * H + k];
      worst = Math.max(worst, Math.abs(inner / gain ** 2 - (i === j ? 1 : 0)));
    }
  }
  return worst;
}

test("orthogonal is not always a rotation, nor always a reflection", () => {
  const signs = Array.from({ length: 20 }, (_, n) => {
    const [a, b, c, d] = initialise({ seed: seed + n, I: 1, H: 2, kind: "orthogonal" }).Whh.data;
    return Math.sign(a * d - b * c);
  });
  expect(new Set(signs)).toEqual(new Set([1, -1]));
});

test("identity: W_hh = gain I", () => {
  expect([...initialise({ seed, I: 1, H: 3, kind: "identity", gain: 0.5 }).Whh.data]).toEqual([
    ...[0.5, 0, 0],
    ...[0, 0.5, 0],
    ...[0, 0, 0.5],
  ]);
});

test.each([
  [{ I: 0 }, "initialise: I is 0; expected an integer of at least 1"],
  [{ H: 2.5 }, "initialise: H is 2.5; expected an integer of at least 1"],
  [{ O: -1 }, "initialise: O is -1; expected an integer of at least 1"],
  [{ H: Number.NaN }, "initialise: H is NaN; expected an integer of at least 1"],
  [{ kind: "xavier" }, 'initialise: kind is "xavier"; expected uniform, normal, orthogonal, identity'],
  [{ gain: Number.POSITIVE_INFINITY }, "initialise: gain is Infinity; expected a finite number of at least 0"],
  [{ gain: -1 }, "initialise: gain is -1; expected a finite number of at least 0"],
  [{ seed: 0.5 }, "initialise: seed is 0.5; expected a safe integer"],
])("%o is refused", (change, message) => {
  const options = { seed: 1, I: 1, H: 2, O: 1, ...change } as InitialiseOptions;
  expect(() => initialise(options)).toThrow(new RangeError(message));
});

function moments(values: Float64Array) {
  const length = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return { mean, variance, largest, length };
}
