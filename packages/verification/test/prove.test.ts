import { bptt } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { mistakes } from "../src/mistakes/mistakes.ts";
import { proveBptt } from "../src/prove.ts";

const seed = 20261122;

test("BPTT is autodiff over the prime field on 500 random shapes, and every mistake that shows is refused", async () => {
  const run = proveBptt({ seed, problems: 500 });
  console.log(`seed ${run.seed}: ${run.proven} of ${run.problems} problems proven, ${run.elements} elements compared`);
  const row = (name: string, ...counts: (number | string)[]) =>
    [name.padEnd(44), ...counts.map((count) => String(count).padStart(8))].join("");
  const table = [
    row(`500 problems of seed ${seed}`, "caught", "inert"),
    ...run.mistakes.map(({ name, refused, inert }) => row(name, refused, inert)),
  ].join("\n");
  console.log(table);
  await expect(`${table}\n`).toMatchFileSnapshot("./proof/mistakes-on-500-problems.txt");
  for (const { name, refused, inert, unexpected } of run.mistakes) {
    expect(unexpected, name).toEqual([]);
    expect(refused, name).toBeGreaterThanOrEqual(50);
    expect(refused + inert, name).toBe(500);
  }
  expect(run.counterexample).toBeUndefined();
  expect(run.proven).toBe(500);
  expect(run.mistakes.length).toBeGreaterThanOrEqual(50);
}, 120_000);

test("a wrong derivation is refuted by the smallest shape, with the equation that goes wrong", () => {
  const [mistake] = mistakes.filter(({ name }) => name === "recurrent-not-transposed");
  const run = proveBptt({ seed, problems: 40, equations: { ...bptt<Float64Array>(), ...mistake.equations() } });
  expect(run.proven).toBeLessThan(40);
  const { shape, differences, equation } = run.counterexample ?? {};
  expect(shape).toMatchObject({ T: 1, B: 1, I: 1, H: 2, bxh: false, bhh: false, by: false, mask: false });
  expect(differences?.map(({ quantity }) => quantity)).toEqual(["h0"]);
  expect(equation).toMatchObject({ equation: "h0", quantity: "∂J/∂h0", index: [0, 0] });
  expect(equation?.given).not.toBe(equation?.right);
});
