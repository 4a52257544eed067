import * as op from "@gradproof/arithmetic/operations";
import { describe, expect, test } from "vitest";
import { derivations } from "../../src/proof/derivations.ts";
import { proveRnn } from "../../src/proof/prove-rnn.ts";
import { holds, joined } from "../../src/proof/rnn-proof.ts";
import { problems, seed } from "../settings.ts";

describe(`every derivation of rnn on ${problems / 2} random shapes, seed ${seed}`, () => {
  const proof = proveRnn({ seed, problems: problems / 2 });

  test.each(proof.derivations.map((derivation, i) => ({ ...derivation, mistake: derivations[i].mistake })))(
    "$name is autodiff's, and not where $mistake",
    ({ proven, elements, counterexample, control, degree, height, errorPerRun, errors }) => {
      console.log(
        `${proven} proven, ${elements} elements; control refused ${control.refused}, inert ${control.inert}; ` +
          `degree ${degree}, ${height} bits, ${errorPerRun.toExponential(1)} for a run, ${Math.max(...errors).toExponential(1)} for two`,
      );
      expect(counterexample).toBeUndefined();
      expect(proven).toBe(problems / 2);
      expect(elements).toBeGreaterThan(problems);
      expect(control.unexpected).toEqual([]);
      expect(control.refused + control.inert).toBe(problems / 2);
      expect(control.refused).toBeGreaterThan(problems / 8);
      expect(errorPerRun).toBeLessThan(1e-7);
      expect(Math.max(...errors)).toBeLessThan(1e-14);
    },
  );

  test("every mistake is refused wherever it shows, and is drawn where it does", () => {
    for (const { name, refused, inert, unexpected } of proof.mistakes) {
      expect(unexpected, name).toEqual([]);
      expect(refused, name).toBeGreaterThan(0);
      expect(refused + inert, name).toBe(problems / 2);
    }
    expect(holds(proof)).toBe(true);
  });
});

test("a proof in parts is the proof", () => {
  const options = { seed, problems: 6, derivations: derivations.slice(0, 3) };
  const parts = [0, 2, 5].map((first, i) => proveRnn({ ...options, part: { first, end: [2, 5, 6][i] } }));
  expect(joined(parts)).toEqual(proveRnn(options));
});

test("a derivation that is wrong is refuted, with the problem and the first element of each quantity", () => {
  const [, bptt] = derivations;
  const wrong: typeof bptt = {
    ...bptt,
    sides(setting) {
      const { given, ...sides } = bptt.sides(setting);
      if (given.Why) setting.A.unary(op.negate, given.Why, given.Why);
      return { ...sides, given };
    },
  };
  const proof = proveRnn({ seed, problems: 10, derivations: [wrong] });
  const [{ proven, counterexample }] = proof.derivations;
  expect(proven).toBe(0);
  expect(counterexample?.differences.map(({ quantity, index }) => [quantity, index])).toEqual([["Why", [0, 0]]]);
  expect(holds(proof)).toBe(false);
});

test("a control that is not refused where it shows is no proof", () => {
  const [, bptt] = derivations;
  const blind: typeof bptt = {
    ...bptt,
    sides(setting) {
      const sides = bptt.sides(setting);
      return { ...sides, control: () => sides.given };
    },
  };
  const proof = proveRnn({ seed, problems: 10, derivations: [blind] });
  expect(proof.derivations[0].control.unexpected[0]).toMatch(/^not refused: T \d+ B \d+ .*, seed \d+$/);
  expect(holds(proof)).toBe(false);
});
