import { bptt } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { mistakes } from "../src/mistakes/mistakes.ts";
import { proveBptt } from "../src/prove.ts";

const seed = 20261122;

test("BPTT is autodiff over the prime field on 500 random shapes, and every mistake that shows is refused", () => {
  const run = proveBptt({ seed, problems: 500 });
  console.log(`seed ${run.seed}: ${run.proven} of ${run.problems} problems proven, ${run.elements} elements compared`);
  for (const { name, refused, inert, unexpected } of run.mistakes) {
    console.log(`${name.padEnd(32)} refused ${String(refused).padStart(4)}  inert ${String(inert).padStart(4)}`);
    expect(unexpected, name).toEqual([]);
    expect(refused, name).toBeGreaterThanOrEqual(50);
    expect(refused + inert, name).toBe(500);
  }
  expect(run.counterexample).toBeUndefined();
  expect(run.proven).toBe(500);
  expect(run.mistakes.length).toBeGreaterThanOrEqual(50);
}, 120_000);

test("a wrong derivation is refuted with a counterexample", () => {
  const [mistake] = mistakes.filter(({ name }) => name === "recurrent-not-transposed");
  const run = proveBptt({ seed, problems: 40, equations: { ...bptt<Float64Array>(), ...mistake.equations() } });
  expect(run.proven).toBeLessThan(40);
  expect(run.counterexample?.differences.length).toBeGreaterThan(0);
  expect(run.counterexample?.shape.H).toBeGreaterThan(1);
});
