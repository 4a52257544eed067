import { ArgumentError } from "../errors.ts";
import type { Certificate } from "./certificate.ts";
import type { Statement } from "./derivation.ts";
import { type Proof, proveEqual } from "./prove-equal.ts";

/** Whether a certificate holds, and if not, why. */
export type Replay =
  | { readonly holds: true; readonly own: Certificate }
  | { readonly holds: false; readonly reason: string };

/**
 * Proves a certificate's statement again: with its seed, which must give the same certificate to the last digit, and with
 * a seed of the reader's own, so that nobody need trust how the first one was chosen.
 *
 * @param statement - the two derivations; a certificate does not hold them.
 * @param ownSeed - the reader's.
 * @throws ArgumentError for a statement of another name.
 */
export function replay(certificate: Certificate, statement: Statement, ownSeed: number): Replay {
  if (statement.name !== certificate.statement) {
    const named = `is "${statement.name}"; expected that of the certificate, "${certificate.statement}"`;
    throw new ArgumentError("replay", "statement.name", named);
  }
  const cases = certificate.cases.length;
  const runs = certificate.cases[0]?.runs.length ?? 1;
  const again = proveEqual(statement, { seed: certificate.seed, cases, runs });
  if (again.verdict !== "proven") return { holds: false, reason: `with its seed: ${outcomeOf(again)}` };
  const changed = firstChange(certificate, again.certificate);
  if (changed !== undefined) return { holds: false, reason: changed };
  const own = proveEqual(statement, { seed: ownSeed, cases, runs });
  if (own.verdict !== "proven") return { holds: false, reason: `with seed ${ownSeed}: ${outcomeOf(own)}` };
  return { holds: true, own: own.certificate };
}

function outcomeOf(proof: Exclude<Proof, { verdict: "proven" }>): string {
  if (proof.verdict === "not covered") return `not covered: ${proof.reason}`;
  return `refuted: ${proof.counterexample.differences[0].quantity} differs`;
}

/** The first entry, by its path, in which one record is not the other; undefined where there is none. */
export function firstChange(given: unknown, computed: unknown, path = "certificate"): string | undefined {
  if (Object.is(given, computed)) return undefined;
  if (!isObject(given) || !isObject(computed)) {
    return `${path} is ${JSON.stringify(given)}; running it again gives ${JSON.stringify(computed)}`;
  }
  for (const key of new Set([...Object.keys(given), ...Object.keys(computed)])) {
    const change = firstChange(given[key], computed[key], Array.isArray(given) ? `${path}[${key}]` : `${path}.${key}`);
    if (change !== undefined) return change;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
