import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Arithmetic } from "../../src/arithmetic.ts";
import { OperationError } from "../../src/errors.ts";
import { type Subject, subjects } from "../arithmetics.ts";
import { runs, seed } from "../seed.ts";
import { Broken } from "./expectations.ts";

/** A statement about an arithmetic that holds for every case, and arithmetics with one thing wrong that it must catch. */
export interface Law<C> {
  readonly name: string;
  /** Cases tried on each arithmetic; 100 if not given. */
  readonly runs?: number;
  appliesTo?(subject: Subject): boolean;
  cases(subject: Subject): fc.Arbitrary<C>;
  /** Throws where the law is broken. */
  check(subject: Subject, drawn: C): void;
  /** What to put in the place of the arithmetic's own methods, by the name of the mistake. */
  defects(subject: Subject): Readonly<Record<string, Partial<Arithmetic<unknown>>>>;
}

interface Entry {
  readonly cases: number;
  readonly caught: number;
  readonly planted: number;
}

/** Tests of every law on every arithmetic that it applies to, each with its controls; prints their counts as a table. */
export function testLaws(title: string, laws: readonly Law<unknown>[], on: readonly Subject[] = subjects): void {
  const table = new Map<string, Map<string, Entry>>();
  for (const law of laws) {
    const row = new Map<string, Entry>();
    table.set(law.name, row);
    for (const subject of on.filter((one) => law.appliesTo?.(one) ?? true)) {
      test(`${subject.name}: ${law.name}`, () => {
        row.set(subject.name, tryLaw(law, subject));
      });
    }
  }
  afterAll(() => console.log(`${title}, seed ${seed}: cases, controls caught\n${render(table, on)}`));
}

function tryLaw(law: Law<unknown>, subject: Subject): Entry {
  let cases = 0;
  const settings = { seed, numRuns: runs(law.runs ?? 100) };
  const property = fc.property(law.cases(subject), (drawn) => {
    unlessUndefined(() => law.check(subject, drawn));
    cases++;
  });
  fc.assert(property, settings);
  expect(cases, "cases tried").toBeGreaterThan(0);

  const defects = Object.entries(law.defects(subject));
  const missed = defects.filter(([, methods]) => {
    const broken = { ...subject, arithmetic: { ...subject.arithmetic, ...methods } };
    return !catches(law, broken);
  });
  expect(defects.length, "controls").toBeGreaterThan(0);
  expect(
    missed.map(([mistake]) => mistake),
    "mistakes that the law does not catch",
  ).toEqual([]);
  return { cases, caught: defects.length - missed.length, planted: defects.length };
}

/** A residue that is 0 by chance has no reciprocal: that draw says nothing. */
function unlessUndefined(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof OperationError && error.message.endsWith("draw again")) fc.pre(false);
    throw error;
  }
}

/** Whether the law itself finds the arithmetic broken in some case; that the arithmetic throws there is not enough. */
function catches(law: Law<unknown>, broken: Subject): boolean {
  const property = fc.property(law.cases(broken), (drawn) => {
    try {
      law.check(broken, drawn);
    } catch (error) {
      if (error instanceof Broken) throw error;
    }
  });
  return fc.check(property, { seed, numRuns: Math.max(1000, runs(1000)), endOnFailure: true }).failed;
}

function render(table: ReadonlyMap<string, ReadonlyMap<string, Entry>>, on: readonly Subject[]): string {
  const names = on.map(({ name }) => name).filter((name) => [...table.values()].some((row) => row.has(name)));
  const cell = (entry: Entry | undefined): string => (entry ? `${entry.cases}, ${entry.caught}/${entry.planted}` : "-");
  const width = Math.max(...[...table.keys()].map((name) => name.length));
  const line = (first: string, cells: readonly string[]): string =>
    [first.padEnd(width), ...cells.map((text, i) => text.padStart(Math.max(names[i].length, 9)))].join("  ");
  return [
    line("", names),
    ...[...table].map(([law, row]) =>
      line(
        law,
        names.map((name) => cell(row.get(name))),
      ),
    ),
  ].join("\n");
}
