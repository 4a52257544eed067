import { float64, primeField } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { tanh } from "../src/operations/functions.ts";
import { transpose } from "../src/operations/layout.ts";
import { matmul } from "../src/operations/matmul.ts";
import { sum } from "../src/operations/reduction.ts";
import { at } from "../src/operations/selection.ts";
import { checkpoint } from "../src/transforms/checkpoint.ts";
import { jvp } from "../src/transforms/forward.ts";
import { hvp } from "../src/transforms/jacobian.ts";
import { grad } from "../src/transforms/reverse.ts";
import { type ScanOptions, scan } from "../src/transforms/scan.ts";
import { type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;
const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);

describe("checkpoint", () => {
  const f = ({ w, x }: { w: Floats; x: Floats }) => tanh(matmul(w, tanh(matmul(w, x))));
  const inputs = { w: v([0.5, -1, 0.25, 2], [2, 2]), x: v([1, -2], [2, 1]) };
  const loss = (layer: typeof f) => (p: typeof inputs) => sum(square(layer({ w: p.w, x: layer(p) })));

  test("has the bits of the same function without it, in value, gradient, jvp and Hessian-vector product", () => {
    const [plain, checked] = [checkpoint(f, { recompute: false }), checkpoint(f)].map(loss);
    const all = (g: typeof plain) => [
      g(inputs),
      ...Object.values(grad(g)(inputs)),
      jvp(g, inputs, inputs).tangent,
      ...Object.values(hvp(g, inputs, inputs)),
    ];
    const found = all(checked).map(numbers);
    expect(found).toEqual(all(plain).map(numbers));
    // And what it would be without either, but for the order of sums.
    all(loss(f)).forEach((part, i) => {
      numbers(part).forEach((expected, k) => {
        expect(Math.abs(found[i][k] - expected)).toBeLessThanOrEqual(2 ** -46 * Math.max(1, Math.abs(expected)));
      });
    });
  });

  test("runs the function again in the backward sweep, once for all inputs", () => {
    let runs = 0;
    const counted = checkpoint((p: typeof inputs) => {
      runs++;
      return f(p);
    });
    grad((p: typeof inputs) => sum(counted(p)))(inputs);
    expect(runs).toBe(2);
  });

  test("of what uses something else that is being differentiated is refused", () => {
    const hidden = (w: Floats) => sum(checkpoint((x: Floats) => multiply(w, x))(v([1, 2])));
    const message = "checkpoint: the function uses a variable that is being differentiated and is not among its inputs";
    expect(() => grad(hidden)(v([1, 2]))).toThrow(message);
    expect(() => jvp(hidden, v([1, 2]), v([1, 2]))).toThrow(message);
    expect(numbers(hidden(v([1, 2])))).toEqual([5]);
  });
});

describe("scan", () => {
  const F = primeField(7);
  type Own = { readonly w: Floats; readonly u: Floats };
  const step = (h: Floats, x: Floats, { w, u }: Own) => {
    const next = tanh(add(matmul(h, transpose(w)), matmul(x, transpose(u))));
    return { carry: next, output: square(next) };
  };
  const uniform = (...shape: number[]) => wrap(F, F.uniform(shape));
  const [xs, h] = [uniform(7, 2, 3), uniform(2, 4)];
  const parameters: Own = { w: uniform(4, 4), u: uniform(4, 3) };
  type All = Own & { readonly xs: Floats; readonly h: Floats };
  const loss = (options?: ScanOptions) => (p: All) => {
    const { carry, outputs } = scan(step, p.h, p.xs, { w: p.w, u: p.u }, options);
    return add(sum(carry), sum(multiply(outputs, outputs)));
  };
  const point: All = { ...parameters, xs, h };
  /** The loop written out. */
  const loop = (p: All) => {
    let state = p.h;
    let total = wrap(F, F.ratio(0, 1));
    for (let t = 0; t < 7; t++) {
      state = step(state, at(p.xs, t), p).carry;
      total = add(total, sum(square(square(state))));
    }
    return add(sum(state), total);
  };

  test.each([undefined, 1, 2, 3, 7, 10])(
    "in segments of %s is the loop: gradient, jvp and second order, exactly",
    (segment) => {
      const f = loss(segment === undefined ? {} : { segment });
      const same = (a: Floats, b: Floats) => expect(F.same(a.value, b.value)).toBe(true);
      same(f(point), loop(point));
      const [found, expected] = [grad(f)(point), grad(loop)(point)];
      for (const name of Object.keys(point) as (keyof All)[]) same(found[name], expected[name]);
      const direction: All = { w: uniform(4, 4), u: uniform(4, 3), xs: uniform(7, 2, 3), h: uniform(2, 4) };
      same(jvp(f, point, direction).tangent, jvp(loop, point, direction).tangent);
      const [second, wanted] = [hvp(f, point, direction), hvp(loop, point, direction)];
      for (const name of Object.keys(point) as (keyof All)[]) same(second[name], wanted[name]);
    },
  );

  test("refuses no steps and segments of none", () => {
    expect(() => scan(step, h, uniform(0, 2, 3), parameters)).toThrow("scan: no steps in xs of shape [0, 2, 3]");
    expect(() => scan(step, h, xs, parameters, { segment: 0 })).toThrow("scan: segments of 0 steps");
  });
});
