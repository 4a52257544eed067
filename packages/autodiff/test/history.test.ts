import { float64 } from "@gradproof/arithmetic";
import { expect, test, vi } from "vitest";
import { add, multiply, square } from "../src/operations/elementwise.ts";
import { customVjp } from "../src/transforms/custom-vjp.ts";
import { jvp } from "../src/transforms/forward.ts";
import { grad, vjp } from "../src/transforms/reverse.ts";
import { node, type Variable, variable } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

type Floats = Variable<Float64Array>;
const scalar = (value: number) => variable(float64, [value], []);

test("a gradient inside another walks what it recorded itself, not what was recorded around it", () => {
  let reads = 0;
  const watched = (a: Floats): Floats => ({
    ...a,
    get inputs() {
      reads++;
      return a.inputs;
    },
  });
  const outer = (x: Floats) => {
    reads = 0;
    let history = x;
    for (let i = 0; i < 100; i++) history = watched(add(multiply(history, scalar(0.5)), x));
    let total = add(history, x);
    for (let i = 0; i < 10; i++) total = add(total, grad((y: Floats) => multiply(square(y), history))(total));
    expect(reads).toBe(0);
    return total;
  };
  const x = scalar(0.25);
  const slope = numbers(grad(outer)(x))[0];
  expect(reads).toBeGreaterThanOrEqual(100);
  const { tangent } = jvp(outer, x, scalar(1));
  // Twenty roundings of numbers of one size.
  expect(Math.abs(slope - numbers(tangent)[0]) / slope).toBeLessThan(2 ** -45);
});

test("what rules make has a history where a gradient is being taken around them, else none", () => {
  const orders: number[] = [];
  const watched = (a: Floats): Floats => {
    const rule = (ct: Floats, [own]: readonly Floats[]) => {
      const change = multiply(ct, multiply(own, scalar(2)));
      orders.push(change.order);
      return change;
    };
    return node(float64, "watched", square(a).value, [a], [rule], [rule]);
  };
  grad(watched)(scalar(3));
  expect(orders).toEqual([0]);
  expect(numbers(grad(grad(watched))(scalar(3)))).toEqual([2]);
  expect(orders[1]).toBeGreaterThan(0);
});

test("a variable that leaves a gradient has no history from there on, also where the function threw", () => {
  let kept = scalar(0);
  expect(() =>
    grad((x: Floats): Floats => {
      kept = square(x);
      throw new RangeError("no further");
    })(scalar(2)),
  ).toThrow("no further");
  const later = multiply(kept, kept);
  expect([later.order, later.inputs]).toEqual([0, []]);
  const gradient = grad((x: Floats) => multiply(x, kept))(kept);
  expect([gradient.order, gradient.inputs]).toEqual([0, []]);
});

test("a pullback that leaves the gradient around it still pulls back, without a history", () => {
  let pullback: (ct: Floats) => Floats = (ct) => ct;
  grad((x: Floats) => {
    pullback = vjp((y: Floats) => multiply(square(y), x), x).pullback;
    return x;
  })(scalar(3));
  const cotangent = pullback(scalar(1));
  expect([numbers(cotangent), cotangent.order]).toEqual([[18], 0]);
  expect(numbers(grad((ct: Floats) => square(pullback(ct)))(scalar(1)))).toEqual([648]);
});

test("a rule that gives back one of its inputs does not hand its history on", () => {
  const product = customVjp(
    ([a, b]: readonly Floats[]) => multiply(a, b),
    (_, [a, b]) => [b, a],
  );
  const gradient = grad((x: Floats) => product([square(x), x]))(scalar(3));
  expect([gradient.order, gradient.inputs]).toEqual([0, []]);
});

test("operations of another copy of the package are refused, as they would see no gradient being taken", async () => {
  vi.resetModules();
  const other = await import("../src/operations/elementwise.ts");
  expect(other.square).not.toBe(square);
  expect(() => grad((x: Floats) => other.square(x))(scalar(3))).toThrow(
    "square: an input of another copy of @gradproof/autodiff",
  );
});
