import { type Arithmetic, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { expect } from "vitest";
import { add, multiply, square } from "../../src/operations/elementwise.ts";
import { sum } from "../../src/operations/reduction.ts";
import { grad, vjp } from "../../src/transforms/reverse.ts";
import { type Variable, variable } from "../../src/variable.ts";
import { type Operation, range } from "../table/operation.ts";
import { binary, elements, inner } from "../tensors.ts";
import { centralDifference } from "./central-difference.ts";
import { lifted, type Point } from "./point.ts";

/** What the checks by central differences have seen: elements compared, and the largest bound in each arithmetic. */
export const seen = { elements: 0, widest: new Map<string, number>() };

/**
 * The cotangents of ⟨c, f(x)⟩ against central differences, element by element.
 *
 * A value of f errs by `roundings` of size u times the magnitude at most, to first order; so do its product with c and
 * the sum over the output's elements. The rule itself rounds as often, which is little beside the differences' division
 * by a step of 2^-9 or less.
 */
export function checkFirst<S>(A: Arithmetic<S>, step: number, operation: Operation, point: Point): void {
  const { value, pullback } = vjp(
    (inputs: Variable<S>[]) => operation.apply(inputs),
    lifted(A, point.shapes, point.inputs),
  );
  const size = sizeOf(value.shape);
  const ct = variable(A, point.cotangent.slice(0, size), value.shape);
  const roundings = operation.roundings + size + 1;
  const moved = size * range * roundings * operation.magnitude * A.unitRoundoff;
  const scalar = (inputs: readonly Variable<S>[]) => inner(A, ct.value, operation.apply(inputs).value);
  compare(A, "first derivative", operation.name, point, pullback(ct), scalar, step, moved);
}

/**
 * The gradient of G(x) = ⟨d, ∇⟨c, f(x)²⟩⟩ against central differences of G; the square makes it depend on x where f is
 * linear. G takes fewer than 2^10 roundings of numbers below 2^14, which in double-double are nothing.
 */
export function checkSecond<S>(A: Arithmetic<S>, step: number, operation: Operation, point: Point): void {
  const direction = lifted(A, point.shapes, point.direction);
  const squares = (inputs: readonly Variable<S>[]) => {
    const value = operation.apply(inputs);
    const ct = variable(A, point.cotangent.slice(0, sizeOf(value.shape)), value.shape);
    return sum(multiply(ct, square(value)));
  };
  const slope = (inputs: readonly Variable<S>[]) =>
    grad(squares)(inputs)
      .map((part, i) => sum(multiply(direction[i], part)))
      .reduce(add);
  const found = grad(slope)(lifted(A, point.shapes, point.inputs));
  compare(A, "second derivative", operation.name, point, found, (x) => slope(x).value, step, 2 ** 24 * A.unitRoundoff);
}

function compare<S>(
  A: Arithmetic<S>,
  law: string,
  name: string,
  { shapes, inputs }: Point,
  found: readonly Variable<S>[],
  scalar: (inputs: readonly Variable<S>[]) => Tensor<S>,
  step: number,
  moved: number,
): void {
  found.forEach((part, argument) => {
    expect(part.shape, `shape of the gradient of argument ${argument}`).toEqual(shapes[argument]);
    elements(part.value).forEach((element, i) => {
      const shifted = (h: number) =>
        inputs.map((values, k) => values.map((x, j) => (k === argument && j === i ? x + h : x)));
      const { value, error } = centralDifference(A, (h) => scalar(lifted(A, shapes, shifted(h))), step, moved);
      const distance = Math.abs(A.lower(binary(A, "subtract", element, value))[0]);
      if (!(distance <= error)) {
        const values = `${A.lower(element)[0]} by its rule, ${A.lower(value)[0]} by central differences`;
        throw new Error(`${law} of ${name}: argument ${argument}, element ${i}: ${values}, bound ${error}`);
      }
      seen.elements++;
      seen.widest.set(A.name, Math.max(seen.widest.get(A.name) ?? 0, error));
    });
  });
}
