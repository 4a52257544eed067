import { float64 } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { multiply, square } from "../src/operations/elementwise.ts";
import { sum } from "../src/operations/reduction.ts";
import { slice } from "../src/operations/selection.ts";
import { checkpoint } from "../src/transforms/checkpoint.ts";
import { customVjp } from "../src/transforms/custom-vjp.ts";
import { callerIn, PullbackError } from "../src/transforms/pullback-error.ts";
import { grad, vjp } from "../src/transforms/reverse.ts";
import { type Variable, variable } from "../src/variable.ts";

type Floats = Variable<Float64Array>;
const x = variable(float64, [1, 2, 3]);

/** Its rule gives a cotangent that is too short. */
const short = customVjp(square<Float64Array>, (ct) => slice(ct, 0, 2));

/** This file, and the line that called. */
function line(offset: number): string {
  const [, file, number] = /([\w.-]+\.ts):(\d+):\d+\)?$/.exec(new Error().stack?.split("\n")[2] ?? "") ?? [];
  return `${file}:${Number(number) + offset}:`;
}

function failure(run: () => unknown): PullbackError {
  try {
    run();
  } catch (error) {
    if (error instanceof PullbackError) return error;
    throw error;
  }
  throw new Error("expected a PullbackError");
}

test("an error in a rule names the line that called its operation, among others that called the same", () => {
  const before = line(2);
  const f = (y: Floats) => {
    const first = multiply(y, short(y));
    return sum(multiply(square(first), y));
  };
  const error = failure(() => grad(f)(x));
  expect(error.calledAt).toContain(before);
  expect(error.message).toBe(
    `pullback: in the rule of custom, of [3], called at ${error.calledAt}: customVjp: shapes [2] and [3]; expected a cotangent of the shape of input 0 from the rule`,
  );
});

test("the function runs again only where a rule fails", () => {
  let runs = 0;
  const f = (rule: typeof short) => (y: Floats) => {
    runs++;
    return sum(rule(y));
  };
  grad(f(square))(x);
  expect(runs).toBe(1);
  failure(() => grad(f(short))(x));
  expect(runs).toBe(3);
});

test("inside a checkpoint and inside another gradient too", () => {
  const expected = line(1);
  const loss = (y: Floats) => sum(short(y));
  const inCheckpoint = failure(() => grad(checkpoint(loss))(x));
  expect(inCheckpoint.operation).toBe("checkpoint");
  expect((inCheckpoint.cause as PullbackError).calledAt).toContain(expected);
  const inGradient = failure(() => grad((y: Floats) => sum(grad(loss)(y)))(x));
  expect([inGradient.operation, inGradient.calledAt?.includes(expected)]).toEqual(["custom", true]);
});

test("a function that makes something else when it runs again, or throws, has no line that would be wrong", () => {
  let runs = 0;
  const f = (y: Floats) => {
    if (runs++ > 0) throw new RangeError("once only");
    return sum(short(y));
  };
  const other = (y: Floats) => (runs++ > 0 ? sum(square(y)) : sum(short(y)));
  expect(failure(() => grad(other)(x)).calledAt).toBeUndefined();
  runs = 0;
  const error = failure(() => grad(f)(x));
  expect(error.calledAt).toBeUndefined();
  expect(error.message).toMatch(/^pullback: in the rule of custom, of \[3\]: customVjp/);
});

test("and the graph records as before afterwards", () => {
  const { pullback } = vjp((y: Floats) => short(y), x);
  failure(() => pullback(x));
  expect(float64.lower(grad((y: Floats) => sum(square(y)))(x).value).join(" ")).toBe("2 4 6");
});

test("stacks of other engines, and of a bundle where all is one file", () => {
  const chromium =
    "Error\n    at next (http://h/src/variable.js:1:2)\n    at add (http://h/src/operations/x.js:3:4)\n    at http://h/app/main.js:5:6";
  expect(callerIn(chromium)).toBe("http://h/app/main.js:5:6");
  const firefox =
    "next@http://h/src/variable.js:1:2\nadd@http://h/src/operations/x.js:3:4\nloss@http://h/app/main.js:5:6\n";
  expect(callerIn(firefox)).toBe("http://h/app/main.js:5:6");
  expect(callerIn("Error\n    at n (http://h/app.js:1:2)\n    at f (http://h/app.js:1:99)")).toBeUndefined();
  expect(callerIn("Error\n    at n (file:///a/node_modules/@g/d/v.js:1:2)\n    at f (file:///a/my.ts:7:8)")).toBe(
    "file:///a/my.ts:7:8",
  );
  expect(callerIn(undefined)).toBeUndefined();
});
