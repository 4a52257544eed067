import { complex, dense, doubleDouble, random, setImaginary } from "@gradproof/arithmetic";
import { seed } from "@gradproof/vitest-preset/settings";
import { afterAll, expect, test } from "vitest";
import { multiply, negate, square } from "../src/operations/elementwise.ts";
import { abs, maximum } from "../src/operations/extremes.ts";
import { cos, exp, log, log1p, sigmoid, silu, sin, softplus, sqrt, tanh } from "../src/operations/functions.ts";
import { relu } from "../src/operations/piecewise.ts";
import { pow } from "../src/operations/power.ts";
import { jvp } from "../src/transforms/forward.ts";
import { grad } from "../src/transforms/reverse.ts";
import { type Variable, variable } from "../src/variable.ts";

/** A function of one number, and the sizes 2^lowest to 2^highest of the arguments where its derivative is a normal double. */
interface Range {
  readonly name: string;
  readonly apply: <S>(a: Variable<S>) => Variable<S>;
  readonly lowest: number;
  readonly highest: number;
  readonly signs: readonly number[];
  /**
   * Units in the last place by which the complex step may err: that of its doubles' own function and of the roundings on
   * the way; many where a term cancels (silu at its minimum, log of a power).
   */
  readonly units: number;
}

const both = [1, -1];
const positive = [1];
const zero = <S>({ arithmetic: A }: Variable<S>): Variable<S> => variable(A, [0], []);

const ranges: readonly Range[] = [
  { name: "negate", apply: negate, lowest: -1000, highest: 1000, signs: both, units: 0 },
  { name: "square", apply: square, lowest: -500, highest: 500, signs: both, units: 1 },
  { name: "exp", apply: exp, lowest: -1000, highest: 9, signs: both, units: 4 },
  { name: "log", apply: log, lowest: -500, highest: 500, signs: positive, units: 4 },
  { name: "log1p", apply: log1p, lowest: -1000, highest: 500, signs: positive, units: 4 },
  { name: "log1p, below 0", apply: log1p, lowest: -1000, highest: -2, signs: [-1], units: 4 },
  { name: "sqrt", apply: sqrt, lowest: -500, highest: 500, signs: positive, units: 4 },
  { name: "sin", apply: sin, lowest: -1000, highest: 100, signs: both, units: 4 },
  { name: "cos", apply: cos, lowest: -500, highest: 100, signs: both, units: 4 },
  { name: "tanh", apply: tanh, lowest: -1000, highest: 8, signs: both, units: 8 },
  { name: "sigmoid", apply: sigmoid, lowest: -1000, highest: 9, signs: both, units: 8 },
  { name: "softplus", apply: softplus, lowest: -1000, highest: 9, signs: both, units: 8 },
  { name: "silu", apply: silu, lowest: -500, highest: 9, signs: positive, units: 16 },
  { name: "relu", apply: relu, lowest: -1000, highest: 1000, signs: both, units: 0 },
  { name: "abs", apply: abs, lowest: -1000, highest: 1000, signs: both, units: 0 },
  { name: "maximum, with 0", apply: (a) => maximum(a, zero(a)), lowest: -1000, highest: 1000, signs: both, units: 0 },
  { name: "pow, to 3", apply: (a) => pow(a, 3), lowest: -300, highest: 300, signs: both, units: 4 },
  { name: "pow, to -2", apply: (a) => pow(a, -2), lowest: -100, highest: 100, signs: both, units: 8 },
  { name: "pow, to 0.5", apply: (a) => pow(a, 0.5), lowest: -500, highest: 500, signs: positive, units: 4 },
  // exp(b log a): the rounding of log a, some hundred in size, is an error of the exponent.
  { name: "pow, to 2.5", apply: (a) => pow(a, 2.5), lowest: -150, highest: 150, signs: positive, units: 300 },
  {
    name: "multiply, by itself three times",
    apply: (a) => multiply(a, multiply(a, a)),
    lowest: -300,
    highest: 300,
    signs: both,
    units: 4,
  },
];

const D = dense(doubleDouble);
const C = dense(complex);
const rows: string[] = [];

/** f′(x) by f(x + ih) / h. */
function complexStep(apply: Range["apply"], x: number, h: number): number {
  const z = variable(C, [x], []);
  setImaginary(z.value.store, z.value.offset, h);
  const { store, offset } = apply(z).value;
  return store[2 * offset + 1] / h;
}

test.each(ranges)("the rule of $name over its whole range", ({ name, apply, lowest, highest, signs, units }) => {
  const source = random(seed);
  const count = 300;
  let worst = { units: 0, x: 0 };
  for (let n = 0; n < count; n++) {
    // Half of the arguments over the whole range, half of them of middling size.
    const exponent =
      n % 2 === 0 ? source.integer(lowest, highest) : source.integer(Math.max(lowest, -4), Math.min(highest, 4));
    const x = source.pick(signs) * (1 + source.unit()) * 2 ** exponent;
    if (name === "exp" && Math.abs(x) > 700) continue;
    const at = variable(D, [x], []);
    const one = variable(D, [1], []);
    const [byReverse] = D.lower(grad((a: Variable<Float64Array>) => apply(a))(at).value);
    const [byForward] = D.lower(jvp((a: Variable<Float64Array>) => apply(a), at, one).tangent.value);
    expect(byForward, `${name} at ${x}`).toBe(byReverse);
    // Far below x and 1, and far above the subnormal numbers.
    const h = 2 ** Math.max(Math.min(exponent, 0) - 100, -900);
    const step = complexStep(apply, x, h);
    // What underflows together with h is not the rule's affair.
    if (Math.abs(byReverse) * h < 2 ** -1000) continue;
    const error = Math.abs(step - byReverse) / (Math.abs(byReverse) * 2 ** -52);
    if (!(error <= worst.units)) worst = { units: error, x };
  }
  rows.push(
    `  ${name}: ${signs.length > 1 ? "±" : signs[0] < 0 ? "−" : ""}2^${lowest} to 2^${highest}, at most ${worst.units.toFixed(1)} units in the last place`,
  );
  expect(worst.units, `${name} at ${worst.x}, seed ${seed}`).toBeLessThanOrEqual(units);
});

test("a rule that is wrong by one part in 10¹² is refused", () => {
  const almost = (x: number) => Math.cos(x) * (1 + 1e-12);
  const step = complexStep(sin, 0.5, 2 ** -100);
  expect(Math.abs(step - almost(0.5)) / (step * 2 ** -52)).toBeGreaterThan(1000);
});

afterAll(() => {
  console.log(
    `${ranges.length} elementary rules in double-double against the complex step, seed ${seed}\n${rows.join("\n")}`,
  );
});
