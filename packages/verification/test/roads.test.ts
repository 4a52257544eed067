import { expect, test } from "vitest";
import { proveRoads } from "../src/prove-roads.ts";
import { roads } from "../src/roads.ts";
import { printRow, problems, seed } from "./settings.ts";

test(`every derivation of the gradient is autodiff's on ${problems} random shapes, and not with W_hh transposed`, () => {
  const proofs = proveRoads({ seed, problems });
  expect(proofs.map(({ name }) => name)).toEqual(roads.map(({ name }) => name));
  for (const { name, elements, differences, control } of proofs) {
    printRow(name, problems, elements, control.refused, control.inert);
    expect(differences, name).toEqual([]);
    expect(control.unexpected, name).toEqual([]);
    expect(control.refused + control.inert, name).toBe(problems);
    expect(control.refused, name).toBeGreaterThan(problems / 2);
  }
});

test("a derivation that is wrong is refuted, with the shapes and the quantities", () => {
  const [bptt] = roads;
  const wrong: typeof bptt = {
    ...bptt,
    gradient: (A, problem, trajectory) => {
      const gradient = bptt.gradient(A, problem, trajectory);
      if (gradient.Why) A.unary("negate", gradient.Why, gradient.Why);
      return gradient;
    },
  };
  const [{ differences }] = proveRoads({ seed, problems: 10, derivations: [wrong] });
  expect(differences).toHaveLength(10);
  for (const difference of differences) expect(difference).toMatch(/^T \d+ B \d+ .*, seed \d+: Why$/);
});
