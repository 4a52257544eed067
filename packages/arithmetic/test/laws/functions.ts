import fc from "fast-check";
import { logSumExp, softmax } from "../../src/composed.ts";
import * as op from "../../src/operations.ts";
import type { Tensor } from "../../src/tensor.ts";
import { drawn, drawnExact, type Subject } from "../arithmetics.ts";
import { type Numbers, numbersOf, scaledIntegers, smallIntegers } from "../draws.ts";
import { Broken, expectBits, expectSame } from "./expectations.ts";
import type { Law } from "./law.ts";

type Function = "tanh" | "sigmoid" | "exp" | "log" | "log1p" | "sqrt" | "sin" | "cos" | "reciprocal";

const references: Record<Function, (x: number) => number> = {
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  exp: Math.exp,
  log: (x) => Math.log(Math.abs(x)),
  log1p: (x) => Math.log1p(Math.abs(x)),
  sqrt: (x) => Math.sqrt(Math.abs(x)),
  sin: Math.sin,
  cos: Math.cos,
  reciprocal: (x) => 1 / x,
};

const hasFunctions = ({ rowKernels }: Subject): boolean => rowKernels;

/**
 * A function is the function of its name: what is lowered is within the arithmetic's own error and that of Math (2 units
 * in the last place allowed it) of what Math gives, log, log1p and sqrt at |x|.
 */
export const namesMeanFunctions: Law<{ readonly name: Function; readonly x: number }> = {
  name: "functions are those of their names",
  runs: 500,
  appliesTo: hasFunctions,
  cases: () =>
    fc.record({
      name: fc.constantFrom(...(Object.keys(references) as Function[])),
      x: fc.integer({ min: -4000, max: 4000 }).map((k) => (k === 0 ? 1 : k) / 256),
    }),
  check({ arithmetic: A, functionError }, { name, x }) {
    const argument = ["log", "log1p", "sqrt"].includes(name) ? Math.abs(x) : x;
    const out = A.lift([argument], []);
    A.unary(op[name], out, out);
    const [actual] = A.lower(out);
    const expected = references[name](x);
    const bound = (functionError * A.unitRoundoff + 2 ** -51) * Math.abs(expected);
    if (!(Math.abs(actual - expected) <= bound))
      throw new Broken(`${name}(${argument}) is ${actual}, expected ${expected}`);
  },
  defects: ({ arithmetic: A }) => ({
    "tanh of half": {
      unary(operation, out, a) {
        if (operation.name === "tanh") A.binary(op.multiply, out, a, A.ratio(1, 2));
        A.unary(operation, out, operation.name === "tanh" ? out : a);
      },
    },
    "sigmoid falls": {
      unary(operation, out, a) {
        A.unary(operation, out, a);
        if (operation.name === "sigmoid") A.unary(op.oneMinus, out, out);
      },
    },
    "sin and cos exchanged": {
      unary(operation, out, a) {
        A.unary(operation.name === "sin" ? op.cos : operation.name === "cos" ? op.sin : operation, out, a);
      },
    },
    "log1p forgets the 1": {
      unary(operation, out, a) {
        A.unary(operation.name === "log1p" ? op.log : operation, out, a);
      },
    },
    "log to the base 2": {
      unary(operation, out, a) {
        A.unary(operation, out, a);
        if (operation.name === "log") A.binary(op.divide, out, out, A.round([Math.LN2], []));
      },
    },
  }),
};

interface Rows {
  readonly numbers: Numbers;
  readonly rows: number;
  readonly length: number;
}

const rowCases = (numbers: fc.Arbitrary<Numbers>): fc.Arbitrary<Rows> =>
  fc.record({ numbers, rows: fc.integer({ min: 0, max: 3 }), length: fc.integer({ min: 1, max: 9 }) });

/** Uniform residues in a field; real numbers, without an imaginary part, elsewhere. */
function realRows(subject: Subject, numbers: Numbers, shape: readonly number[]): Tensor<unknown> {
  return subject.field ? drawn(subject, numbers, shape) : subject.arithmetic.round(numbersOf(numbers, shape), shape);
}

/**
 * Probabilities sum to 1: exactly in a field, else within N u for the sum of exponentials and u for each quotient, and
 * (N - 1) 2^-53 for adding them up here.
 */
export const softmaxSumsToOne: Law<Rows> = {
  name: "softmax sums to 1",
  runs: 300,
  appliesTo: hasFunctions,
  cases: () => rowCases(scaledIntegers(8)),
  check(subject, { numbers, rows, length }) {
    const A = subject.arithmetic;
    const p = A.empty([rows, length]);
    softmax(A, p, realRows(subject, numbers, [rows, length]));
    if (subject.field) {
      const sums = A.empty([rows, 1]);
      A.sum(sums, p, "write");
      expectSame(A, sums, A.lift(new Array<number>(rows).fill(1), [rows, 1]), "sum of softmax");
    }
    const values = A.lower(p);
    const bound = (length + 1) * A.unitRoundoff + length * 2 ** -52;
    for (let row = 0; row < rows; row++) {
      const probabilities = values.subarray(row * length, (row + 1) * length);
      const sum = probabilities.reduce((total, x) => total + x, 0);
      if (!(probabilities.every((x) => x >= 0) && Math.abs(sum - 1) <= bound)) {
        throw new Broken(`softmax sums to 1 + ${sum - 1}, bound ${bound}: ${probabilities}`);
      }
    }
  },
  defects: ({ arithmetic: A }) => ({
    "divides by the whole tensor's sum": {
      softmax(out, a) {
        A.unary(op.exp, out, a);
        const sum = A.empty(out.shape.map(() => 1));
        A.sum(sum, out, "write");
        A.binary(op.divide, out, out, sum);
      },
    },
    "forgets to divide": { softmax: (out, a) => A.unary(op.exp, out, a) },
  }),
};

