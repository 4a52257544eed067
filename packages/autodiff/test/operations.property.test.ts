import { type Arithmetic, dense, doubleDouble, float64 } from "@gradproof/arithmetic";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { checkFirst, checkSecond, seen } from "./checks/differences.ts";
import { checkAdjoint, checkForward, checkHessian, checkRule, checkSecondAdjoint } from "./checks/exact.ts";
import { type Point, points } from "./checks/point.ts";
import { operations } from "./operation-table.ts";
import type { Operation } from "./table/operation.ts";
import { wrongOperations } from "./wrong-operations.ts";

/** Number systems to difference in: the second leaves no doubt, the first is what users have. */
const doubles = { A: float64 as Arithmetic<Float64Array>, step: 2 ** -6, count: 12 };
const doubleDoubles = { A: dense(doubleDouble), step: 2 ** -12, count: 4 };

/** The laws of every operation: the number of points, and the order of the derivative that a wrong rule shows in. */
const laws = [
  {
    name: "central differences in float64",
    order: "first",
    count: doubles.count,
    ofPoint: (operation: Operation, point: Point) => checkFirst(doubles.A, doubles.step, operation, point),
  },
  {
    name: "central differences in double-double",
    order: "first",
    count: doubleDoubles.count,
    ofPoint: (operation: Operation, point: Point) => checkFirst(doubleDoubles.A, doubleDoubles.step, operation, point),
  },
  { name: "the exact rule over the prime field", order: "first", count: 10, ofField: checkRule },
  { name: "dual numbers over the prime field", order: "first", count: 10, ofField: checkForward },
  { name: "jvp and vjp as adjoints over the prime field", order: "first", count: 10, ofField: checkAdjoint },
  {
    name: "second derivatives by central differences in double-double",
    order: "second",
    count: 3,
    ofPoint: (operation: Operation, point: Point) => checkSecond(doubleDoubles.A, doubleDoubles.step, operation, point),
  },
  {
    name: "second derivatives by dual numbers over the prime field",
    order: "second",
    count: 6,
    ofField: checkHessian,
  },
  {
    name: "second derivatives by both modes over the prime field",
    order: "second",
    count: 6,
    ofField: checkSecondAdjoint,
  },
] as const;

/** Those that see the rules between tangents. */
const forwardLaws: readonly unknown[] = [checkAdjoint, checkSecondAdjoint];

type Law = (typeof laws)[number];

const counts = new Map<string, number>();

function property(law: Law, operation: Operation, seenOne: () => void = () => {}) {
  if ("ofPoint" in law) {
    return fc.property(points(operation), (point) => {
      law.ofPoint(operation, point);
      seenOne();
    });
  }
  return fc.property(fc.constantFrom(...operation.shapes), fc.nat(), (shapes, seed) => {
    law.ofField(operation, shapes, seed);
    seenOne();
  });
}

describe.each(laws)("$name", (law) => {
  test.each(operations)("of $name", (operation) => {
    const count = () => counts.set(law.name, (counts.get(law.name) ?? 0) + 1);
    fc.assert(property(law, operation, count) as fc.IProperty<unknown>, runs(law.count));
  });
});

describe("a wrong rule", () => {
  test.each(wrongOperations)("$mistake is refused", (wrong) => {
    for (const law of laws) {
      if ("ofField" in law && law.ofField === checkRule && wrong.operation.exact === "dual") continue;
      if (wrong.forward && !("ofField" in law && forwardLaws.includes(law.ofField))) continue;
      const run = () =>
        fc.assert(property(law, wrong.operation) as fc.IProperty<unknown>, { ...runs(3), endOnFailure: true });
      if (wrong[law.order]) expect(run, law.name).toThrow(` of ${wrong.operation.name}: `);
      else run();
    }
  });
});

afterAll(() => {
  const points = [...counts].map(([law, count]) => `  ${count} points: ${law}`);
  const bounds = [...seen.widest].map(([name, error]) => `${error.toExponential(0)} in ${name}`).join(", ");
  console.log(
    `${operations.length} operations, ${wrongOperations.length} wrong ones refused\n${points.join("\n")}\n` +
      `  ${seen.elements} elements by central differences; largest bounds: ${bounds}`,
  );
});
