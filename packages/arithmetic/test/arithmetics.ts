import fc from "fast-check";
import type { Arithmetic } from "../src/arithmetic.ts";
import { complex, setImaginary } from "../src/complex.ts";
import { dense } from "../src/dense.ts";
import { doubleDouble, setDoubleDouble } from "../src/double-double.ts";
import { type DualStore, dual } from "../src/dual.ts";
import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import { float32, float64 } from "../src/float.ts";
import { float64Field } from "../src/float64-field.ts";
import { integer } from "../src/integer.ts";
import * as op from "../src/operations.ts";
import { primeField } from "../src/prime-field.ts";
import { type SimdArithmetic, simd } from "../src/simd/simd.ts";
import { sizeOf, type Tensor } from "../src/tensor.ts";
import { type Numbers, numbersOf, scaledIntegers, smallIntegers } from "./draws.ts";
import { mathFunctions, naiveFloat32, naiveFloat64, naiveFloats } from "./naive-floats.ts";
import type { Abilities } from "./problems.ts";
import { seed } from "./seed.ts";

/** An arithmetic under test, and what the laws must know of it. */
export interface Subject extends Abilities {
  readonly name: string;
  readonly arithmetic: Arithmetic<unknown>;
  /** Naive kernels of the same bits, for an arithmetic that has kernels of its own, and for what lower gives of a shadow. */
  readonly reference?: Arithmetic<unknown>;
  /** Every operation is exact and every element but 0 has a reciprocal. */
  readonly field: boolean;
  /** Largest relative error of an elementary function, in units of the roundoff. */
  readonly functionError: number;
  /** Significant bits of the numbers that lift takes. */
  readonly bits: number;
  /** A tensor drawn for laws that hold for all elements, with all parts of an element drawn. */
  draw(values: readonly number[], shape: readonly number[]): Tensor<unknown>;
  /** Numbers for `draw` with which most operations round, if the arithmetic does. */
  readonly numbers: fc.Arbitrary<Numbers>;
  /** A tensor drawn for laws that need exact operations; the values are small integers. */
  drawExact(values: readonly number[], shape: readonly number[]): Tensor<unknown>;
  /** Numbers that lift takes and lower gives back bit for bit. */
  readonly held: fc.Arbitrary<number>;
  /** Numbers that lift refuses, with what `round` makes of them where it does not refuse them too. */
  readonly refused: readonly { readonly number: number; readonly rounded?: number }[];
}

