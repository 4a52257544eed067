import { float64, primeField } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { exp, sin, tanh } from "../src/operations/functions.ts";
import { stack } from "../src/operations/joining.ts";
import { matmul } from "../src/operations/matmul.ts";
import { sum } from "../src/operations/reduction.ts";
import { at } from "../src/operations/selection.ts";
import { jvp } from "../src/transforms/forward.ts";
import { hessian, hvp, jacobian } from "../src/transforms/jacobian.ts";
import { grad, valueAndGrad, vjp } from "../src/transforms/reverse.ts";
import { node, stopGradient, type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;

const v = (values: readonly number[], shape: readonly number[] = [values.length]) => variable(float64, values, shape);
const scalar = (value: number) => v([value], []);
const one = scalar(1);
const derivative = (f: (x: Floats) => Floats) => (x: Floats) => jvp(f, x, one).tangent;

describe("jvp", () => {
  test("gives value and derivative along a direction, in one run and without a graph", () => {
    let runs = 0;
    const { value, tangent } = jvp(
      (x: Floats) => {
        runs++;
        const y = multiply(x, square(x));
        expect([y.inputs, y.order]).toEqual([[], 0]);
        return y;
      },
      v([1, 2]),
      v([1, 10]),
    );
    expect([numbers(value), numbers(tangent), runs]).toEqual([[1, 8], [3, 120], 1]);
    expect([value.dual, tangent.dual]).toEqual([undefined, undefined]);
  });

  test("along directions of lists and records, one of them 0", () => {
    const product = ({ a, b }: { a: Floats; b: Floats }) => multiply(a, b);
    const { tangent } = jvp(product, { a: v([2]), b: v([3]) }, { a: v([1]), b: v([0]) });
    expect(numbers(tangent)).toEqual([3]);
    const both = jvp(([a, b]: readonly Floats[]) => multiply(a, b), [v([2]), v([3])], [v([1]), v([10])]);
    expect(numbers(both.tangent)).toEqual([23]);
  });

  test("of what does not depend on the input is 0, of the input itself the direction", () => {
    expect(numbers(jvp((_: Floats) => v([7, 8]), v([1, 2]), v([3, 4])).tangent)).toEqual([0, 0]);
    expect(numbers(jvp((x: Floats) => x, v([1, 2]), v([3, 4])).tangent)).toEqual([3, 4]);
    expect(numbers(jvp((x: Floats) => multiply(stopGradient(x), x), v([2]), v([1])).tangent)).toEqual([2]);
  });

  test("refuses tangents of another shape, number or arithmetic, and operations without a rule", () => {
    expect(() => jvp((x: Floats) => x, v([1, 2]), one)).toThrow(
      "jvp: shapes [] and [2]; expected a tangent of the input's shape",
    );
    expect(() => jvp(([x]: readonly Floats[]) => x, [v([1])], [])).toThrow("jvp: 0 tangents; expected 1");
    const F = primeField(1);
    expect(() => jvp((x: Floats) => x, v([1, 2]), wrap(F, F.uniform([2])))).toThrow(
      "jvp: variables of float64 and primeField",
    );
    const opaque = (x: Floats) => node(float64, "opaque", x.value, [x], [(ct) => ct], []);
    expect(() => jvp(opaque, v([1]), v([1]))).toThrow("jvp: opaque has no rule between tangents for input 0");
  });
});

describe("no perturbation is taken for another", () => {
  test("d/dx [x d/dy (x + y)] = 1, in every pair of modes", () => {
    const modes = { forward: derivative, reverse: (f: (x: Floats) => Floats) => (x: Floats) => grad(f)(x) };
    for (const outer of Object.values(modes)) {
      for (const inner of Object.values(modes)) {
        const f = (x: Floats) => multiply(x, inner((y) => add(x, y))(one));
        expect(numbers(outer(f)(scalar(3)))).toEqual([1]);
        const g = (x: Floats) => multiply(x, inner((y) => multiply(x, square(y)))(x));
        // x · 2 x y at y = x, as a function of x alone: 2 x³ by the total derivative 6 x²
        expect(numbers(outer(g)(scalar(2)))).toEqual([24]);
      }
    }
  });

  test("three deep: d/dx d/dy d/dz of x² y³ z⁴ is 24 x y² z³, in all eight ways", () => {
    const modes = [derivative, (f: (x: Floats) => Floats) => (x: Floats) => grad(f)(x)];
    const power = (x: Floats, n: number): Floats => (n === 1 ? x : multiply(x, power(x, n - 1)));
    for (const a of modes) {
      for (const b of modes) {
        for (const c of modes) {
          const f = (x: Floats) =>
            b((y) => c((z) => multiply(multiply(square(x), power(y, 3)), power(z, 4)))(scalar(5)))(scalar(3));
          expect(numbers(a(f)(scalar(2)))).toEqual([24 * 2 * 9 * 125]);
        }
      }
    }
  });

  test("the direction may itself depend on the outer variable: d/dv of J v is J", () => {
    const f = (direction: Floats) => sum(jvp((x: Floats) => square(x), v([1, 2, 3]), direction).tangent);
    expect(numbers(grad(f)(v([1, 1, 1])))).toEqual([2, 4, 6]);
    // of a Hessian-vector product: the Hessian's rows summed, though nothing outside depends on x
    const g = (direction: Floats) => sum(hvp((x: Floats) => multiply(sum(x), sum(square(x))), v([1, 2]), direction));
    expect(numbers(grad(g)(v([1, 1])))).toEqual([10 + 6, 6 + 14]);
  });

  test("a captured variable of an outer jvp meets an inner one that does not depend on it", () => {
    const f = (x: Floats) => derivative((y) => multiply(exp(y), multiply(x, y)))(scalar(0));
    // d/dy e^y x y at 0 is x
    expect(numbers(derivative(f)(scalar(3)))).toEqual([1]);
  });
});

describe("to any order", () => {
  test("the sixth derivative of sin is −sin, by alternating modes", () => {
    let f: (x: Floats) => Floats = sin;
    for (let order = 0; order < 6; order++) {
      const inner = f;
      f = order % 2 === 0 ? derivative(inner) : (x) => grad(inner)(x);
    }
    expect(Math.abs(numbers(f(scalar(0.5)))[0] + Math.sin(0.5))).toBeLessThan(2 ** -48);
  });

  test("a gradient inside a jvp keeps no history, one inside a gradient does", () => {
    const f = (x: Floats) => sum(square(tanh(x)));
    const { value } = jvp((x: Floats) => valueAndGrad(f)(x).gradient, v([1, 2]), v([1, 1]));
    expect([value.order, value.dual]).toEqual([0, undefined]);
    grad((x: Floats) => {
      const inside = hvp(f, x, v([1, 1]));
      expect(inside.order).toBeGreaterThan(0);
      return sum(inside);
    })(v([1, 2]));
  });

  test("a thousand steps along Hessian-vector products leave a leaf without tangents", () => {
    const f = (x: Floats) => sum(square(tanh(x)));
    let x = v([0.5, 0.25]);
    for (let step = 0; step < 1000; step++) x = add(x, multiply(scalar(2 ** -12), hvp(f, x, x)));
    expect([x.inputs, x.order, x.dual]).toEqual([[], 0, undefined]);
  });
});

describe("Jacobians", () => {
  const f = (x: Floats) => stack([multiply(at(x, 0), at(x, 1)), square(at(x, 0)), sin(at(x, 1))]);

  test("forward and reverse agree, and the shape chooses", () => {
    const x = v([2, 0]);
    const expected = [0, 2, 4, 0, 0, 1];
    for (const mode of ["forward", "reverse", undefined] as const) {
      const found = jacobian(f, { mode })(x);
      expect([found.shape, numbers(found).map((n) => n + 0)]).toEqual([[3, 2], expected]);
    }
    const counted = (mode: "forward" | "reverse" | undefined, inputs: number, outputs: number) => {
      let forward = 0;
      const g = (y: Floats) => {
        if (y.dual) forward++;
        return matmul(v(new Array(inputs * outputs).fill(1), [outputs, inputs]), y);
      };
      jacobian(g, { mode })(v(new Array(inputs).fill(1), [inputs, 1]));
      return forward;
    };
    expect([counted(undefined, 2, 3), counted(undefined, 3, 2)]).toEqual([2, 0]);
  });

  test("of scalars, of matrices, of nothing", () => {
    expect(jacobian((x: Floats) => square(x))(scalar(3)).shape).toEqual([]);
    const w = v([1, 2, 3, 4], [2, 2]);
    const found = jacobian((x: Floats) => matmul(w, x))(v([1, 0], [2, 1]));
    expect([found.shape, numbers(found)]).toEqual([
      [2, 1, 2, 1],
      [1, 2, 3, 4],
    ]);
    expect(jacobian((x: Floats) => square(x))(v([])).shape).toEqual([0, 0]);
  });

  test("differentiate again: the gradient of the trace of a Jacobian", () => {
    const trace = (x: Floats) =>
      sum(multiply(jacobian((y: Floats) => multiply(y, square(y)))(x), v([1, 0, 0, 1], [2, 2])));
    expect(numbers(grad(trace)(v([1, 2])))).toEqual([6, 12]);
  });

  test("a Hessian and its products", () => {
    const g = (x: Floats) => multiply(sum(x), sum(square(x)));
    const x = v([1, 2]);
    // ∂²/∂xᵢ∂xⱼ = 2 xᵢ + 2 xⱼ + 2 δᵢⱼ Σ x
    expect(numbers(hessian(g)(x))).toEqual([10, 6, 6, 14]);
    expect(numbers(hvp(g, x, v([1, -1])))).toEqual([4, -8]);
    const { a } = hvp(({ a }: { a: Floats }) => g(a), { a: x }, { a: v([1, 0]) });
    expect(numbers(a)).toEqual([10, 6]);
  });
});

test("a vector-Jacobian product differentiated in its cotangent by forward mode is itself", () => {
  const { pullback } = vjp((x: Floats) => square(x), v([1, 2, 3]));
  expect(numbers(jvp((ct: Floats) => pullback(ct), v([0, 0, 0]), v([1, 10, 100])).tangent)).toEqual([2, 40, 600]);
});
