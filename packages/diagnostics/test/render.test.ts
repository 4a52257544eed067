import { describe, expect, test } from "vitest";
import { checkGradient } from "../src/check/check-gradient.ts";
import { checkJvp } from "../src/check/check-jvp.ts";
import { checkVjp } from "../src/check/check-vjp.ts";
import { renderReport } from "../src/check/render.ts";
import { number, percent, roughly } from "../src/check/wording.ts";

const f = ({ W, b }: { W: Float64Array; b: Float64Array }) => Math.tanh(W[0] * 2 - W[1] * W[2] + b[0]) + W[3] ** 2;
const gradient = ({ W, b }: { W: Float64Array; b: Float64Array }) => {
  const d = 1 - Math.tanh(W[0] * 2 - W[1] * W[2] + b[0]) ** 2;
  return { W: [2 * d, -W[2] * d, -W[1] * d, 2 * W[3]], b: [d] };
};
const at = { W: Float64Array.of(0.25, 0.5, -1.5, 0.75), b: Float64Array.of(-0.5) };
const shapes = { W: [2, 2] };

describe("a report as text", () => {
  test("of a match: the worst element, what was checked, and what would have been seen", () => {
    const lines = renderReport(checkGradient(f, gradient, at, { shapes })).split("\n");
    expect(lines[0]).toBe("match");
    expect(lines[1]).toBe("  W [2, 2]: match");
    expect(lines[2]).toMatch(
      /^ {4}W\[\d, \d\]: given \S+, numeric \S+ ± \S+, \S+ error estimates apart; steps from \S+ to \S+ agree$/,
    );
    expect(lines[3]).toMatch(
      /^ {4}checked: 4 of 4 elements; a mistake of \S+ of the largest derivative would have shown$/,
    );
    expect(lines[4]).toBe("  b [1]: match");
    expect(lines.at(-1)).toMatch(/^ {2}f is deterministic; \d+ evaluations, seed 1$/);
  });

  test("of a mismatch: the input, the element, both values and the estimate", () => {
    const wrong = (x: typeof at) => {
      const { W, b } = gradient(x);
      return { W: [W[0], W[1], -W[2], W[3]], b };
    };
    const text = renderReport(checkGradient(f, wrong, at, { shapes }));
    expect(text).toContain("W [2, 2]: mismatch; 1 of 4 elements wrong");
    const d = gradient(at).W[2];
    expect(text).toMatch(new RegExp(`W\\[1, 0\\]: given ${number(-d)}, numeric ${number(d)} ± `));
    expect(text).toContain("b [1]: match");
  });

  test("of a kink: its place and both derivatives", () => {
    const text = renderReport(checkGradient((x: Float64Array) => Math.abs(x[0]) + x[1], [0, 1], Float64Array.of(0, 2)));
    expect(text).toMatch(/x \[2\]: inconclusive; x\[0\]: a kink at the point, or within \S+ of it/);
    expect(text).toContain("derivatives are -1 on the left and 1 on the right");
    expect(text).toContain("given 0, numeric unknown (left -1, right 1)");
  });

  test("of a function that is not deterministic", () => {
    let call = 0;
    const noisy = (x: Float64Array) => x[0] ** 2 + 1e-7 * Math.sin(++call * 1000);
    expect(renderReport(checkGradient(noisy, (x) => [2 * x[0]], Float64Array.of(1)))).toMatch(
      /f is not deterministic: it scatters by \de-8/,
    );
  });

  test("of directions and of outputs", () => {
    const square = (x: Float64Array) => [x[0] ** 2, x[0] * x[1]];
    const vjp = (x: Float64Array, c: Float64Array) => [2 * x[0] * c[0] + x[1] * c[1], x[0] * c[1]];
    const point = Float64Array.of(0.5, 3);
    expect(renderReport(checkVjp(square, vjp, point))).toContain("4 random directions");
    const jvp = (x: Float64Array, v: Float64Array) => [2 * x[0] * v[0], x[1] * v[0] - x[0] * v[1]];
    expect(renderReport(checkJvp(square, jvp, point))).toContain("output[1]: given ");
  });

  test("is short, however large the input", () => {
    const sum = (x: Float64Array) => x.reduce((total, value) => total + Math.sin(value), 0);
    const point = Float64Array.from({ length: 1000 }, (_, i) => i / 1000);
    const text = renderReport(checkGradient(sum, (x) => x.map((value) => -Math.cos(value)), point));
    expect(text.split("\n").length).toBeLessThan(10);
    expect(text).toContain("the given gradient is -1 times the numeric one");
  });
});

describe("numbers", () => {
  test.each([
    [0, "0"],
    [0.1 + 0.2, "0.3"],
    [-1234567.8, "-1234570"],
    [1e-9, "1e-9"],
    [6.02214076e23, "6.02214e23"],
    [Number.NaN, "NaN"],
    [-Infinity, "-Infinity"],
  ])("%d in six digits", (value, text) => expect(number(value)).toBe(text));

  test.each([
    [3.3333, "3"],
    [0.0123, "0.012"],
    [4.4e-13, "4e-13"],
    [0, "0"],
    [Infinity, "Infinity"],
  ])("%d in one or two", (value, text) => expect(roughly(value)).toBe(text));

  test.each([
    [0.25, "30 %"],
    [1.5e-7, "1.5e-7"],
  ])("%d as a share", (value, text) => expect(percent(value)).toBe(text));
});
