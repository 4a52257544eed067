import type { Tensor } from "@gradproof/arithmetic";
import { random } from "@gradproof/arithmetic";
import { type SimdArithmetic, type SimdStore, simd } from "@gradproof/arithmetic/simd";
import { seed } from "@gradproof/vitest-preset/settings";
import { expect, test } from "vitest";
import { backward } from "../src/backward.ts";
import { checkpointedBackward } from "../src/checkpointed.ts";
import { forward } from "../src/forward.ts";
import { initialise } from "../src/initialise.ts";
import { liftProblem, mapParameters, type NumericArray, type RnnGradient, type RnnProblem } from "../src/problem.ts";
import { array } from "./arrays.ts";

const [I, H, O] = [2, 32, 1];

/** A sequence of T steps, B = 1. */
function drawProblem(T: number): RnnProblem<NumericArray> {
  const source = random(seed);
  const numbers = (...shape: number[]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return array(
      shape,
      Float64Array.from({ length: size }, () => source.integer(-64, 64) / 64),
    );
  };
  const rounded = ({ shape, data }: NumericArray) => array(shape, Float64Array.from(data, Math.fround));
  return {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "mean",
    parameters: mapParameters(initialise({ seed, I, H, O, kind: "orthogonal" }), rounded),
    x: numbers(T, 1, I),
    h0: numbers(1, H),
    target: numbers(T, 1, O),
  };
}

type Gradient = RnnGradient<Tensor<SimdStore>>;

/** The gradient, and the bytes that the arithmetic's memory grew to beyond the problem and the gradient. */
function measure(T: number, gradientOf: (A: SimdArithmetic, problem: RnnProblem<Tensor<SimdStore>>) => Gradient) {
  const A = simd("float32", { deterministic: true });
  const problem = liftProblem(A, drawProblem(T));
  const before = A.memoryBytes();
  let result: Record<string, Float64Array> = {};
  A.scope(() => {
    const gradient = gradientOf(A, problem);
    result = Object.fromEntries(Object.entries(gradient).map(([name, t]) => [name, A.lower(t as Tensor<SimdStore>)]));
  });
  return { bytes: A.memoryBytes() - before, result };
}

const plain = (A: SimdArithmetic, problem: RnnProblem<Tensor<SimdStore>>): Gradient =>
  backward(A, problem, forward(A, problem));
const checkpointed = (A: SimdArithmetic, problem: RnnProblem<Tensor<SimdStore>>): Gradient =>
  checkpointedBackward(A, problem);

test("100,000 steps: memory linear in T, with checkpoints of order √T, and the same bits", () => {
  const T = 100_000;
  const [half, whole, few] = [measure(T / 2, plain), measure(T, plain), measure(T, checkpointed)];
  const megabytes = [half, whole, few].map(({ bytes }) => (bytes / 2 ** 20).toFixed(1));
  console.log(`T = ${T / 2}: ${megabytes[0]} MB; T = ${T}: ${megabytes[1]} MB; with checkpoints: ${megabytes[2]} MB`);
  for (const [name, expected] of Object.entries(whole.result)) expect(few.result[name], name).toEqual(expected);
  expect(whole.result.Whh.some((x) => x !== 0)).toBe(true);

  // Two slabs of T·H numbers of 4 bytes and, in chunks each twice as large as the one before, at most four times that.
  const slabs = 2 * T * H * 4;
  expect(whole.bytes).toBeGreaterThan(slabs);
  expect(whole.bytes).toBeLessThan(4 * slabs);
  expect(half.bytes).toBeLessThan(0.75 * whole.bytes);
  // The gradient of x, and 2 √T states with a segment's tensors, likewise.
  expect(few.bytes).toBeLessThan(4 * (T * I * 4 + 8 * Math.sqrt(T) * H * 4));
});