/** Adding one number to a row leaves softmax as it is, bit for bit, and is added to log-sum-exp, exactly in a field. */
export const shiftInvariance: Law<Rows & { readonly shift: number }> = {
  name: "shifted rows",
  runs: 300,
  appliesTo: hasFunctions,
  cases: () =>
    fc.tuple(rowCases(smallIntegers), fc.integer({ min: -50, max: 50 })).map(([rows, shift]) => ({ ...rows, shift })),
  check(subject, { numbers, rows, length, shift }) {
    const A = subject.arithmetic;
    const z = drawnExact(subject, numbers, [rows, length]);
    const shifted = A.empty(z.shape);
    A.binary(op.add, shifted, z, A.ratio(shift, 1));
    const [p, q] = [A.empty(z.shape), A.empty(z.shape)];
    softmax(A, p, z);
    softmax(A, q, shifted);
    expectSameShadow(subject, p, q, "softmax of a shifted row");
    const [s, t] = [A.empty([rows, 1]), A.empty([rows, 1])];
    logSumExp(A, s, z);
    logSumExp(A, t, shifted);
    A.binary(op.subtract, t, t, A.ratio(shift, 1));
    if (subject.field) expectSame(A, t, s, "log-sum-exp of a shifted row");
    // Rounded twice, at most at 64 in size.
    const [first, second] = [A.lower(s), A.lower(t)];
    const apart = first.findIndex((x, i) => !(Math.abs(x - second[i]) <= 256 * (A.unitRoundoff + 2 ** -53)));
    if (apart >= 0) throw new Broken(`log-sum-exp of a shifted row: ${second} is not ${first}`);
  },
  defects: ({ arithmetic: A }) => ({
    "softmax weighs by the size": {
      softmax(out, a) {
        const square = A.empty(a.shape);
        A.unary(op.square, square, a);
        softmax(A, out, square);
      },
    },
    "log-sum-exp of the differences alone": {
      logSumExp(out, a) {
        const first = { ...a, shape: [...a.shape.slice(0, -1), 1] };
        logSumExp(A, out, a);
        A.binary(op.subtract, out, out, first);
      },
    },
  }),
};

function expectSameShadow(
  { arithmetic: A, field }: Subject,
  actual: Tensor<unknown>,
  expected: Tensor<unknown>,
  what: string,
) {
  expectSame(A, actual, expected, what);
  if (!field) expectBits(A.lower(actual), A.lower(expected), what);
}

/** Log-sum-exp is the log of what softmax divides by: exp(z - logSumExp z) = softmax z within rounding, and never below max z. */
export const logSumExpFits: Law<Rows> = {
  name: "log-sum-exp fits softmax",
  runs: 300,
  appliesTo: hasFunctions,
  cases: () => rowCases(scaledIntegers(8)),
  check(subject, { numbers, rows, length }) {
    const A = subject.arithmetic;
    const z = realRows(subject, numbers, [rows, length]);
    const [p, s] = [A.empty(z.shape), A.empty([rows, 1])];
    softmax(A, p, z);
    logSumExp(A, s, z);
    const [values, probabilities, sums] = [A.lower(z), A.lower(p), A.lower(s)];
    values.forEach((x, i) => {
      const sum = sums[Math.floor(i / length)];
      const expected = Math.exp(x - sum);
      // z and the sum are at most 512 in size: their errors are absolute in the exponent, N u more come from the sum,
      // and in float32 what is below its smallest normal number has an absolute error.
      const bound = (1024 + 4 * length) * (A.unitRoundoff + 2 ** -53) * expected + 2 ** -126;
      if (!(Math.abs(probabilities[i] - expected) <= bound && sum >= x)) {
        throw new Broken(`log-sum-exp ${sum}, softmax ${probabilities[i]}, expected ${expected} at ${x}`);
      }
    });
  },
  defects: ({ arithmetic: A }) => ({
    "largest alone": {
      logSumExp(out, a) {
        const values = A.lower(a);
        const length = a.shape[a.shape.length - 1];
        const largest = A.lower(out).map((_, i) => Math.max(...values.slice(i * length, (i + 1) * length)));
        A.copy(out, A.round(largest, out.shape));
      },
    },
    "forgets the last of a row": {
      logSumExp: (out, a) =>
        logSumExp(A, out, { ...a, shape: [...a.shape.slice(0, -1), Math.max(a.shape.at(-1)! - 1, 1)] }),
    },
  }),
};
