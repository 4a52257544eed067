import { float32, float64, LiftError, primeField, ShapeError } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { add, multiply } from "../src/operations/elementwise.ts";
import { grad } from "../src/transforms/reverse.ts";
import { stopGradient, type Variable, variable, wrap } from "../src/variable.ts";
import { numbers } from "./tensors.ts";

test("a variable is a vector unless a shape is given", () => {
  expect(variable(float64, [1, 2, 3]).shape).toEqual([3]);
  expect(variable(float64, [1, 2, 3, 4], [2, 2]).shape).toEqual([2, 2]);
  expect(variable(float64, [5], []).shape).toEqual([]);
  expect(numbers(variable(float64, Float32Array.of(0.5, 0.25)))).toEqual([0.5, 0.25]);
});

test("a leaf and what is made of leaves alone have no inputs; what a gradient reaches has them", () => {
  const x = variable(float64, [2], []);
  expect([x.operation, x.inputs, x.vjps, x.order]).toEqual(["variable", [], [], 0]);
  const outside = multiply(x, x);
  expect([outside.operation, outside.inputs, outside.vjps, outside.order]).toEqual(["multiply", [], [], 0]);
  grad((y: Variable<Float64Array>) => {
    const inside = multiply(y, outside);
    expect([y.operation, y.inputs]).toEqual(["input", [x]]);
    expect([inside.operation, inside.inputs, inside.vjps.length]).toEqual(["multiply", [y, outside], 2]);
    expect(y.order).toBeGreaterThan(0);
    expect(inside.order).toBeGreaterThan(y.order);
    return inside;
  })(x);
});

test("numbers are held exactly or refused", () => {
  expect(() => variable(float32, [0.1])).toThrow(LiftError);
  expect(() => variable(float64, [1, Number.NaN])).toThrow(LiftError);
  expect(() => variable(float64, [1, 2, 3], [2])).toThrow(ShapeError);
});

test("a wrapped tensor is not copied", () => {
  const F = primeField(1);
  const tensor = F.uniform([2]);
  expect(wrap(F, tensor).value).toBe(tensor);
  expect(F.same(add(wrap(F, tensor), wrap(F, F.lift([0, 0], [2]))).value, tensor)).toBe(true);
});

test("stopGradient keeps the value and no history; what has none already is given back", () => {
  const x = variable(float64, [2], []);
  expect(stopGradient(x)).toBe(x);
  grad((y: Variable<Float64Array>) => {
    const stopped = stopGradient(multiply(y, y));
    expect([stopped.operation, stopped.inputs, stopped.order, ...numbers(stopped)]).toEqual(["variable", [], 0, 4]);
    return multiply(y, stopped);
  })(x);
});
