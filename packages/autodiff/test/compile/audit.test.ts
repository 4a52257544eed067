import { float64 } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { add, multiply, square } from "../../src/operations/elementwise.ts";
import { tanh } from "../../src/operations/functions.ts";
import { sum } from "../../src/operations/reduction.ts";
import { take } from "../../src/operations/selection.ts";
import { type Variable, variable } from "../../src/variable.ts";

type Floats = Variable<Float64Array>;
const x = variable(float64, [1, 2]);

/** At which call, counted from 1, the audit of every third one first complains, and how. */
function complaint(f: (x: Floats) => Floats, change: () => void = () => {}): { call: number; message: string } {
  const step = compile(f, { audit: 3 });
  for (let call = 1; call <= 9; call++) {
    if (call === 4) change();
    try {
      step(x);
    } catch (error) {
      return { call, message: (error as Error).message };
    }
  }
  return { call: 0, message: "" };
}

test("what does the same each time passes, and runs again at every third call", () => {
  let runs = 0;
  const constant = variable(float64, [3, 4]);
  const silent = complaint((x) => {
    runs++;
    return add(multiply(x, constant), tanh(variable(x.arithmetic, [0.5, 0.25])));
  });
  expect(silent).toEqual({ call: 0, message: "" });
  expect(runs).toBe(1 + 3);
});

test("random numbers", () => {
  const { call, message } = complaint((x) => multiply(x, variable(x.arithmetic, [Math.random(), 1])));
  expect(call).toBe(3);
  expect(message).toContain("call 0, multiply of [2] and [2] to [2], has a constant with other values");
  expect(complaint((x) => multiply(x, variable(float64, [Math.random(), 1]))).call).toBe(3);
});

test("what depends on something outside", () => {
  let negative = false;
  const change = () => {
    negative = true;
  };
  const branch = complaint((x) => (negative ? square(x) : tanh(x)), change);
  expect(branch.call).toBe(6);
  expect(branch.message).toBe(
    "compile: audit: the function does something else than what was recorded: call 0 is square of [2] to [2]; it was tanh of [2] to [2]; expected the same calls at every run: what changes must be among its inputs",
  );
  negative = false;
  expect(complaint((x) => (negative ? sum(tanh(x)) : tanh(x)), change).message).toContain(
    "more calls than the 1 recorded, the next being sum write",
  );
  negative = false;
  expect(complaint((x) => (negative ? tanh(x) : sum(tanh(x))), change).message).toContain("2 were recorded, the next");
  negative = false;
  expect(complaint((x) => take(x, [negative ? 1 : 0]), change).message).toContain(
    "call 0 is take at 1 of [2] to [1]; it was take at 0 of [2] to [1]",
  );
  negative = false;
  const operands = (x: Floats) => {
    const [a, b] = [square(x), tanh(x)];
    return negative ? multiply(b, a) : multiply(a, b);
  };
  expect(complaint(operands, change).message).toContain("call 2, multiply of [2] and [2] to [2], has other operands");
  negative = false;
  const results = (x: Floats) => {
    const [a, b] = [square(x), tanh(x)];
    return negative ? b : a;
  };
  expect(complaint(results, change).message).toContain("result 0 is another one");
});

test("how often it runs must be a positive integer", () => {
  for (const audit of [0, -1, 1.5]) {
    expect(() => compile((x: Floats) => x, { audit })).toThrow(
      `compile: audit every ${audit} calls; expected a positive integer`,
    );
  }
});
