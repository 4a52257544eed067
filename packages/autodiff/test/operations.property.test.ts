import { type Arithmetic, dense, doubleDouble, float64, primeField, sizeOf, type Tensor } from "@gradproof/arithmetic";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { sum } from "../src/movement.ts";
import { add, multiply, square } from "../src/operations.ts";
import { grad, vjp } from "../src/transforms.ts";
import { type Variable, variable, wrap } from "../src/variable.ts";
import { centralDifference } from "./central-difference.ts";
import { type Operation, operations, range } from "./operation-table.ts";
import { runs } from "./settings.ts";
import { binary, elements, inner, isZero } from "./tensors.ts";
import { wrongOperations } from "./wrong-operations.ts";

/** Multiples of 1/64 within the range: of the inputs, of the output's cotangent, and of a direction. */
interface Point {
  readonly shapes: readonly (readonly number[])[];
  readonly inputs: readonly number[][];
  readonly cotangent: readonly number[];
  readonly direction: readonly number[][];
}

/** Two number systems to difference in: the second leaves no doubt, the first is what users have. */
const arithmetics = [
  { name: "float64", A: float64 as Arithmetic<Float64Array>, step: 2 ** -6 },
  { name: "double-double", A: dense(doubleDouble), step: 2 ** -12 },
];

const counts = { first: 0, exact: 0, second: 0, elements: 0 };
const widest = new Map<string, number>();

/** Points of an operation, in one of the cases of its shapes. */
function points({ shapes, kink = 0 }: Operation): fc.Arbitrary<Point> {
  const steps = (length: number) =>
    fc
      .array(fc.integer({ min: -64 * range, max: 64 * range }), { minLength: length, maxLength: length })
      .map((values) => values.map((k) => (Math.abs(k) < 64 * kink ? k + Math.sign(k + 0.5) * 64 * kink : k) / 64));
  return fc.constantFrom(...shapes).chain((all) =>
    fc.record({
      shapes: fc.constant(all),
      inputs: fc.tuple(...all.map((shape) => steps(sizeOf(shape)))),
      // As long as any output; never 0, for what it multiplies would not be seen.
      cotangent: steps(24).map((values) => values.map((value) => value || 1)),
      direction: fc.tuple(...all.map((shape) => steps(sizeOf(shape)))),
    }),
  );
}

/**
 * The cotangents of ⟨c, f(x)⟩ against central differences, element by element.
 *
 * A value of f errs by `roundings` of size u times the magnitude at most, to first order; so do its product with c and
 * the sum over the output's elements. The rule itself rounds as often, which is little beside the differences' division
 * by a step of 2^-9 or less.
 */
function checkFirst<S>(A: Arithmetic<S>, step: number, operation: Operation, point: Point): void {
  const { value, pullback } = vjp(
    (inputs: Variable<S>[]) => operation.apply(inputs),
    lift(A, point.shapes, point.inputs),
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
function checkSecond<S>(A: Arithmetic<S>, step: number, operation: Operation, point: Point): void {
  const direction = lift(A, point.shapes, point.direction);
  const squares = (inputs: readonly Variable<S>[]) => {
    const value = operation.apply(inputs);
    const ct = variable(A, point.cotangent.slice(0, sizeOf(value.shape)), value.shape);
    return sum(multiply(ct, square(value)));
  };
  const slope = (inputs: readonly Variable<S>[]) =>
    grad(squares)(inputs)
      .map((part, i) => sum(multiply(direction[i], part)))
      .reduce(add);
  const found = grad(slope)(lift(A, point.shapes, point.inputs));
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
      const { value, error } = centralDifference(A, (h) => scalar(lift(A, shapes, shifted(h))), step, moved);
      const distance = Math.abs(A.lower(binary(A, "subtract", element, value))[0]);
      if (!(distance <= error)) {
        const values = `${A.lower(element)[0]} by its rule, ${A.lower(value)[0]} by central differences`;
        throw new Error(`${law} of ${name}: argument ${argument}, element ${i}: ${values}, bound ${error}`);
      }
      counts.elements++;
      widest.set(A.name, Math.max(widest.get(A.name) ?? 0, error));
    });
  });
}

function lift<S>(A: Arithmetic<S>, shapes: Point["shapes"], values: readonly number[][]): Variable<S>[] {
  return shapes.map((shape, i) => variable(A, values[i], shape));
}

