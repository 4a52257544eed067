import { seed } from "@gradproof/vitest-preset/settings";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { ArgumentError } from "../../src/errors.ts";
import type { Certificate } from "../../src/prove/certificate.ts";
import { certificateSchema } from "../../src/prove/certificate-schema.ts";
import type { Statement } from "../../src/prove/derivation.ts";
import { forwardMode } from "../../src/prove/forward-mode.ts";
import { proveEqual } from "../../src/prove/prove-equal.ts";
import { replay } from "../../src/prove/replay.ts";
import { byHand, lengths, loss, shapes } from "./gru-cell.ts";

const statement: Statement = {
  name: "GRU cell",
  left: byHand(),
  right: forwardMode(loss),
  lengths,
  shapes,
  rules: [{ rule: "σ′ = σ (1 − σ)", test: "packages/arithmetic/test/dual-rational.test.ts" }],
};
const certificate = certify();
const isCertificate = new Ajv2020().compile(certificateSchema);

function certify(): Certificate {
  const proof = proveEqual(statement, { seed, cases: 4 });
  if (proof.verdict !== "proven") throw new Error(JSON.stringify(proof));
  return proof.certificate;
}

/** As it comes back from a file. */
const read = (text = JSON.stringify(certificate)): Certificate => JSON.parse(text);

test("a certificate from a file holds: it is what its seed gives, and holds with another seed too", () => {
  expect(isCertificate(read())).toBe(true);
  const again = replay(read(), statement, seed + 1);
  if (!again.holds) throw new Error(again.reason);
  expect(again.own.seed).toBe(seed + 1);
  expect(again.own.cases).toHaveLength(4);
});

const tampered: Readonly<Record<string, (record: ReturnType<typeof writable>) => void>> = {
  "a smaller error": (record) => {
    record.cases[1].error /= 1000;
  },
  "a smaller degree": (record) => {
    record.cases[2].degree -= 1;
  },
  "a shape that was not proven": (record) => {
    record.cases[0].lengths.H = 64;
  },
  "other primes": (record) => {
    record.cases[0].runs[0].primes[0] += 2;
  },
  "another seed": (record) => {
    record.seed += 1;
  },
  "a run left out": (record) => {
    record.cases[3].runs.pop();
  },
  "a run twice": (record) => {
    record.cases[3].runs.push(record.cases[3].runs[0]);
  },
  "a case left out": (record) => {
    record.cases.pop();
  },
  "a function left out": (record) => {
    record.functions.pop();
  },
  "an assumption left out": (record) => {
    record.rules.pop();
  },
};

/** The certificate as what anyone may write. */
function writable() {
  type Writable<T> = T extends object ? { -readonly [key in keyof T]: Writable<T[key]> } : T;
  return read() as Writable<Certificate>;
}

test.each(Object.entries(tampered))("refused: %s", (_, change) => {
  const record = writable();
  change(record);
  const answer = replay(record as Certificate, statement, seed + 1);
  if (answer.holds) throw new Error("held");
  expect(answer.reason).toMatch(/^certificate\.\S+ is .*; running it again gives /);
});

test("refused: a certificate of the right derivation for a wrong one", () => {
  const answer = replay(read(), { ...statement, left: byHand("1 − a²") }, seed + 1);
  expect(answer).toEqual({ holds: false, reason: "with its seed: refuted: Wz differs" });
});

test("the certificate of another statement is not taken", () => {
  expect(() => replay(read(), { ...statement, name: "LSTM cell" }, 1)).toThrow(ArgumentError);
});

test.each<[string, object]>([
  ["a key too few", { cases: undefined }],
  ["a key too many", { proven: true }],
  ["a version to come", { schema: 2 }],
  ["a chance above 1", { error: 1.5 }],
  ["no case", { cases: [] }],
])("the schema refuses %s", (_, change) => {
  expect(isCertificate({ ...read(), ...change })).toBe(false);
});
