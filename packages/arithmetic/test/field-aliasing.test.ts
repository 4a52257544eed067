import { describe, expect, test } from "vitest";
import { complex, setImaginary } from "../src/complex.ts";
import { doubleDouble, setDoubleDouble } from "../src/double-double.ts";
import { dual } from "../src/dual.ts";
import type { BinaryOperation, Field, UnaryOperation } from "../src/field.ts";
import { integer } from "../src/integer.ts";
import { rationalField } from "./rational-field.ts";

const unaryOperations: readonly UnaryOperation[] = [
  "negate",
  "square",
  "oneMinus",
  "reciprocal",
  "tanh",
  "sigmoid",
  "exp",
  "log",
  "log1p",
  "sqrt",
  "sin",
  "cos",
  "relu",
  "step",
  "sign",
];
const binaryOperations: readonly BinaryOperation[] = ["add", "subtract", "multiply", "divide", "maximum"];

/** Values of o, a and b; division is exact for the integers' sake. */
const triples: readonly (readonly [number, number, number])[] = [
  [5, 6, 3],
  [-5, -6, 3],
  [2, 1, -1],
  [7, 0, 4],
  [1, -8, -8],
];

/** One field, and how element i of a store becomes x with something in every part of it that depends on `part`. */
interface Case<S> {
  readonly field: Field<S>;
  readonly put: (store: S, i: number, x: number, part: number) => void;
}

/**
 * Every operation gives the same whether its output slot is apart, in the same store, or one of the inputs, and writes no
 * other slot. Returns the first violation.
 */
function aliasingViolation<S>({ field, put }: Case<S>): string | undefined {
  /** Slots 0 to 4: a guard, o, a, b, a guard. */
  function fresh(o: number, a: number, b: number): S {
    const store = field.store(5);
    for (const [i, x] of [1, o, a, b, 2].entries()) put(store, i, x, i);
    return store;
  }
  /** Runs it on slots of one store; false if it threw. */
  function attempt(body: () => void): boolean {
    try {
      body();
      return true;
    } catch {
      return false;
    }
  }

  const operations = [
    ...unaryOperations.map((name) => ({
      name,
      apply: (o: S, i: number, a: S, j: number, _b: S, _k: number) => field.unary(name)(o, i, a, j),
      slots: [
        [1, 2, 2],
        [2, 2, 2],
      ],
    })),
    ...binaryOperations.map((name) => ({
      name,
      apply: (o: S, i: number, a: S, j: number, b: S, k: number) => field.binary(name)(o, i, a, j, b, k),
      slots: [
        [1, 2, 3],
        [2, 2, 3],
        [3, 2, 3],
        [1, 2, 2],
        [2, 2, 2],
      ],
    })),
    {
      name: "multiplyAdd",
      apply: (o: S, i: number, a: S, j: number, b: S, k: number) => field.multiplyAdd(o, i, a, j, b, k),
      slots: [
        [1, 2, 3],
        [2, 2, 3],
        [3, 2, 3],
        [1, 2, 2],
        [2, 2, 2],
      ],
    },
  ];
  for (const { name, apply, slots } of operations) {
    for (const [o, a, b] of triples) {
      for (const [i, j, k] of slots) {
        const before = fresh(o, a, b);
        const [apart, left, right] = [field.store(1), field.store(1), field.store(1)];
        field.copy(apart, 0, before, i);
        field.copy(left, 0, before, j);
        field.copy(right, 0, before, k);
        const expected = attempt(() => apply(apart, 0, left, 0, right, 0));
        const found = attempt(() => apply(before, i, before, j, before, k));
        const context = `${field.name}: ${name}, slots o ${i}, a ${j}, b ${k}, values ${[o, a, b]}`;
        if (found !== expected) return `throws only with an alias: ${context}`;
        if (expected && !field.same(before, i, apart, 0)) return `another result: ${context}`;
        const untouched = fresh(o, a, b);
        for (let slot = 0; slot < 5; slot++) {
          if (slot !== i && !field.same(before, slot, untouched, slot)) return `slot ${slot} was written: ${context}`;
        }
      }
    }
  }
  return undefined;
}

const dualOfComplex = dual(complex);
const dualOfIntegers = dual(integer(53));
const dualOfRationals = dual(rationalField(1));
const dualOfDoubleDoubles = dual(doubleDouble);
const dualOfDuals = dual(dualOfDoubleDoubles);

function check<S>(field: Field<S>, put: Case<S>["put"]): void {
  test(field.name, () => {
    expect(aliasingViolation({ field, put })).toBeUndefined();
  });
}

describe("an output slot may be an input slot, in every operation of", () => {
  check(doubleDouble, (store, i, x, part) => setDoubleDouble(store, i, x, (part - 2.5) * 2 ** -60));
  check(complex, (store, i, x, part) => {
    complex.lift(store, i, x);
    setImaginary(store, i, part - 1.5);
  });
  check(integer(53), (store, i, x) => integer(53).lift(store, i, x));
  check(rationalField(1), (store, i, x) => rationalField(1).lift(store, i, x));
  check(dualOfDoubleDoubles, (store, i, x, part) => {
    dualOfDoubleDoubles.lift(store, i, x);
    dualOfDoubleDoubles.liftDerivative(store, i, part + 0.5);
  });
  check(dualOfComplex, (store, i, x, part) => {
    dualOfComplex.lift(store, i, x);
    dualOfComplex.liftDerivative(store, i, part + 0.5);
    setImaginary(store.base, 2 * i, 0.25);
  });
  check(dualOfIntegers, (store, i, x, part) => {
    dualOfIntegers.lift(store, i, x);
    dualOfIntegers.liftDerivative(store, i, 6 * part);
  });
  check(dualOfRationals, (store, i, x, part) => {
    dualOfRationals.lift(store, i, x);
    dualOfRationals.liftDerivative(store, i, part + 0.5);
  });
  check(dualOfDuals, (store, i, x, part) => {
    dualOfDuals.lift(store, i, x);
    dualOfDuals.liftDerivative(store, i, part + 0.5);
    dualOfDoubleDoubles.liftDerivative(store.base, 2 * i, 3 - part);
  });

  test("and a field that writes the real part too early is caught", () => {
    const hasty: Field<Float64Array> = {
      ...complex,
      binary: (operation) => (o, i, a, j, b, k) => {
        if (operation !== "multiply") return complex.binary(operation)(o, i, a, j, b, k);
        o[2 * i] = a[2 * j] * b[2 * k] - a[2 * j + 1] * b[2 * k + 1];
        o[2 * i + 1] = a[2 * j] * b[2 * k + 1] + a[2 * j + 1] * b[2 * k];
      },
    };
    const put = (store: Float64Array, i: number, x: number, part: number) => {
      complex.lift(store, i, x);
      setImaginary(store, i, part);
    };
    expect(aliasingViolation({ field: hasty, put })).toContain("another result: complex: multiply");
  });
});
