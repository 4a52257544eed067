import { unfused } from "@gradproof/arithmetic";
import { type SimdArithmetic, type SimdStore, simd } from "@gradproof/arithmetic/simd";
import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { bptt, type Equations } from "../src/bptt.ts";
import { forward } from "../src/forward.ts";
import { liftProblem, type NumericArray, type RnnProblem } from "../src/problem.ts";
import { floatProblem, problemShape } from "./arbitraries.ts";
import { gradientEntries } from "./arrays.ts";

const arithmetics = (["float32", "float64"] as const).flatMap((format) =>
  [true, false].map((deterministic) => simd(format, { deterministic })),
);

/** Problems of one segment and of three, whose last one is short. */
const problems = fc.oneof(
  problemShape().chain(floatProblem),
  fc.constantFrom(64, 65, 130).chain((T) => problemShape({ fixed: { T, B: 2, H: 4 } }).chain(floatProblem)),
);

/** Everything that a step computes, by name. */
function step(
  A: SimdArithmetic | ReturnType<typeof unfused<SimdStore>>,
  problem: RnnProblem<NumericArray>,
  own?: Equations<SimdStore>,
) {
  const lifted = liftProblem(A, problem);
  const trajectory = forward(A, lifted);
  const gradient = backward(A, lifted, trajectory, own);
  const { preactivations, states, loss } = trajectory;
  return Object.fromEntries(
    [["u", preactivations] as const, ["h", states] as const, ["J", loss] as const, ...gradientEntries(gradient)].map(
      ([name, t]) => [name, A.lower(t)],
    ),
  );
}

test.each(arithmetics)("$name $variant: states and gradients are those without fused kernels, bit for bit", (A) => {
  fc.assert(
    fc.property(problems, (problem) => {
      expect(step(A, problem)).toEqual(step(unfused(A), problem));
    }),
    runs(60),
  );
});

test("a recurrence that stops a step early is seen", () => {
  const [A] = arithmetics;
  const early: SimdArithmetic = {
    ...A,
    recurrence(f, states, sums, weight, beside) {
      const L = Math.max(sums.shape[0] - 1, 0);
      const first = <T extends { readonly shape: readonly number[] }>(t: T, length: number) => ({
        ...t,
        shape: [length, ...t.shape.slice(1)],
      });
      A.recurrence?.(f, first(states, L + 1), first(sums, L), weight, beside && first(beside, L));
    },
  };
  const outcome = fc.check(
    fc.property(problems, (problem) => {
      expect(step(early, problem)).toEqual(step(unfused(A), problem));
    }),
    runs(60),
  );
  expect(outcome.failed).toBe(true);
});

test("a replaced equation is used, step by step", () => {
  const [A] = arithmetics;
  const own = bptt<SimdStore>();
  const [problem] = fc.sample(problemShape({ fixed: { T: 6, loss: "mse" }, least: { H: 3 } }).chain(floatProblem), {
    numRuns: 1,
    seed: 1,
  });
  let calls = 0;
  const counted: Equations<SimdStore> = {
    ...own,
    stepBack(...given) {
      calls++;
      own.stepBack(...given);
    },
  };
  const expected = step(A, problem);
  expect(step(A, problem, counted)).toEqual(expected);
  expect(calls).toBe(5);
  expect(step(A, problem, { ...own, stepBack: () => {} })).not.toEqual(expected);
  expect(step(A, problem, { ...own, throughActivation: () => {} })).not.toEqual(expected);
});
