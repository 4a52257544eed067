import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RnnCertificate } from "@gradproof/verification";
import { expect, test } from "vitest";
import { recorded } from "../recording-terminal.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const file = join(folder.path, "proof.json");
const proven = await recorded(["prove", "--problems", "4", "--runs", "1", "--seed", "1", "--certificate", file]);
const text = readFileSync(file, "utf8");

test("a certificate is written, and holds with its seed and another one", async () => {
  expect([proven.status, proven.err]).toEqual([0, ""]);
  const { status, out } = await recorded(["replay", file, "--seed", "2"]);
  expect(out).toMatch(
    /^✓ holds {2}.*proof\.json: the same again with its seed 1, and proven on 4 problems of seed 2, /,
  );
  expect(status).toBe(0);
});

test("replay --json is one line", async () => {
  const { status, out } = await recorded(["replay", file, "--seed", "2", "--json"]);
  expect(JSON.parse(out)).toMatchObject({ schema: 1, file, verdict: "holds", seed: 2 });
  expect(status).toBe(0);
});

type Writable<T> = T extends object ? { -readonly [key in keyof T]: Writable<T[key]> } : T;
type Change = (certificate: Writable<RnnCertificate>) => void;

const tampered: Readonly<Record<string, Change>> = {
  "a smaller error": (certificate) => {
    certificate.error /= 10;
  },
  "a count of mistakes refused": (certificate) => {
    for (const mistake of certificate.mistakes) mistake.refused++;
  },
  "a derivation left out": (certificate) => {
    certificate.derivations.pop();
  },
  "a rule left out": (certificate) => {
    certificate.rules.pop();
  },
  "another shape": (certificate) => {
    for (const { shape } of certificate.problems) shape.T = 1000;
  },
  "another seed": (certificate) => {
    certificate.seed = 7;
  },
  "a problem more": (certificate) => {
    certificate.problems.push(...certificate.problems.slice(0, 1));
  },
};

test.each(Object.entries(tampered))("refused: %s", async (_, change) => {
  const certificate = JSON.parse(text);
  change(certificate);
  const changed = join(folder.path, "changed.json");
  writeFileSync(changed, JSON.stringify(certificate));
  const { status, out } = await recorded(["replay", changed, "--seed", "2"]);
  expect(out).toMatch(/^✗ does not hold {2}.*changed\.json: certificate\.\S+ is .*; running it again gives /s);
  expect(status).toBe(1);
});

const unreadable: readonly (readonly [what: string, contents: string | undefined, sentence: string])[] = [
  ["no file", undefined, "there is no such file"],
  ["no JSON", "{", "it is no JSON"],
  ["no certificate", "[]", "it has not the form of a certificate"],
  ["a key too few", text.replace('"seed": 1,', ""), "must have required property"],
  ["one of something else", '{"statement":"GRU cell"}', 'it is about "GRU cell", of which gradproof has no programs'],
];

test.each(unreadable)("cannot be replayed: %s", async (_, contents, sentence) => {
  const other = join(folder.path, contents === undefined ? "none.json" : "other.json");
  if (contents !== undefined) writeFileSync(other, contents);
  const { status, out, err } = await recorded(["replay", other]);
  expect(err).toContain(sentence);
  expect([status, out]).toEqual([2, ""]);
});

test("where a certificate cannot be written, that is said before any work", async () => {
  const path = join(folder.path, "folder.json");
  mkdirSync(path);
  for (const [name, sentence] of [
    [path, "it is a folder"],
    [join(folder.path, "proof.txt"), "expected a name that ends in .json"],
  ] as const) {
    const { status, out, err } = await recorded(["prove", "--problems", "1000000", "--certificate", name]);
    expect(err).toContain(`the certificate ${name} cannot be written: ${sentence}`);
    expect([status, out]).toEqual([64, ""]);
  }
});
