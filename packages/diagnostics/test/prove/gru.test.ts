import { seed } from "@gradproof/vitest-preset/settings";
import { expect, test } from "vitest";
import { forwardMode } from "../../src/prove/forward-mode.ts";
import { proveEqual } from "../../src/prove/prove-equal.ts";
import { byHand, lengths, loss, shapes } from "./gru-cell.ts";

const right = forwardMode(loss);

test("a GRU cell derived by hand is proven, with a certificate", () => {
  const proof = proveEqual({ name: "GRU cell", left: byHand(), right, lengths, shapes }, { seed });
  if (proof.verdict !== "proven") throw new Error(JSON.stringify(proof));
  const { certificate } = proof;
  console.log(JSON.stringify(certificate.cases.at(-1)), certificate.error);
  expect(certificate.cases).toHaveLength(6);
  expect(certificate.functions).toEqual(["sigmoid", "tanh"]);
  expect(certificate.error).toBeLessThan(1e-12);
  expect(certificate.error).toBeGreaterThan(0);
});

test("with the derivative of tanh for that of σ it is refuted, in the smallest cell, where it first shows", () => {
  const proof = proveEqual({ name: "GRU cell", left: byHand("1 − a²"), right, lengths, shapes }, { seed });
  if (proof.verdict !== "refuted") throw new Error(JSON.stringify(proof));
  expect(proof.counterexample.lengths).toEqual({ H: 1, I: 1 });
  const [first] = proof.counterexample.differences;
  expect(first.quantity).toBe("Wz");
  expect(first.left).not.toBe(first.right);
});
