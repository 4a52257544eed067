import { describe, expect, test } from "vitest";
import type { TestedClaim } from "../../src/notes/claim.ts";
import { claims } from "../../src/notes/claims.ts";
import { seed } from "../settings.ts";

/** Seeds to check each claim with: one, GRADPROOF_RUNS times as many. */
const seeds = Array.from(
  { length: Math.max(1, Math.round(Number(process.env.GRADPROOF_RUNS ?? 1))) },
  (_, i) => seed + i,
);

const tested = claims.filter((claim): claim is TestedClaim => claim.kind !== "qualitative");

describe.each(tested)("$row: $statement", ({ wrongReading, blindSpots, check, control }) => {
  test("holds", () => {
    for (const from of seeds) expect(check(from).cases).toBeGreaterThan(0);
  });

  test(`refuses ${wrongReading}`, () => {
    for (const from of seeds) {
      const { cases, caught, counterexample } = control(from);
      expect(cases).toBeGreaterThan(0);
      expect(caught).toBe(cases);
      expect(counterexample).not.toBe("");
    }
  });

  const shown = blindSpots.flatMap(({ when, shown: show }) => (show ? [{ when, show }] : []));
  if (shown.length > 0) {
    test.each(shown)("cannot tell it apart where $when", ({ show }) => {
      for (const from of seeds) expect(show(from)).toBeGreaterThan(0);
    });
  }
});

test("every equation of the notes has a row, 1 to 27, and none is there by the same name and statement twice", () => {
  const numbers = claims.flatMap(({ row }) => {
    const [, first, last] = /^Eqs\. (\d+) to (\d+)$/.exec(row) ?? [];
    if (first !== undefined) {
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
    }
    return row.startsWith("Eq") ? Array.from(row.matchAll(/\d+/g), ([number]) => Number(number)) : [];
  });
  expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(Array.from({ length: 27 }, (_, i) => i + 1));
  expect(new Set(claims.map(({ row, statement }) => `${row}: ${statement}`)).size).toBe(claims.length);
});

test("the other places of the notes have rows too", () => {
  const rows = new Set(claims.map(({ row }) => row));
  const places = ["Text (a), (b)", "Definitions", "h_0", "(i) to (iv)", "(a), k = 2", "(*) (a)", "(*) (b)"];
  const conclusions = ["i", "ii", "iii", "iv", "v"].map((number) => `Conclusion (${number})`);
  for (const row of [...places, "Open question", "Blank", ...conclusions]) expect(rows, row).toContain(row);
});

test("only what says nothing that could fail has no test, and says why", () => {
  const without = claims.filter(({ kind }) => kind === "qualitative");
  expect(without.map(({ row }) => row)).toEqual(["Conclusion (v)"]);
  for (const claim of without) expect(claim.kind === "qualitative" && claim.reason.length).toBeGreaterThan(40);
});
