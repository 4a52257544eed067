import { bptt } from "@gradproof/rnn";
import { mistakes, type ProofRun, proveBptt } from "@gradproof/verification";
import { expect, test } from "vitest";
import { statusOfProof, verdictOf } from "../../src/proof-verdict.ts";
import { palette } from "../../src/text/palette.ts";
import { proofText } from "../../src/text/proof-text.ts";

const style = { palette: palette(false), columns: 80 };
const run = proveBptt({ seed: 1, problems: 5 });

test("a wrong derivation is refuted by a counterexample", () => {
  const [mistake] = mistakes;
  const equations = { ...bptt<Float64Array>(), ...mistake?.equations<Float64Array>() };
  const refuted = proveBptt({ seed: 1, problems: 5, equations });
  expect([verdictOf(refuted), statusOfProof(refuted)]).toEqual(["refuted", 1]);
  const text = proofText(refuted, style);
  expect(text).toContain("✗ refuted  BPTT = autodiff on");
  expect(text).toMatch(/the smallest counterexample:\n {4}T \d+ B \d+ /);
  expect(text).toMatch(/first differences: .*\[[\d, ]+\]/);
});

test("controls that fail are no proof", () => {
  const [first, ...others] = run.mistakes;
  if (first === undefined) throw new Error("no mistakes");
  const failed: ProofRun = { ...run, mistakes: [{ ...first, unexpected: ["not refused: T 1"] }, ...others] };
  expect([verdictOf(failed), statusOfProof(failed)]).toEqual(["controls-failed", 1]);
  expect(proofText(failed, style)).toContain(`${first.name} not refused: T 1`);
});

test("a proof is one", () => {
  expect([verdictOf(run), statusOfProof(run)]).toEqual(["proven", 0]);
});
