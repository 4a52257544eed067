import { LiftError, OperationError, primeField, type Random, random, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import { type CertifiedCase, type CertifiedRun, roundedUp } from "./certificate.ts";
import type { Derivation, Lengths, Named, Statement } from "./derivation.ts";
import { type Difference, differencesOf } from "./difference.ts";
import { errorBound } from "./error-bound.ts";
import { type Arbitrary, arbitrary, drawShadows, type Shadowed } from "./inputs.ts";
import { programSizes } from "./program-sizes.ts";

/** Inputs that two derivations do not agree on. */
export interface Counterexample {
  readonly lengths: Lengths;
  /** Numbers that the inputs may be taken for in floats: what the residues' shadows are. */
  readonly inputs: { readonly [name: string]: Shadowed };
  readonly seed: number;
  readonly primes: readonly [number, number];
  /** The first difference of each quantity, in the order in which the left derivation gives them. */
  readonly differences: readonly Difference[];
}

/** An operation that the prime field has no value for. */
export interface NotCovered {
  readonly verdict: "not covered";
  readonly operation: string;
  readonly reason: string;
}

export type CaseProof =
  | { readonly verdict: "proven"; readonly certified: CertifiedCase; readonly functions: readonly string[] }
  | { readonly verdict: "refuted"; readonly counterexample: Counterexample }
  | NotCovered;

/** Divisors that are 0 by chance are drawn again, so many times. */
const mostRedraws = 8;

/** One shape: the shadows are the same in all runs, so that all take the same branches. */
export function proveCase(statement: Statement, lengths: Lengths, runs: number, seed: number): CaseProof {
  const source = random(seed);
  const inputs = drawInputs(statement, lengths, source);
  const certifiedRuns: CertifiedRun[] = [];
  let elements = 0;
  for (let run = 0; run < runs; run++) {
    const outcome = compareOnce(statement, inputs, source);
    if ("operation" in outcome) return outcome;
    const { seed, primes, redraws, differences } = outcome;
    if (differences.length > 0) {
      return { verdict: "refuted", counterexample: { lengths, inputs, seed, primes, differences } };
    }
    elements = outcome.elements;
    certifiedRuns.push({ seed, primes, redraws });
  }
  const { sizes } = programSizes((A) => ({ sizes: pairsOf(bothOf(A, statement, inputs)) }));
  const errors = certifiedRuns.map(({ redraws }) => errorBound(sizes, redraws));
  const { degree, height, calls, comparisons } = sizes;
  const certified: CertifiedCase = {
    lengths,
    elements,
    degree,
    height,
    calls,
    comparisons,
    runs: certifiedRuns,
    errorPerRun: roundedUp(Math.max(...errors)),
    error: roundedUp(errors.reduce((product, error) => product * error, 1)),
  };
  return { verdict: "proven", certified, functions: Object.keys(sizes.functions) };
}

/** The differences in one run; or what cannot be computed, and why. */
function compareOnce(
  statement: Statement,
  inputs: Counterexample["inputs"],
  source: Random,
): NotCovered | (CertifiedRun & { readonly elements: number; readonly differences: readonly Difference[] }) {
  for (let redraws = 0; ; redraws++) {
    const seed = source.uint32();
    const F = primeField(seed);
    try {
      const [left, right] = bothOf(F, statement, inputs);
      const elements = Object.values(left).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      return { seed, primes: F.primes, redraws, elements, differences: differencesOf(F, left, right) };
    } catch (error) {
      const { reason, ...others } = notCovered(error);
      const byChance = reason.endsWith("draw again");
      if (!byChance) return { ...others, reason };
      if (redraws === mostRedraws)
        return { ...others, reason: reason.replace(/draw again$/, `drawn ${redraws + 1} times`) };
    }
  }
}

/** What an arithmetic has no value for; other errors are the derivation's own. */
export function notCovered(error: unknown): NotCovered {
  if (!(error instanceof OperationError || error instanceof LiftError)) throw error;
  const operation = error instanceof OperationError ? error.operation : "lift";
  return { verdict: "not covered", operation, reason: error.message };
}

/** What both give for the same inputs, each with copies of its own. */
function bothOf<S>(
  A: Arbitrary<S>,
  { left, right }: Statement,
  inputs: Counterexample["inputs"],
): [left: Named<S>, right: Named<S>] {
  const drawn = Object.entries(inputs).map(([name, input]): [string, Tensor<S>] => [name, arbitrary(A, input)]);
  const evaluate = (derivation: Derivation): Named<S> => {
    const copies = drawn.map(([name, tensor]) => {
      const copy = A.empty(tensor.shape);
      A.copy(copy, tensor);
      return [name, copy];
    });
    const quantities = derivation(A, Object.fromEntries(copies), A.field);
    if (Object.keys(quantities).length > 0) return quantities;
    throw new ArgumentError("proveEqual", derivation === left ? "left" : "right", "gives no quantity to compare");
  };
  return [evaluate(left), evaluate(right)];
}

/** Every quantity of both. */
function pairsOf<S>([left, right]: readonly [Named<S>, Named<S>]): [Tensor<S>, Tensor<S>][] {
  return Object.entries(left).map(([name, value]) => [value, right[name]]);
}

function drawInputs({ shapes }: Statement, lengths: Lengths, source: Random): Counterexample["inputs"] {
  const drawn = Object.entries(shapes(lengths)).map(([name, shape]) => [name, drawShadows(shape, source)]);
  return Object.fromEntries(drawn);
}
