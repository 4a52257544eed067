import { describe, expect, test } from "vitest";
import { checkAdjoint } from "../src/check/check-adjoint.ts";
import { checkJvp } from "../src/check/check-jvp.ts";
import { checkVjp } from "../src/check/check-vjp.ts";
import { ArgumentError, MutationError } from "../src/errors.ts";

/** y = tanh(W x) less its mean, [3] of W [3, 2] and x [2]. */
interface Layer {
  readonly [name: string]: Float64Array;
  readonly W: Float64Array;
  readonly x: Float64Array;
}
const at: Layer = { W: Float64Array.of(0.3, -0.8, 0.5, 0.2, -0.1, 0.9), x: Float64Array.of(0.7, -1.1) };
const rows = [0, 1, 2];
const hidden = ({ W, x }: Layer) => rows.map((r) => Math.tanh(W[2 * r] * x[0] + W[2 * r + 1] * x[1]));
const centred = (y: readonly number[]) => y.map((value) => value - (y[0] + y[1] + y[2]) / 3);
const f = (layer: Layer) => centred(hidden(layer));

function jvp(layer: Layer, { W: dW, x: dx }: Layer): number[] {
  const { W, x } = layer;
  const h = hidden(layer);
  const du = rows.map((r) => dW[2 * r] * x[0] + W[2 * r] * dx[0] + dW[2 * r + 1] * x[1] + W[2 * r + 1] * dx[1]);
  return centred(rows.map((r) => (1 - h[r] ** 2) * du[r]));
}

/** Right where `through` is the derivative of the centring, which is its own transpose. */
function vjpThrough(through: (c: readonly number[]) => readonly number[]) {
  return (layer: Layer, cotangent: Float64Array) => {
    const { W, x } = layer;
    const h = hidden(layer);
    const du = through([...cotangent]).map((c, r) => (1 - h[r] ** 2) * c);
    return {
      W: rows.flatMap((r) => [du[r] * x[0], du[r] * x[1]]),
      x: [0, 1].map((k) => rows.reduce((sum, r) => sum + du[r] * W[2 * r + k], 0)),
    };
  };
}
const vjp = vjpThrough(centred);

describe("checkVjp", () => {
  test("a right one matches, for every input", () => {
    const { verdict, inputs } = checkVjp(f, vjp, at);
    expect(verdict).toBe("match");
    expect(inputs.map(({ name, checked }) => [name, checked.directions])).toEqual([
      ["W", 4],
      ["x", 4],
    ]);
    for (const { resolution } of inputs) expect(resolution).toBeLessThan(1e-7);
  });

  test.each([
    [
      "the centring left out, which a cotangent of ones cannot see",
      (c: readonly number[]) => c.map((value) => value - 1),
    ],
    [
      "the absolute value of the cotangent, which positive ones cannot see",
      (c: readonly number[]) => centred(c.map(Math.abs)),
    ],
    ["a factor", (c: readonly number[]) => centred(c).map((value) => 1.0001 * value)],
  ])("finds %s", (_, through) => {
    const { verdict, inputs } = checkVjp(f, vjpThrough(through), at);
    expect(verdict).toBe("mismatch");
    expect(inputs.every((input) => input.verdict === "mismatch")).toBe(true);
  });

  test("names the input and the element that are wrong", () => {
    const wrong = (layer: Layer, c: Float64Array) => {
      const { W, x } = vjp(layer, c);
      return { W: W.map((value, i) => (i === 3 ? -value : value)), x };
    };
    const { inputs } = checkVjp(f, wrong, at);
    expect(inputs.map(({ verdict }) => verdict)).toEqual(["mismatch", "match"]);
    expect(inputs[0].worst?.index).toBe(3);
  });
});

