import { type Arithmetic, at, float64, primeField, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { seed } from "@gradproof/vitest-preset/settings";
import { describe, expect, test } from "vitest";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { tanh } from "../src/operations/functions.ts";
import { sum } from "../src/operations/reduction.ts";
import { at as part } from "../src/operations/selection.ts";
import { grad } from "../src/transforms/reverse.ts";
import { stopGradient, type Variable, variable, wrap } from "../src/variable.ts";
import { binary, numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;

const scalar = (value: number) => variable(float64, [value], []);

test("what is stopped is a constant: d/dx [x · stop(x)] = x", () => {
  expect(numbers(grad((x: Floats) => multiply(x, stopGradient(x)))(scalar(3)))).toEqual([3]);
  expect(numbers(grad((x: Floats) => stopGradient(square(x)))(scalar(3)))).toEqual([0]);
});

test("to gradients of every order: d/dx of x · stop(x) is stop(x), and its derivative 0 + 0", () => {
  const first = grad((x: Floats) => multiply(square(x), stopGradient(x)));
  // d/dx [x² s] = 2 x s and d²/dx² = 2 s, with s = x: the stopped factor never contributes.
  expect([numbers(first(scalar(5))), numbers(grad((x: Floats) => first(x))(scalar(5)))]).toEqual([[50], [10]]);
});

test("an inner gradient, stopped, is a constant to the outer one: d/dx [x · stop(d/dx x³)] = 3 x²", () => {
  const cube = (x: Floats) => multiply(x, square(x));
  const f = (x: Floats) => multiply(x, stopGradient(grad(cube)(x)));
  expect(numbers(grad(f)(scalar(2)))).toEqual([12]);
});

test("what is stopped does not hinder its other uses: d/dx [x² + stop(x) x] = 3 x", () => {
  const f = (x: Floats) => add(square(x), multiply(stopGradient(x), x));
  expect(numbers(grad(f)(scalar(7)))).toEqual([21]);
});

describe("a chain h_t = tanh(w h_(t−1) + x_t) with loss Σ h_t², its gradient stopped before every `window`th step", () => {
  const steps = 7;

  /** dJ/dw by the graph. */
  function byGraph<S>(A: Arithmetic<S>, w: Tensor<S>, x: Tensor<S>, window: number): Tensor<S> {
    const inputs = wrap(A, x);
    const loss = (weight: Variable<S>) => {
      let h = wrap(A, A.ratio(0, 1));
      let total = wrap(A, A.ratio(0, 1));
      for (let t = 0; t < steps; t++) {
        if (t % window === 0) h = stopGradient(h);
        h = tanh(add(multiply(weight, h), part(inputs, t)));
        total = add(total, square(h));
      }
      return sum(total);
    };
    return grad(loss)(wrap(A, w)).value;
  }

  /** dJ/dw = Σ_t 2 h_t Σ_k [Π_(k<j≤t) w (1 − h_j²)] (1 − h_k²) h_(k−1), k from the start of t's window. */
  function byFormula<S>(A: Arithmetic<S>, w: Tensor<S>, x: Tensor<S>, window: number): Tensor<S> {
    const times = (a: Tensor<S>, b: Tensor<S>) => binary(A, "multiply", a, b);
    const [zero, one, two] = [0, 1, 2].map((n) => A.ratio(n, 1));
    const states = [zero];
    const slopes: Tensor<S>[] = [];
    for (let t = 0; t < steps; t++) {
      const h = A.empty([]);
      A.unary(op.tanh, h, binary(A, "add", times(w, states[t]), at(x, t)));
      states.push(h);
      slopes.push(binary(A, "subtract", one, times(h, h)));
    }
    let total = zero;
    for (let t = 0; t < steps; t++) {
      for (let k = t - (t % window); k <= t; k++) {
        let term = times(times(two, states[t + 1]), times(slopes[k], states[k]));
        for (let j = k + 1; j <= t; j++) term = times(term, times(w, slopes[j]));
        total = binary(A, "add", total, term);
      }
    }
    return total;
  }

  test.each([1, 2, 3, 6, 7, 8])("window %i: the truncated formula, exactly over the prime field", (window) => {
    const F = primeField(seed);
    const [w, x] = [F.uniform([]), F.uniform([steps])];
    const found = byGraph(F, w, x, window);
    expect(F.same(found, byFormula(F, w, x, window))).toBe(true);
    // The control: only where nothing is cut off is it the whole gradient.
    expect(F.same(found, byFormula(F, w, x, steps))).toBe(window >= steps);
    expect(F.same(found, byFormula(F, w, x, window === 1 ? 2 : window - 1))).toBe(window === 8);
  });

  test("in float64, within the roundings of a few dozen operations on numbers below 8", () => {
    const x = float64.lift([0.5, -1, 0.25, 0.75, -0.5, 1, 0.125], [steps]);
    const w = float64.lift([0.875], []);
    for (const window of [1, 3, steps]) {
      const [found, expected] = [byGraph(float64, w, x, window), byFormula(float64, w, x, window)];
      expect(Math.abs(float64.lower(found)[0] - float64.lower(expected)[0])).toBeLessThan(64 * 8 * 2 ** -53);
    }
  });
});
