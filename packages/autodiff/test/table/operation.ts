import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import type { Variable } from "../../src/variable.ts";

/** Inputs are multiples of 1/64 in [-range, range]. */
export const range = 2;

/** One row of the table of operations that drives the checks of all rules. */
export interface Operation {
  /** The exported name, and what is particular to the row. */
  readonly name: string;
  readonly apply: <S>(inputs: readonly Variable<S>[]) => Variable<S>;
  /** The shapes of the inputs, case by case. */
  readonly shapes: readonly (readonly (readonly number[])[])[];
  /** The largest value on the way for inputs within the range. */
  readonly magnitude: number;
  /** Roundings of an output element on the way, an elementary function counted as four. */
  readonly roundings: number;
  /** Inputs keep this distance from 0, where the operation has a kink or a pole. */
  readonly distance?: number;
  /** Inputs are positive. */
  readonly positive?: boolean;
  /**
   * How the rule is known exactly over a prime field. Polynomials of degree 2 or less, in all inputs together and between
   * kinks, have f(x + v) − f(x − v) = 2 J v; others have cotangents in closed form, from inputs and outputs; and "dual"
   * ones are known by dual numbers alone, carried through their kernels.
   */
  readonly exact: "polynomial" | "dual" | ClosedForm;
  /** Whether it computes with a square root as if its square were the radicand, which a field's oracle does not grant. */
  readonly squaresRoots?: boolean;
  /** Elements keep a distance from each other, where a tie would be a kink. */
  readonly apart?: boolean;
}

export type ClosedForm = <S>(A: Arithmetic<S>, x: readonly Tensor<S>[], y: Tensor<S>, ct: Tensor<S>) => Tensor<S>[];

/** What moves elements, without computing: nothing rounds. */
export const moved = { magnitude: range, roundings: 0, exact: "polynomial" } as const;

/** Shapes of two operands that broadcast. */
export const pairs = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[], [2]],
];

/** Shapes of one operand. */
export const one = [[[2, 3]], [[]]];
