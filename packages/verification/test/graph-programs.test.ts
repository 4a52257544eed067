import {
  graphOperations as defaultOperations,
  type GraphProgram,
  graphProgram,
  type Operations,
  partialOperations,
  piecewiseOperations,
  programText,
  runProgram,
  withTensors,
} from "@gradproof/arbitraries";
import { float64, type PrimeField } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { type Variable, vjp, wrap } from "@gradproof/autodiff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { graphOperations } from "./programs/graph-operations.ts";
import { kernelOperations } from "./programs/kernel-operations.ts";
import { type Case, caseOf, isDefined, type Residues, tangentByDuals } from "./programs/residue-case.ts";
import { withWrongRule, wrongRules } from "./programs/wrong-operations.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

function inner(field: PrimeField, pairs: readonly (readonly [Residues, Residues])[]): Residues {
  const total = field.lift([0], []);
  for (const [a, b] of pairs) {
    const products = field.empty(a.shape);
    field.binary(op.multiply, products, a, b);
    const ones = { ...total, shape: a.shape.map(() => 1), strides: a.shape.map(() => 0) };
    field.sum(ones, products, "accumulate");
  }
  return total;
}

/** Whether ⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩ for a random ȳ: J v by dual numbers, Jᵀ ȳ by the graph with those operations. */
function agrees(given: Case, operations: Operations<Variable<Float64Array>>): boolean {
  const { field, program, inputs, direction } = given;
  const tangent = tangentByDuals(given);
  const cotangent = field.uniform(tangent.shape);
  const leaves = inputs.map((input) => wrap(field, input));
  const { pullback } = vjp(
    (values: readonly Variable<Float64Array>[]) => runProgram(program, operations, values),
    leaves,
  );
  const gradient = pullback(wrap(field, cotangent));
  const reverse = inner(
    field,
    gradient.map(({ value }, at) => [value, direction[at]] as const),
  );
  return field.same(reverse, inner(field, [[cotangent, tangent]]));
}

const everyOperation = [...defaultOperations, ...partialOperations, ...piecewiseOperations];

describe("programs of graphProgram", () => {
  const drawn = [
    ...sample(graphProgram({ operations: everyOperation }), 550),
    ...sample(graphProgram({ operations: everyOperation, minLength: 0 }), 150),
  ];
  const cases = drawn.map((program, i) => caseOf(program, seed + i)).filter(isDefined);

  test("the graph's gradient is the derivative by dual numbers along random directions, over the prime field", () => {
    const wrong = cases.filter((given) => !agrees(given, graphOperations()));
    expect(wrong.map(({ program }) => programText(program))).toEqual([]);
    const moving = cases.filter((given) => {
      const tangent = tangentByDuals(given);
      return !given.field.same(
        tangent,
        given.field.lift(new Float64Array(given.field.lower(tangent).length), tangent.shape),
      );
    });
    console.log(
      `seed ${seed}: ${cases.length} programs agree, ${moving.length} of them with a derivative that is not 0; ` +
        `${drawn.length - cases.length} divide by 0`,
    );
    expect(cases.length).toBeGreaterThan(0.9 * drawn.length);
    expect(moving.length).toBeGreaterThan(0.75 * cases.length);
  });

  test("every operation has a mistake here", () => {
    expect(Object.keys(wrongRules).toSorted()).toEqual(everyOperation.map(({ name }) => name).toSorted());
  });

  test.each(Object.entries(wrongRules).map(([name, { mistake }]) => [name, mistake]))(
    "a wrong rule of %s, %s, is refused",
    (name) => {
      const operations = withWrongRule<Float64Array>(name);
      const uses = ({ program: { steps } }: Case) => steps.some(({ operation }) => operation === name);
      const using = cases.filter(uses).slice(0, 60);
      const refused = using.filter((given) => !agrees(given, operations));
      // The rest does not reach the output, or has axes of length 1.
      expect(refused.length).toBeGreaterThan(0.1 * using.length);
      const others = cases.filter((given) => !uses(given)).slice(0, 10);
      expect(others.filter((given) => !agrees(given, operations))).toEqual([]);
    },
  );

  test.each([
    ["tanh", ["v0 []", "v1 = tanh(v0) []", "output v1"]],
    ["square", ["v0 []", "v1 = square(v0) []", "output v1"]],
    ["matmul", ["v0 [1, 1]", "v1 = matmul(v0, v0) [1, 1]", "output v1"]],
    ["transpose", ["v0 [2, 2]", "v1 = transpose(v0, axes=[1,0]) [2, 2]", "output v1"]],
    ["concat", ["v0 [1]", "v1 = concat(v0, v0, axis=0) [2]", "output v1"]],
    ["softmax", ["v0 [2]", "v1 = softmax(v0, axis=0) [2]", "output v1"]],
  ])("a wrong rule of %s is shrunk, on the exact oracle, to the smallest program that shows it", (name, expected) => {
    const operations = withWrongRule<Float64Array>(name);
    const property = fc.property(graphProgram(), (program) => agrees(caseOf(program, seed), operations));
    const { counterexample } = fc.check(property, { seed, numRuns: 300 });
    expect(programText(counterexample?.[0] as GraphProgram).split("\n")).toEqual(expected);
  });

  test("in floats too, on inputs that come with the program", () => {
    const small = withTensors(graphProgram({ maxSteps: 4 }), ({ inputs }) => inputs, { limit: 1 });
    const law = fc.property(small, ({ setting: program, tensors }) => {
      const values = tensors.map(({ data, shape }) => float64.lift(data, shape));
      const graph = runProgram(
        program,
        graphOperations<Float64Array>(),
        values.map((value) => wrap(float64, value)),
      );
      const kernels = runProgram(program, kernelOperations(float64), values);
      expect(float64.lower(graph.value)).toEqual(float64.lower(kernels));
    });
    fc.assert(law, { seed, numRuns: 200, includeErrorInReport: true });
  });
});
