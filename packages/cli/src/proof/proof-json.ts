import { errorOf, type RnnProof } from "@gradproof/verification";
import { line, schema } from "../json-lines.ts";
import { verdictOf } from "./proof-verdict.ts";

/** A proof as one line of JSON: its counts, without the list of its problems. */
export function proofJson(proof: RnnProof): string {
  const { seed, runs, problems, derivations, mistakes } = proof;
  return line({
    schema,
    verdict: verdictOf(proof),
    seed,
    problems: problems.length,
    runs,
    error: errorOf(...derivations),
    derivations: derivations.map(({ errors, ...derivation }) => ({ ...derivation, error: errorOf({ errors }) })),
    mistakes,
  });
}
