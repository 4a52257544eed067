import { primeField, random, sizeOf } from "@gradproof/arithmetic";
import {
  type Arbitrary,
  type Difference,
  differencesOf,
  type Named,
  programSizes,
  type Sizes,
} from "@gradproof/diagnostics";
import { forward } from "@gradproof/rnn";
import type { ProofShape } from "../proof-shape.ts";
import { arbitraryProblem, drawShadows, type ShadowProblem } from "../uniform-problem.ts";
import type { PartialGradient, RnnDerivation, Sides } from "./derivation.ts";

/** A run over one pair of primes. */
export interface FieldRun {
  readonly seed: number;
  readonly primes: readonly [number, number];
}

/** What became of one derivation on one problem. */
export interface ProblemProof {
  readonly shape: ProofShape;
  readonly seed: number;
  readonly runs: readonly FieldRun[];
  /** Elements compared in each run. */
  readonly elements: number;
  /** Of the first run that has any; empty where the derivation is proven. */
  readonly differences: readonly Difference[];
  readonly sizes: Sizes;
  readonly control: { readonly refused: boolean; readonly inert: boolean };
}

/**
 * Compares a derivation with autodiff on one problem, in so many runs over primes of their own; the shadows, and so the
 * branches of relu, are the same in all of them. The control runs in the first.
 */
export function proveProblem(derivation: RnnDerivation, drawn: ProofShape, seed: number, runs: number): ProblemProof {
  const shape = derivation.fit(drawn);
  const seeds = random(seed);
  const shadows = drawShadows(shape, random(seeds.uint32()));
  const done: FieldRun[] = [];
  const control = { refused: false, inert: false };
  let [elements, differences]: [number, readonly Difference[]] = [0, []];
  while (done.length < runs && differences.length === 0) {
    const own = seeds.uint32();
    const F = primeField(own);
    const { given, expected, ...mistaken } = sidesOf(F, derivation, shape, shadows, seed);
    differences = differencesOf(F, given, expected);
    elements = elementsOf(given);
    if (done.length === 0) {
      control.refused = differencesOf(F, present(mistaken.control()), expected).length > 0;
      control.inert = mistaken.inert;
    }
    done.push({ seed: own, primes: F.primes });
  }
  const { sizes } = programSizes((A) => {
    const { given, expected } = sidesOf(A, derivation, shape, shadows, seed);
    return { sizes: Object.entries(given).map(([name, value]) => [value, expected[name]] as const) };
  });
  return { shape, seed, runs: done, elements, differences, sizes, control };
}

type PresentSides<S> = Omit<Sides<S>, "given" | "expected"> & { readonly given: Named<S>; readonly expected: Named<S> };

function sidesOf<S>(
  A: Arbitrary<S>,
  derivation: RnnDerivation,
  shape: ProofShape,
  shadows: ShadowProblem,
  seed: number,
): PresentSides<S> {
  const problem = arbitraryProblem(A, shadows.problem);
  const sides = derivation.sides({ A, shape, problem, trajectory: forward(A, problem), seed });
  return { ...sides, given: present(sides.given), expected: present(sides.expected) };
}

/** The quantities that the problem has. */
export function present<S>(gradient: PartialGradient<S>): Named<S> {
  return Object.fromEntries(Object.entries(gradient).filter(([, value]) => value !== undefined)) as Named<S>;
}

/** How many numbers a gradient has. */
export function elementsOf(gradient: Named<unknown>): number {
  return Object.values(gradient).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
