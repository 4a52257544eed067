import { random } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import { type Certificate, type CertifiedCase, roundedUp } from "./certificate.ts";
import type { Statement } from "./derivation.ts";
import { drawLengths, shorter } from "./lengths.ts";
import { type Counterexample, type NotCovered, proveCase } from "./prove-case.ts";

export interface ProveEqualOptions {
  /** The verifier's: one who writes the derivations must not choose it. */
  readonly seed: number;
  /** Shapes to prove it for; 20 unless given. */
  readonly cases?: number;
  /** Runs for each shape, each with primes and residues of its own; 2 unless given. */
  readonly runs?: number;
  /** Called after each case. */
  readonly onProgress?: (done: number, cases: number) => void;
}

export type Proof =
  | { readonly verdict: "proven"; readonly certificate: Certificate }
  | { readonly verdict: "refuted"; readonly counterexample: Counterexample }
  | NotCovered;

/**
 * Proves two derivations equal over a pair of prime fields, every element of every quantity, with a certificate that says
 * how sure that is; or refutes it with the smallest counterexample found. No tolerance, and nothing vanishes.
 *
 * @throws ArgumentError where the two do not give the same quantities and shapes.
 * @example
 * ```ts
 * const statement: Statement = {
 *   name: "(1 − x)² = 1 − x²",
 *   left(A, { x }) {
 *     const y = A.empty(x.shape);
 *     A.unary(op.oneMinus, y, x);
 *     A.unary(op.square, y, y);
 *     return { y };
 *   },
 *   right(A, { x }) {
 *     const y = A.empty(x.shape);
 *     A.unary(op.square, y, x);
 *     A.unary(op.oneMinus, y, y);
 *     return { y };
 *   },
 *   lengths: { N: [1, 3] },
 *   shapes: ({ N }) => ({ x: [N] }),
 * };
 * console.log(proveEqual(statement, { seed: 1 }).verdict); // -> refuted
 * ```
 */
export function proveEqual(statement: Statement, { seed, cases = 20, runs = 2, onProgress }: ProveEqualOptions): Proof {
  checkCount("cases", cases);
  checkCount("runs", runs);
  const source = random(seed);
  const certified: CertifiedCase[] = [];
  const functions = new Set<string>();
  const drawn = drawLengths(statement.lengths, cases, source);
  for (const lengths of drawn) {
    const proof = proveCase(statement, lengths, runs, source.uint32());
    if (proof.verdict === "refuted") return { ...proof, counterexample: smallest(statement, proof.counterexample) };
    if (proof.verdict === "not covered") return proof;
    certified.push(proof.certified);
    for (const name of proof.functions) functions.add(name);
    onProgress?.(certified.length, drawn.length);
  }
  const certificate: Certificate = {
    schema: 1,
    statement: statement.name,
    seed,
    cases: certified,
    error: roundedUp(
      Math.min(
        1,
        certified.reduce((sum, { error }) => sum + error, 0),
      ),
    ),
    functions: [...functions].sort(),
    branching: certified.some(({ comparisons }) => comparisons.count > 0),
    rules: statement.rules ?? [],
  };
  return { verdict: "proven", certificate };
}

/** Where an axis can be made shorter and the two still differ, that is done, until none can. */
function smallest(statement: Statement, found: Counterexample): Counterexample {
  for (const lengths of shorter(found.lengths, statement.lengths)) {
    const proof = proveCase(statement, lengths, 1, found.seed);
    if (proof.verdict === "refuted") return smallest(statement, proof.counterexample);
  }
  return found;
}

function checkCount(option: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new ArgumentError("proveEqual", option, `is ${count}; expected an integer >= 1`);
}
