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
import type { PartialGradient, RnnDerivation, Setting, Sides } from "./derivation.ts";

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

/** Compares one derivation with autodiff on one problem, as {@link proveOnProblem} does. */
export function proveProblem(derivation: RnnDerivation, drawn: ProofShape, seed: number, runs: number): ProblemProof {
  return proveOnProblem([derivation], drawn, seed, runs)[0];
}

/**
 * Compares derivations with autodiff on one problem, in so many runs over primes of their own; the shadows, and so the
 * branches of relu, are the same in all of them. Controls run in the first. Derivations that are fit for the same shape
 * share problem, forward pass and autodiff.
 */
export function proveOnProblem(
  derivations: readonly RnnDerivation[],
  drawn: ProofShape,
  seed: number,
  runs: number,
): ProblemProof[] {
  const groups = new Map<string, RnnDerivation[]>();
  for (const derivation of derivations) {
    const shape = JSON.stringify(derivation.fit(drawn));
    groups.set(shape, [...(groups.get(shape) ?? []), derivation]);
  }
  const proofs = new Map<RnnDerivation, ProblemProof>();
  for (const group of groups.values()) {
    const found = proveGroup(group, group[0].fit(drawn), seed, runs);
    for (const [i, derivation] of group.entries()) proofs.set(derivation, found[i]);
  }
  return derivations.map((derivation) => proofs.get(derivation) as ProblemProof);
}

function proveGroup(group: readonly RnnDerivation[], shape: ProofShape, seed: number, runs: number): ProblemProof[] {
  const seeds = random(seed);
  const shadows = drawShadows(shape, random(seeds.uint32()));
  const fields: FieldRun[] = [];
  const found = group.map(() => ({
    elements: 0,
    differences: [] as readonly Difference[],
    control: { refused: false, inert: false },
    runs: [] as FieldRun[],
  }));
  while (fields.length < runs) {
    const own = seeds.uint32();
    const F = primeField(own);
    fields.push({ seed: own, primes: F.primes });
    const setting = settingOf(F, shape, shadows, seed);
    for (const [i, derivation] of group.entries()) {
      const proof = found[i];
      if (proof.differences.length > 0) continue;
      const { given, expected, control, inert } = sidesOf(derivation, setting);
      proof.differences = differencesOf(F, given, expected);
      proof.elements = elementsOf(given);
      proof.runs = [...fields];
      if (fields.length > 1) continue;
      proof.control = { refused: differencesOf(F, present(control()), expected).length > 0, inert };
    }
  }
  const sizes = programSizes((A) => {
    const setting = settingOf(A, shape, shadows, seed);
    const pairs = group.map((derivation) => {
      const { given, expected } = sidesOf(derivation, setting);
      return [derivation.name, Object.entries(given).map(([name, value]) => [value, expected[name]] as const)] as const;
    });
    return Object.fromEntries(pairs);
  });
  return group.map(({ name }, i) => ({ shape, seed, sizes: sizes[name], ...found[i] }));
}

function settingOf<S>(A: Arbitrary<S>, shape: ProofShape, shadows: ShadowProblem, seed: number): Setting<S> {
  const problem = arbitraryProblem(A, shadows.problem);
  return { A, shape, problem, trajectory: forward(A, problem), seed };
}

type PresentSides<S> = Omit<Sides<S>, "given" | "expected"> & { readonly given: Named<S>; readonly expected: Named<S> };

function sidesOf<S>(derivation: RnnDerivation, setting: Setting<S>): PresentSides<S> {
  const sides = derivation.sides(setting);
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