/** ⟨ȳ, f(x + v) − f(x − v)⟩ = 2 ⟨x̄, v⟩ over a prime field for a polynomial; for others the cotangent in closed form. */
function checkExact(operation: Operation, shapes: Point["shapes"], seed: number): void {
  const F = primeField(seed);
  const twice = (t: Tensor<Float64Array>) => binary(F, "add", t, t);
  // What decides a kink stays on its side of it: x has shadows of size 1/8 and more, v smaller ones.
  // The first element is positive, so that relu passes something on.
  const sign = (i: number) => (i > 0 && (seed + i) % 3 === 0 ? -1 : 1);
  const x = shapes.map((shape) =>
    F.uniform(
      shape,
      Array.from({ length: sizeOf(shape) }, (_, i) => sign(i) / 2),
    ),
  );
  const v = shapes.map((shape) => F.uniform(shape, new Array<number>(sizeOf(shape)).fill(2 ** -10)));
  const leaves = x.map((value) => wrap(F, value));
  const { value, pullback } = vjp((inputs: Variable<Float64Array>[]) => operation.apply(inputs), leaves);
  const ct = F.uniform(value.shape);
  const cotangents = pullback(wrap(F, ct)).map((part) => part.value);
  const fail = (problem: string) => {
    throw new Error(`exact rule of ${operation.name}: ${problem}`);
  };
  if (cotangents.every((part) => isZero(F, part))) fail("nothing to check, the gradient is 0");
  if (operation.exact === "polynomial") {
    const at = (side: "add" | "subtract") =>
      operation.apply(x.map((base, i) => wrap(F, binary(F, side, base, v[i])))).value;
    const difference = inner(F, ct, binary(F, "subtract", at("add"), at("subtract")));
    const product = cotangents.map((part, i) => inner(F, part, v[i])).reduce((a, b) => binary(F, "add", a, b));
    if (!F.same(difference, twice(product))) fail("⟨ȳ, f(x + v) − f(x − v)⟩ is not 2 ⟨x̄, v⟩");
  } else if (!F.same(cotangents[0], operation.exact(F, x[0], value.value, ct))) {
    fail("the cotangent is not the closed form");
  }
}

describe.each(operations)("$name", (operation) => {
  test.each(arithmetics)("agrees with central differences in $name", ({ A, step }) => {
    const law = fc.property(points(operation), (point) => {
      checkFirst(A, step, operation, point);
      counts.first++;
    });
    fc.assert(law, runs(A === float64 ? 40 : 15));
  });

  test("has the exact rule, over the prime field", () => {
    const law = fc.property(fc.constantFrom(...operation.shapes), fc.nat(), (shapes, seed) => {
      checkExact(operation, shapes, seed);
      counts.exact++;
    });
    fc.assert(law, runs(40));
  });

  test("has the right second derivative, by central differences of the first in double-double", () => {
    const [, { A, step }] = arithmetics;
    const law = fc.property(points(operation), (point) => {
      checkSecond(A, step, operation, point);
      counts.second++;
    });
    fc.assert(law, runs(10));
  });
});

describe("a wrong rule", () => {
  const [, { A, step }] = arithmetics;
  test.each(wrongOperations)("$mistake is refused", ({ operation, first, second }) => {
    const checks = [
      { refuses: first, name: "first derivative", check: (point: Point) => checkFirst(A, step, operation, point) },
      {
        refuses: first,
        name: "first derivative",
        check: (point: Point) => checkFirst(float64, 2 ** -6, operation, point),
      },
      { refuses: second, name: "second derivative", check: (point: Point) => checkSecond(A, step, operation, point) },
    ];
    for (const { refuses, name, check } of checks) {
      const run = () => fc.assert(fc.property(points(operation), check), { ...runs(5), endOnFailure: true });
      if (refuses) expect(run).toThrow(`${name} of ${operation.name}`);
      else run();
    }
    const exact = fc.property(fc.constantFrom(...operation.shapes), fc.nat(), (shapes, seed) =>
      checkExact(operation, shapes, seed),
    );
    const run = () => fc.assert(exact, { ...runs(5), endOnFailure: true });
    if (first) expect(run).toThrow(/exact rule of \w+: (⟨|the cotangent is not)/);
    else run();
  });
});

afterAll(() => {
  const { first, exact, second } = counts;
  console.log(
    `${operations.length} operations: ${first} points by central differences, ${exact} exactly over the prime field, ` +
      `${second} by central differences of the gradient; ${counts.elements} elements; largest bounds: ` +
      [...widest].map(([name, error]) => `${error.toExponential(0)} in ${name}`).join(", "),
  );
});
