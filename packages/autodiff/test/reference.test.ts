import { readFileSync, writeFileSync } from "node:fs";
import { type Arithmetic, dense, doubleDouble, float32, float64 } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { sum } from "../src/operations/reduction.ts";
import { jvp } from "../src/transforms/forward.ts";
import { grad } from "../src/transforms/reverse.ts";
import { type Variable, wrap } from "../src/variable.ts";
import { operations } from "./operation-table.ts";
import { type Edge, reference } from "./table/reference.ts";
import { numbers } from "./tensors.ts";

const all = Object.values(reference).flat();
const edges = all.flatMap(({ name, edges = [] }) => edges.map((edge) => ({ ...edge, name })));

test("every operation of the table has its line in the reference", () => {
  const first = ({ name }: { readonly name: string }) => name.split(",")[0];
  const names = new Set([...operations.map(first), "greater"]);
  expect(new Set(all.map(first))).toEqual(names);
  expect(all.length).toBe(names.size);
  console.log(`${all.length} operations in the reference, ${edges.length} edges in three arithmetics and both modes`);
});

describe.each([
  { name: "float64", A: float64 as Arithmetic<unknown> },
  { name: "float32", A: float32 as Arithmetic<unknown> },
  { name: "double-double", A: dense(doubleDouble) as Arithmetic<unknown> },
])("edges in $name", ({ A }) => {
  const list = (x: number | readonly number[]) => [x].flat() as number[];
  const held = (at: Edge["at"]) => wrap(A, A.round(list(at), typeof at === "number" ? [] : [at.length]));
  /** Exactly, but for the last place of a logarithm. */
  const expectNumbers = (found: readonly number[], expected: Edge["value"]) => {
    expect(found).toHaveLength(list(expected).length);
    list(expected).forEach((number, i) => {
      if (Number.isInteger(1024 * number) || !Number.isFinite(number)) expect(found[i] + 0).toBe(number);
      else expect(Math.abs(found[i] - number)).toBeLessThanOrEqual(2 * (A.unitRoundoff + 2 ** -53) * Math.abs(number));
    });
  };

  test.each(edges)("$name: $says", ({ apply, at, value, gradient }) => {
    const x = held(at);
    expectNumbers(numbers(apply(x)), value);
    expectNumbers(numbers(grad((y: Variable<unknown>) => sum(apply(y)))(x)), gradient);
    const slopes = list(at).map((_, i) => {
      const unit = wrap(
        A,
        A.round(
          list(at).map((_, k) => (k === i ? 1 : 0)),
          x.shape,
        ),
      );
      return numbers(jvp((y: Variable<unknown>) => sum(apply(y)), x, unit).tangent)[0];
    });
    expectNumbers(slopes, gradient);
  });
});

/** The reference as tables. */
function tables(): string {
  const cell = (text: string) => text.replaceAll("|", "\\|");
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return Object.entries(reference)
    .flatMap(([family, entries]) => {
      const lines = entries.map(({ name, value, vjp, jvp: forward, domain = "", edges: own = [] }) =>
        row([`\`${name}\``, value, vjp, forward, [domain, ...own.map(({ says }) => says)].filter(Boolean).join("; ")]),
      );
      return [
        `**${family}**`,
        "",
        row(["", "value", "vjp", "jvp", "domain, kinks and edges"]),
        "|---|---|---|---|---|",
        ...lines,
        "",
      ];
    })
    .join("\n");
}

test("README has these tables; GRADPROOF_PASTE=1 pastes them", () => {
  const path = new URL("../README.md", import.meta.url);
  const readme = readFileSync(path, "utf8");
  const [before, pasted, after] = readme.split(/<!-- operations(?: end)? -->\n/);
  if (process.env.GRADPROOF_PASTE) {
    writeFileSync(path, `${before}<!-- operations -->\n${tables()}\n<!-- operations end -->\n${after}`);
    return;
  }
  expect(pasted.trim()).toBe(tables().trim());
});
