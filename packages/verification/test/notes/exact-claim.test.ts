import type { PrimeField, Tensor } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { runClaim } from "../../src/notes/claim-run.ts";
import { type ExactClaim, exactClaim } from "../../src/notes/exact-claim.ts";
import { over, plus, scaled, squared, tanh } from "../../src/notes/matrices.ts";
import { seed } from "../settings.ts";

interface Pair {
  readonly F: PrimeField;
  readonly a: Tensor<Float64Array>;
  readonly b: Tensor<Float64Array>;
}

const square = ({ F, a, b }: Pair) => squared(F, plus(F, a, b));
/** a² + b² */
const withoutMixedTerm = ({ F, a, b }: Pair) => plus(F, squared(F, a), squared(F, b));

/** (a + b)² = a² + 2ab + b², against a² + b². */
const binomial: ExactClaim<Pair> = {
  row: "Binomial",
  statement: "the square of a sum",
  asWritten: "(a + b)^2 = a^2 + b^2",
  corrected: "(a + b)^2 = a^2 + 2 a b + b^2",
  verdict: "wrong",
  draw: (F) => ({ F, a: F.uniform([]), b: F.uniform([]) }),
  laws: [
    { name: "(a + b)² = (b + a)²", sides: (drawn) => [square(drawn), square({ ...drawn, a: drawn.b, b: drawn.a })] },
    { name: "(a + b)² is not a²", differ: true, sides: (drawn) => [square(drawn), squared(drawn.F, drawn.a)] },
  ],
  wrongReading: "as written",
  quantity: "(a + b)²",
  wrong: withoutMixedTerm,
  right: square,
  blindSpots: [{ when: "b = 0", draw: (F) => ({ F, a: F.uniform([]), b: F.lift([0], []) }) }],
  small: {
    unknowns: 2,
    build: (F, [a, b]) => ({ F, a: F.lift([a], []), b: F.lift([b], []) }),
    text: ([a, b]) => `a = ${a}, b = ${b}`,
  },
};

test("a right claim holds, its control is caught, and the counterexample is the simplest one", () => {
  const { cases, blindCases, control, failure } = runClaim(exactClaim(binomial), seed);
  expect(failure).toBeUndefined();
  expect({ cases, blindCases }).toEqual({ cases: 40, blindCases: 10 });
  expect(control).toEqual({ cases: 40, caught: 40, counterexample: "a = 1, b = 1: (a + b)² = 4, as written 2" });
});

describe("a claim fails", () => {
  const failureOf = (changed: Partial<ExactClaim<Pair>>) =>
    runClaim(exactClaim({ ...binomial, ...changed }), seed).failure;

  test("where a law does not hold", () => {
    const laws = [
      { name: "the mixed term is nothing", sides: (drawn: Pair) => [square(drawn), withoutMixedTerm(drawn)] as const },
    ];
    expect(failureOf({ laws })).toMatch(/^Binomial: the mixed term is nothing: different on case 0/);
  });
  test("where two sides are equal that should differ", () => {
    const laws = [
      { name: "never itself", differ: true, sides: (drawn: Pair) => [square(drawn), square(drawn)] as const },
    ];
    expect(failureOf({ laws })).toMatch(/^Binomial: never itself: equal on case 0/);
  });
  test("where a blind spot is none", () => {
    expect(
      failureOf({ blindSpots: [{ when: "b = 1", draw: (F) => ({ F, a: F.uniform([]), b: F.lift([1], []) }) }] }),
    ).toMatch(/the wrong reading shows although b = 1/);
  });
  test("where the control is not told apart", () => {
    expect(failureOf({ wrong: square })).toMatch(/no counterexample of integers/);
  });
  test("where cases are drawn from a blind spot", () => {
    expect(failureOf({ draw: (F) => ({ F, a: F.uniform([]), b: F.lift([0], []) }), laws: [] })).toBe(
      "the control is not told apart on 40 of 40 cases",
    );
  });
});

test("two readings that are the same for real numbers have no counterexample, although residues tell them apart", () => {
  // The addition theorem, which is none of the identities that the field's tanh satisfies.
  const claim = exactClaim({
    ...binomial,
    laws: [],
    blindSpots: [],
    wrong: ({ F, a, b }) => tanh(F, plus(F, a, b)),
    right: ({ F, a, b }) => {
      const [f, g] = [tanh(F, a), tanh(F, b)];
      return over(F, plus(F, f, g), plus(F, F.ratio(1, 1), scaled(F, f, g)));
    },
  });
  expect(() => claim.control(seed)).toThrow("no counterexample of integers");
});