describe("checkJvp", () => {
  test("a right one matches", () => {
    expect(checkJvp(f, jvp, at).verdict).toBe("match");
  });

  test("names the input and the output that are wrong", () => {
    const wrong = (layer: Layer, tangent: Layer) => {
      const right = jvp(layer, { W: tangent.W, x: new Float64Array(2) });
      const rest = jvp(layer, { W: new Float64Array(6), x: tangent.x });
      return right.map((value, i) => value + (i === 1 ? 1.001 : 1) * rest[i]);
    };
    const { inputs } = checkJvp(f, wrong, at);
    expect(inputs.map(({ name, verdict }) => [name, verdict])).toEqual([
      ["W", "match"],
      ["x", "mismatch"],
    ]);
    expect(inputs[1].worst?.index).toBe(1);
  });
});

describe("checkAdjoint", () => {
  test("two products of the same Jacobian match to rounding", () => {
    const { verdict, resolution } = checkAdjoint(jvp, vjp, at);
    expect(verdict).toBe("match");
    expect(resolution).toBeLessThan(1e-12);
  });

  test("of different ones they do not, however little they differ", () => {
    const nearly = vjpThrough((c) => centred(c).map((value, i) => (i === 0 ? value * (1 + 1e-11) : value)));
    expect(checkAdjoint(jvp, nearly, at).verdict).toBe("mismatch");
  });

  test("in float32 they match to what float32 is worth", () => {
    const round = (values: readonly number[]) => values.map(Math.fround);
    const single = (layer: Layer): Layer => ({
      W: Float64Array.from(round([...layer.W])),
      x: Float64Array.from(round([...layer.x])),
    });
    const jvp32 = (layer: Layer, tangent: Layer) => round(jvp(single(layer), tangent));
    const vjp32 = (layer: Layer, c: Float64Array) => {
      const { W, x } = vjp(single(layer), c);
      return { W: round(W), x: round(x) };
    };
    const { verdict, resolution } = checkAdjoint(jvp32, vjp32, at);
    expect(verdict).toBe("match");
    expect(resolution).toBeGreaterThan(1e-8);
  });

  test("that are both 0 say nothing", () => {
    const none = checkAdjoint(
      () => [0],
      () => [0, 0, 0],
      Float64Array.of(1, 2, 3),
    );
    expect(none.verdict).toBe("inconclusive");
    expect(none.reason).toContain("0 = 0");
  });

  test("both wrong alike match: that is for the other two to find", () => {
    const half = (layer: Layer, tangent: Layer) => jvp(layer, tangent).map((value) => value / 2);
    const halfBack = vjpThrough((c) => centred(c).map((value) => value / 2));
    expect(checkAdjoint(half, halfBack, at).verdict).toBe("match");
    expect(checkJvp(f, half, at).verdict).toBe("mismatch");
    expect(checkVjp(f, halfBack, at).verdict).toBe("mismatch");
  });
});

describe("a function may", () => {
  test("return the same buffer each time", () => {
    const buffer = new Float64Array(3);
    const reused = (layer: Layer) => {
      buffer.set(f(layer));
      return buffer;
    };
    expect(checkVjp(reused, vjp, at).verdict).toBe("match");
    expect(checkJvp(reused, jvp, at).verdict).toBe("match");
  });

  test("write to its tangent or cotangent, but not to its inputs", () => {
    const spoiling = (layer: Layer, c: Float64Array) => {
      const result = vjp(layer, c);
      c.fill(7);
      return result;
    };
    expect(checkVjp(f, spoiling, at).verdict).toBe("match");
    const writing = (layer: Layer, c: Float64Array) => vjp({ ...layer, x: layer.x.fill(1) }, c);
    expect(() => checkVjp(f, writing, at)).toThrow(MutationError);
  });

  test("not return as many numbers as it likes", () => {
    expect(() => checkJvp(f, () => [1, 2], at)).toThrow(ArgumentError);
    expect(() => checkJvp(f, () => [1, 2], at)).toThrow("jvp returned 2 numbers; expected 3");
    expect(() => checkVjp(f, () => ({ W: [1], x: [1, 2] }), at)).toThrow(
      "the result of vjp.W has 1 elements; expected 6",
    );
    expect(() => checkVjp(f, vjp, at, { pairs: 0 })).toThrow("pairs is 0");
  });
});
