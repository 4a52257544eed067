import fc from "fast-check";
import { LiftError } from "../../src/errors.ts";
import * as op from "../../src/operations.ts";
import type { Subject } from "../arithmetics.ts";
import { Broken, expectBits, expectSame } from "./expectations.ts";
import type { Law } from "./law.ts";

/** What is lifted comes back bit for bit; only a prime field, where 0 has no sign, forgets that of -0. */
export const liftIsExact: Law<readonly number[]> = {
  name: "lower(lift(x)) = x",
  runs: 300,
  cases: ({ held }) => fc.array(held, { maxLength: 8 }),
  check(subject, values) {
    const A = subject.arithmetic;
    const expected = hasSignedZero(subject) ? values : values.map((x) => x + 0);
    expectBits(A.lower(A.lift(values, [values.length])), expected, "lift");
    expectBits(A.lower(A.round(values, [1, values.length])), expected, "round");
    expectSame(A, A.lift(values, [values.length]), A.round(values, [values.length]), "lift and round");
  },
  defects: (subject) => ({
    "lift truncates": {
      lift: (values, shape) =>
        subject.arithmetic.lift(
          Float64Array.from(values, (x) => x - (x % 2)),
          shape,
        ),
    },
    ...(hasSignedZero(subject) && {
      "lift loses the sign of 0": {
        lift: (values, shape) =>
          subject.arithmetic.lift(
            Float64Array.from(values, (x) => x + 0),
            shape,
          ),
      },
    }),
  }),
};

function hasSignedZero({ field, name }: Subject): boolean {
  return !field && name !== "integer";
}

/** What a lift would round it refuses, naming the number; `round` rounds it to nearest or refuses it too. */
export const liftRefuses: Law<{ readonly index: number; readonly good: readonly number[]; readonly at: number }> = {
  name: "lift refuses, round rounds",
  cases: ({ held, refused }) =>
    fc.record({ index: fc.nat(refused.length - 1), good: fc.array(held, { maxLength: 4 }), at: fc.nat(4) }),
  check({ arithmetic: A, refused }, { index, good, at }) {
    const { number, rounded } = refused[index];
    const values = good.toSpliced(at, 0, number);
    const put = Math.min(at, good.length);
    expectLiftError(() => A.lift(values, [values.length]), number);
    if (rounded === undefined) expectLiftError(() => A.round(values, [values.length]), number);
    else expectBits(A.lower(A.round(values, [values.length])).slice(put, put + 1), [rounded], `round(${number})`);
  },
  defects: ({ arithmetic: A }) => ({
    "lift takes everything": {
      lift: (values, shape) =>
        A.lift(
          Float64Array.from(values, (x) => (Number.isInteger(x) ? x : 0)),
          shape,
        ),
    },
    "round refuses nothing and rounds to 7": {
      round: (values, shape) =>
        A.lift(
          Float64Array.from(values, () => 7),
          shape,
        ),
    },
  }),
};

function expectLiftError(call: () => unknown, number: number): void {
  try {
    call();
  } catch (error) {
    const names =
      error instanceof LiftError && Object.is(error.value, number) && error.message.includes(String(number));
    if (names) return;
    throw error;
  }
  throw new Broken(`${number} was not refused`);
}

/** Sameness tells apart what differs in one element or in the shape alone. */
export const sameness: Law<{ readonly values: readonly number[]; readonly at: number }> = {
  name: "same tells apart",
  cases: ({ held }) => fc.record({ values: fc.array(held, { minLength: 1, maxLength: 8 }), at: fc.nat(7) }),
  check({ arithmetic: A }, { values, at }) {
    const other = values.with(at % values.length, values[at % values.length] === 1 ? 2 : 1);
    const [t, same, changed] = [values, [...values], other].map((numbers) => A.lift(numbers, [numbers.length]));
    const copied = A.empty(t.shape);
    A.copy(copied, t);
    const row = A.lift(values, [1, values.length]);
    const answers = [A.same(t, same), A.same(t, copied), A.same(t, changed), A.same(t, row), A.same(row, t)];
    if (answers.join() !== "true,true,false,false,false") throw new Broken(`same answers ${answers}`);
  },
  defects: ({ arithmetic: A }) => ({
    "always the same": { same: () => true },
    "looks at the shapes alone": { same: (a, b) => a.shape.join() === b.shape.join() },
    "looks at the elements alone": { same: (a, b) => A.lower(a).join() === A.lower(b).join() },
  }),
};

/** A ratio is the quotient in the number system; in a field a ratio times its denominator is the numerator. */
export const ratios: Law<readonly [number, number]> = {
  name: "ratio divides inside",
  cases: ({ binary }) => {
    const numerator = fc.integer({ min: -1000, max: 1000 });
    const denominator = fc.integer({ min: 2, max: 1000 }).chain((n) => fc.constantFrom(n, -n));
    if (binary.includes("divide")) return fc.tuple(numerator, denominator);
    return fc.tuple(numerator, denominator).map(([a, b]): [number, number] => [a * b, b]);
  },
  check({ arithmetic: A, field }, [numerator, denominator]) {
    const ratio = A.ratio(numerator, denominator);
    const divisor = A.lift([denominator], []);
    const out = A.empty([]);
    A.binary(op.divide, out, A.lift([numerator], []), divisor);
    expectSame(A, ratio, out, `ratio(${numerator}, ${denominator})`);
    if (!field) return;
    A.binary(op.multiply, out, ratio, divisor);
    expectSame(A, out, A.lift([numerator], []), `ratio(${numerator}, ${denominator}) ${denominator}`);
  },
  defects: ({ arithmetic: A, field }) => ({
    "the other way round": { ratio: (numerator, denominator) => A.ratio(denominator, numerator || 1) },
    ...(field && {
      "divides outside": { ratio: (numerator, denominator) => A.round([numerator / denominator], []) },
    }),
  }),
};
