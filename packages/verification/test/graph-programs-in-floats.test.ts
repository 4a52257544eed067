import {
  graphOperations as defaultOperations,
  everyOperation,
  graphProgram,
  programText,
  runProgram,
  withTensors,
} from "@gradproof/arbitraries";
import { float64 } from "@gradproof/arithmetic";
import { variable } from "@gradproof/autodiff";
import { expect, test } from "vitest";
import { clearanceOf } from "./programs/clearance.ts";
import { type Point, problemsOf } from "./programs/float-derivatives.ts";
import { graphOperations } from "./programs/graph-operations.ts";
import { kernelOperations } from "./programs/kernel-operations.ts";
import { withMistake, wrongInSecondOrder, wrongRules } from "./programs/wrong-operations.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

/*
 * Random programs of every operation in float64, away from kinks and poles: reverse mode, forward mode and the complex step
 * give the derivatives of first and second order that duals of duals through the kernels give in double-double.
 */

const drawn = sample(
  withTensors(
    graphProgram({ operations: everyOperation, maxSteps: 6 }),
    ({ inputs }) => [...inputs, ...inputs, ...inputs],
    { limit: 1 },
  ),
  700,
);
const points = drawn.flatMap(({ setting: program, tensors }): Point[] => {
  const part = (n: number) => tensors.slice(n * program.inputs.length, (n + 1) * program.inputs.length);
  const inputs = part(0).map(({ data, shape }) => float64.lift(data, shape));
  if (clearanceOf(program, inputs) < 2 ** -8) return [];
  const [x, v, w] = [0, 1, 2].map((n) => part(n).map(({ data }) => [...data]));
  return [{ program, x, v, w }];
});
const uses = (name: string) =>
  points.filter(({ program: { steps } }) => steps.some(({ operation }) => operation === name));

test("both modes and the complex step differ from double-double by their rounding at most", () => {
  const results = points.map((point) => ({ point, ...problemsOf(point, graphOperations, seed) }));
  const wrong = results.flatMap(({ point: { program }, problems }) =>
    problems.map((problem) => `${problem}\n${programText(program)}`),
  );
  expect(wrong).toEqual([]);
  const moving = results.filter(({ exact }) => exact.first !== 0).length;
  const bending = results.filter(({ exact }) => exact.second !== 0).length;
  const widest = results.map(
    ({ widest, exact }) => widest / (1 + Math.max(Math.abs(exact.first), Math.abs(exact.second))),
  );
  const blunt = widest.filter((bound) => bound > 2 ** -30).length;
  const counts = everyOperation.map(({ name }) => [name, uses(name).length] as const);
  console.log(
    `seed ${seed}: ${points.length} programs in floats, ${drawn.length - points.length} more too near to a kink or pole; ` +
      `derivatives that are not 0: ${moving} first, ${bending} second; ${blunt} with a bound above 2^-30; ` +
      `programs with each operation: ${counts.map(([name, count]) => `${name} ${count}`).join(", ")}`,
  );
  expect(points.length).toBeGreaterThan(0.5 * drawn.length);
  expect(moving).toBeGreaterThan(0.75 * points.length);
  expect(bending).toBeGreaterThan(0.5 * points.length);
  expect(blunt).toBeLessThan(0.02 * points.length);
  expect(counts.filter(([, count]) => count < 3)).toEqual([]);
}, 600_000);

test.each(["multiply", "tanh", "matmul", "softmax", "pow", "einsum", "norm", "solve", "cholesky", "determinant"])(
  "a wrong rule of %s is refused, and one that is wrong in the second order only",
  (name) => {
    for (const mistake of [wrongRules[name], wrongInSecondOrder[name]]) {
      const operations = <S>() => withMistake<S>(name, mistake);
      const refused = uses(name).find((point) => problemsOf(point, operations, seed).problems.length > 0);
      expect(refused, mistake.mistake).toBeDefined();
    }
  },
);

test("the graph computes what the kernels compute, to the bit, where it calls the same", () => {
  const programs = graphProgram({ operations: defaultOperations, maxSteps: 4 });
  for (const { setting: program, tensors } of sample(
    withTensors(programs, ({ inputs }) => inputs, { limit: 1 }),
    200,
  )) {
    const values = tensors.map(({ data, shape }) => float64.lift(data, shape));
    const leaves = tensors.map(({ data, shape }) => variable(float64, data, shape));
    const graph = runProgram(program, graphOperations<Float64Array>(), leaves);
    const kernels = runProgram(program, kernelOperations(float64), values);
    // A sum of one term is that term for the graph, and 0 more for a kernel, which takes the sign from a −0.
    const bits = (t: typeof kernels) => float64.lower(t).map((x) => x + 0);
    expect(bits(graph.value), programText(program)).toEqual(bits(kernels));
  }
});
