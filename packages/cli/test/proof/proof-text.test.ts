import { derivations, mistakes, proveRnn, type RnnProof } from "@gradproof/verification";
import { expect, test } from "vitest";
import { proofText } from "../../src/proof/proof-text.ts";
import { statusOfProof, verdictOf } from "../../src/proof/proof-verdict.ts";
import { palette } from "../../src/text/palette.ts";
import { wrongDerivation } from "./wrong-derivation.ts";

const style = { palette: palette(false), columns: 80 };
const options = { seed: 1, problems: 5, runs: 1 };
const proof = proveRnn({ ...options, derivations: derivations.slice(0, 2) });

test("a wrong derivation is refuted by a counterexample", () => {
  const refuted = proveRnn({ ...options, derivations: [wrongDerivation] });
  expect([verdictOf(refuted), statusOfProof(refuted)]).toEqual(["refuted", 1]);
  const text = proofText(refuted, style);
  expect(text).toContain("✗ refuted  0 of 1 derivations = autodiff on 5 random problems, seed 1");
  expect(text).toMatch(/back-propagation through time: the smallest counterexample\n {4}T \d+ B \d+ /);
  expect(text).toMatch(/first differences: Why\[0, 0\]; the first is -?[\d.e-]+ in floats,\s+autodiff's\s+-?[\d.e-]+/);
});

test.each(["mistakes", "control"] as const)("%s that are not refused where they show are no proof", (where) => {
  const unexpected = ["not refused: T 1"];
  const [first, ...others] = proof.derivations;
  const [mistake, ...rest] = proof.mistakes;
  if (first === undefined || mistake === undefined) throw new Error("nothing is proven");
  const failed: RnnProof =
    where === "mistakes"
      ? { ...proof, mistakes: [{ ...mistake, unexpected }, ...rest] }
      : { ...proof, derivations: [{ ...first, control: { ...first.control, unexpected } }, ...others] };
  expect([verdictOf(failed), statusOfProof(failed)]).toEqual(["controls-failed", 1]);
  expect(proofText(failed, style)).toContain("not refused: T 1");
});

test("a proof is one, with a row for every derivation and every mistake", () => {
  expect([verdictOf(proof), statusOfProof(proof)]).toEqual(["proven", 0]);
  const lines = proofText(proof, style).split("\n");
  expect(lines[0]).toBe("✓ proven  all 2 derivations = autodiff on 5 random problems, seed 1");
  for (const { name } of [...derivations.slice(0, 2), ...mistakes]) {
    expect(lines.filter((line) => line.startsWith(`  ${name} `))).toHaveLength(1);
  }
  expect(lines.every((line) => line.length <= 100)).toBe(true);
});
