import { float64 } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { multiply, square } from "../src/operations/elementwise.ts";
import { sum } from "../src/operations/reduction.ts";
import { slice } from "../src/operations/selection.ts";
import { checkpoint } from "../src/transforms/checkpoint.ts";
import { customVjp } from "../src/transforms/custom-vjp.ts";
import { PullbackError } from "../src/transforms/pullback-error.ts";
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

test("an error in a rule has the stack of the line that called its operation, among others that called the same", () => {
  const before = line(2);
  const f = (y: Floats) => {
    const first = multiply(y, short(y));
    return sum(multiply(square(first), y));
  };
  const error = failure(() => grad(f)(x));
  expect(error.stack).toContain(before);
  expect(error.message).toBe(
    `pullback: in the rule of custom, of [3]: customVjp: shapes [2] and [3]; expected a cotangent of the shape of input 0 from the rule`,
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
  expect((inCheckpoint.cause as PullbackError).stack).toContain(expected);
  const inGradient = failure(() => grad((y: Floats) => sum(grad(loss)(y)))(x));
  expect([inGradient.operation, inGradient.stack?.includes(expected)]).toEqual(["custom", true]);
});

test("a function that makes something else when it runs again, or throws, has no line that would be wrong", () => {
  let runs = 0;
  const called = line(3);
  const f = (y: Floats) => {
    if (runs++ > 0) throw new RangeError("once only");
    return sum(short(y));
  };
  const alsoCalled = line(1);
  const other = (y: Floats) => (runs++ > 0 ? sum(square(y)) : sum(short(y)));
  expect(failure(() => grad(other)(x)).stack).not.toContain(alsoCalled);
  runs = 0;
  const error = failure(() => grad(f)(x));
  expect(error.stack).not.toContain(called);
  expect(error.message).toMatch(/^pullback: in the rule of custom, of \[3\]: customVjp/);
});

test("and the graph records as before afterwards", () => {
  const { pullback } = vjp((y: Floats) => short(y), x);
  failure(() => pullback(x));
  expect(float64.lower(grad((y: Floats) => sum(square(y)))(x).value).join(" ")).toBe("2 4 6");
});
