import { everyOperation } from "@gradproof/arbitraries";
import { expect, test } from "vitest";
import { operations } from "./operation-table.ts";

/**
 * Operations of the table that no random program has, and why not: an operation that can be composed with others is drawn,
 * and what is drawn is held to dual numbers with all that is around it.
 */
const undrawn: Readonly<Record<string, string>> = {};

test("random programs are drawn of every operation of the table, and of greater, which has no rules", () => {
  const table = new Set(["greater", ...operations.map(({ name }) => name.split(",")[0])]);
  const drawn = everyOperation.map(({ name }) => name);
  const reasons = Object.entries(undrawn).map(([name, reason]) => `${name}: ${reason}`);
  console.log(`${table.size} operations, ${drawn.length} drawn; not drawn: ${reasons.join("; ") || "none"}`);
  expect([...drawn, ...Object.keys(undrawn)].toSorted()).toEqual([...table].toSorted());
});
