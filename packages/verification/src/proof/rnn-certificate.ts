import { certificateParts, firstChange, type Rule, roundedUp } from "@gradproof/diagnostics";
import type { ProofShape } from "../proof-shape.ts";
import type { MistakeCount } from "../prove.ts";
import { type DerivationProof, errorOf, holds, type ProofProblem, type RnnProof } from "./rnn-proof.ts";
import { notCovered, rules } from "./rules.ts";

type Count = Pick<MistakeCount, "name" | "refused" | "inert">;

/** One derivation of a certificate: as {@link DerivationProof}, chances rounded up to two digits. */
export type CertifiedDerivation = Omit<DerivationProof, "counterexample" | "control" | "errors"> & {
  readonly control: Count;
  /** The largest chance that all runs of one problem accept what differs, and that any problem was accepted wrongly. */
  readonly errorPerProblem: number;
  readonly error: number;
};

/** What a proof of `rnn`'s derivations says; whoever has gradproof can replay it. */
export interface RnnCertificate {
  /** Version of the form: {@link rnnCertificateSchema} describes it. */
  readonly schema: 1;
  readonly statement: typeof certificateStatement;
  /** The verifier's, from which everything else is drawn. */
  readonly seed: number;
  readonly runs: number;
  readonly derivations: readonly CertifiedDerivation[];
  /** The chance that any derivation was accepted wrongly on any problem. */
  readonly error: number;
  readonly mistakes: readonly Count[];
  readonly rules: readonly Rule[];
  readonly notCovered: readonly Rule[];
  readonly problems: readonly ProofProblem[];
}

export const certificateStatement = "Every derivation of @gradproof/rnn is what autodiff gives" as const;

/**
 * The certificate of a proof.
 *
 * @throws RangeError where the proof does not hold: there is nothing to certify.
 */
export function certificateOf(proof: RnnProof): RnnCertificate {
  if (!holds(proof)) throw new RangeError("certificateOf: the proof does not hold; expected every derivation proven");
  const { seed, runs, problems, derivations, mistakes } = proof;
  return {
    schema: 1,
    statement: certificateStatement,
    seed,
    runs,
    derivations: derivations.map(certified),
    error: roundedUp(errorOf(...derivations)),
    mistakes: mistakes.map(countOf),
    rules,
    notCovered,
    problems,
  };
}

function certified({ counterexample: _, control, errors, ...derivation }: DerivationProof): CertifiedDerivation {
  return {
    ...derivation,
    errorPerRun: roundedUp(derivation.errorPerRun),
    errorPerProblem: roundedUp(Math.max(...errors)),
    error: roundedUp(errorOf({ errors })),
    control: countOf(control),
  };
}

function countOf({ name, refused, inert }: MistakeCount): Count {
  return { name, refused, inert };
}

/** Why a certificate is not what a proof with its seed gives; undefined where it is. */
export function disagreement(certificate: RnnCertificate, again: RnnProof): string | undefined {
  if (!holds(again)) return "running it again, the proof does not hold";
  return firstChange(certificate, certificateOf(again));
}

const { record, list, count, chance, seed, text, rule, primes } = certificateParts;
const flag = { type: "boolean" };
const counts = record({ name: text, refused: count, inert: count });
const lengths = Object.fromEntries(["T", "B", "I", "H", "O"].map((axis) => [axis, { type: "integer", minimum: 1 }]));
const flags = Object.fromEntries(["bxh", "bhh", "by", "mask", "zeroState"].map((part) => [part, flag]));
const shape: Readonly<Record<keyof ProofShape, object>> = {
  ...lengths,
  nonlinearity: { enum: ["tanh", "relu"] },
  loss: { enum: ["cross_entropy", "mse", "half_squared_error", "linear"] },
  reduction: { enum: ["sum", "mean"] },
  ...flags,
} as never;

/** The form of an {@link RnnCertificate}, as JSON Schema (2020-12). */
export const rnnCertificateSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Certificate that gradproof's derivations of an RNN's gradient are what autodiff gives",
  ...record({
    schema: { const: 1 },
    statement: { const: certificateStatement },
    seed,
    runs: { type: "integer", minimum: 1 },
    derivations: list(
      record({
        name: text,
        source: text,
        proven: count,
        elements: count,
        degree: count,
        height: count,
        calls: count,
        comparisons: count,
        errorPerRun: chance,
        errorPerProblem: chance,
        error: chance,
        control: counts,
      }),
      1,
    ),
    error: chance,
    mistakes: list(counts),
    rules: list(rule, 1),
    notCovered: list(rule),
    problems: list(
      record({
        shape: record(shape),
        seed,
        primes: list(primes, 1),
      }),
      1,
    ),
  }),
} as const;
