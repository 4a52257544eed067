import { expect, test } from "vitest";
import type { CheckedFile } from "../src/checked-file.ts";
import { statusOf } from "../src/exit-status.ts";

type Verdict = CheckedFile["verdict"];

const table: readonly (readonly [verdicts: readonly Verdict[], status: number])[] = [
  [[], 0],
  [["match"], 0],
  [["match", "match"], 0],
  [["mismatch"], 1],
  [["error"], 2],
  [["inconclusive"], 3],
  [["fault"], 70],
  [["match", "inconclusive"], 3],
  [["inconclusive", "mismatch", "match"], 1],
  [["mismatch", "error", "inconclusive"], 2],
  [["error", "mismatch"], 2],
  [["match", "fault", "error", "mismatch", "inconclusive"], 70],
];

test.each(table)("%j end in %i", (verdicts, status) => {
  expect(statusOf(verdicts.map((verdict) => ({ verdict })))).toBe(status);
});