const unary: readonly UnaryOperation[] = [
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
const binary: readonly BinaryOperation[] = ["add", "subtract", "multiply", "divide", "maximum"];
const notFinite = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((number) => ({ number }));
const rounds = notFinite.map(({ number }) => ({ number, rounded: number }));

/** A subject whose unnamed parts are those of a float64. */
type Of<S> = Partial<Omit<Subject, "draw" | "drawExact" | "reference">> & {
  readonly arithmetic: Arithmetic<S>;
  readonly reference?: Arithmetic<unknown>;
  draw?(values: readonly number[], shape: readonly number[]): Tensor<S>;
  drawExact?(values: readonly number[], shape: readonly number[]): Tensor<S>;
};

export function subject<S>({ arithmetic, ...of }: Of<S>): Subject {
  return {
    name: arithmetic.name,
    arithmetic,
    field: false,
    functionError: 1,
    bits: 53,
    unary,
    binary,
    rowKernels: true,
    draw: (values, shape) => arithmetic.round(values, shape),
    numbers: scaledIntegers(53),
    drawExact: (values, shape) => arithmetic.lift(values, shape),
    held: fc.double({ noNaN: true, noDefaultInfinity: true }),
    refused: rounds,
    ...of,
  };
}

/** Elements of two parts: the values, and the values from the last to the first. */
function inPairs<S>(arithmetic: Arithmetic<S>, put: (store: S, i: number, x: number, y: number) => void) {
  return (values: readonly number[], shape: readonly number[]): Tensor<S> => {
    const t = arithmetic.round(values, shape);
    values.forEach((x, i) => {
      put(t.store, t.offset + i, x, values[values.length - 1 - i]);
    });
    return t;
  };
}

const F = primeField(seed);
const doubleDoubles = dense(doubleDouble);
const complexes = dense(complex);
const dualFloats = dual(float64Field);
const duals = dense(dualFloats);
const dualDoubleDoubles = dual(doubleDouble);
const integers = dense(integer());

const drawComplex = inPairs(complexes, (store, i, _, y) => setImaginary(store, i, y));
const drawDual = inPairs(duals, (store: DualStore<Float64Array>, i, _, y) => {
  dualFloats.liftDerivative(store, i, y);
});
const drawDualDoubleDouble = inPairs(dense(dualDoubleDoubles), (store, i, x, y) => {
  setDoubleDouble(store.base, 2 * i, x, y * 2 ** -60);
  dualDoubleDoubles.liftDerivative(store, i, y);
});

const large = 2 ** 40;
const roundedNumbers = [
  ...rounds,
  { number: 0.1, rounded: 13421773 / 2 ** 27 },
  { number: 2 ** 24 + 1, rounded: 2 ** 24 },
  { number: 2 ** 24 + 3, rounded: 2 ** 24 + 4 },
  { number: 2 ** -150, rounded: 0 },
  { number: -(2 ** -150), rounded: -0 },
  { number: 2 ** 128, rounded: Number.POSITIVE_INFINITY },
];
/** What a subject of single precision has of its own. */
const single = {
  bits: 24,
  numbers: scaledIntegers(24),
  held: fc.float({ noNaN: true, noDefaultInfinity: true }),
  refused: roundedNumbers,
};

/** The naive kernels with the elementary functions of a SIMD arithmetic, each taken of one element alone. */
function naively(A: SimdArithmetic, rounded: (x: number) => number): Arithmetic<unknown> {
  const one = A.empty([1]);
  const own = (["tanh", "sigmoid", "exp", "log", "log1p"] as const).map((name) => {
    const apply = (x: number): number => {
      A.copy(one, A.round([x], [1]));
      A.unary(op[name], one, one);
      return A.lower(one)[0];
    };
    return [name, apply];
  });
  return dense(
    naiveFloats(`naive ${A.name}`, A.unitRoundoff, rounded, { ...mathFunctions, ...Object.fromEntries(own) }),
  );
}

const sameEverywhere = [simd("float64", { deterministic: true }), simd("float32", { deterministic: true })] as const;

/** Every arithmetic that the laws are tried on; a new number system is one more entry. */
export const subjects: readonly Subject[] = [
  subject({ arithmetic: float64, reference: dense(naiveFloat64) }),
  subject({
    arithmetic: float32,
    reference: dense(naiveFloat32),
    ...single,
  }),
  subject({
    name: "simd float64 deterministic",
    arithmetic: sameEverywhere[0],
    reference: naively(sameEverywhere[0], (x) => x),
    functionError: 4,
  }),
  subject({
    name: "simd float32 deterministic",
    arithmetic: sameEverywhere[1],
    reference: naively(sameEverywhere[1], Math.fround),
    ...single,
    functionError: 4,
  }),
  subject({ name: "simd float64", arithmetic: simd("float64"), functionError: 4 }),
  subject({ name: "simd float32", arithmetic: simd("float32"), ...single, functionError: 4 }),
  subject({ name: "dense(float64Field)", arithmetic: dense(float64Field), reference: dense(naiveFloat64) }),
  subject({
    arithmetic: doubleDoubles,
    draw: inPairs(doubleDoubles, (store, i, x, y) => setDoubleDouble(store, i, x, y * 2 ** -60)),
  }),
  subject({ arithmetic: complexes, draw: drawComplex, drawExact: drawComplex }),
  subject({ arithmetic: duals, draw: drawDual, drawExact: drawDual }),
  subject({ arithmetic: dense(dualDoubleDoubles), draw: drawDualDoubleDouble }),
  subject({
    arithmetic: integers,
    bits: 53,
    unary: ["negate", "square", "oneMinus", "relu", "step", "sign"],
    binary: ["add", "subtract", "multiply", "maximum"],
    rowKernels: false,
    numbers: smallIntegers,
    held: fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.maxSafeInteger()),
    refused: [...notFinite, { number: 0.5, rounded: 0 }, { number: 1.25, rounded: 1 }, { number: 2 ** 54 }],
  }),
  subject({
    name: "primeField",
    arithmetic: F,
    reference: dense(naiveFloat64),
    field: true,
    draw: (values, shape) => F.uniform(shape, values),
    drawExact: (values, shape) => F.uniform(shape, values),
    held: fc.oneof(
      fc.integer({ min: -1000, max: 1000 }).map((k) => k / 64),
      fc.integer({ min: -large, max: large }),
      fc.constantFrom(2 ** -1074, 2 ** 1023, 1 / 3),
    ),
    refused: notFinite,
  }),
];

/** A tensor of the drawn numbers. */
export function drawn(subject: Subject, numbers: Numbers, shape: readonly number[]): Tensor<unknown> {
  return subject.draw(numbersOf(numbers, shape), shape);
}

/** A tensor of small integers that every arithmetic computes with exactly. */
export function drawnExact(subject: Subject, numbers: Numbers, shape: readonly number[]): Tensor<unknown> {
  return subject.drawExact(numbersOf(numbers, shape), shape);
}

/** A tensor of that shape holding one integer everywhere. */
export function filled<S>(A: Arithmetic<S>, shape: readonly number[], integer: number): Tensor<S> {
  return A.lift(new Array<number>(sizeOf(shape)).fill(integer), shape);
}
