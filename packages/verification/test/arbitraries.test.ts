import {
  allBlindSpots,
  blindSpots,
  type GraphProgram,
  graphOperations as graphOperationTable,
  graphProgram,
  type NumericArray,
  type Operations,
  programText,
  type RnnProblem,
  rnnProblem,
  runProgram,
  vacuousSpots,
  withTensors,
} from "@gradproof/arbitraries";
import {
  type DualStore,
  dense,
  dual,
  float64,
  type PrimeField,
  primeField,
  random,
  type Tensor,
} from "@gradproof/arithmetic";
import { type Variable, vjp, wrap } from "@gradproof/autodiff";
import * as rnn from "@gradproof/rnn";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { mistakes } from "../src/mistakes.ts";
import type { ProofShape } from "../src/proof-shape.ts";
import type { ProblemFacts } from "../src/uniform-problem.ts";
import { graphOperations, kernelOperations, withWrongRule, wrongRules } from "./program-interpreters.ts";
import { seed } from "./settings.ts";

type Residues = Tensor<Float64Array>;

function sample<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  const numRuns = Math.max(1, Math.round(count * Number(process.env.GRADPROOF_RUNS ?? 1)));
  return fc.sample(arbitrary, { seed, numRuns });
}

/** Names of the gradients that differ; "loss" too. */
function differences(problem: RnnProblem, field: PrimeField, equations = rnn.bptt<Float64Array>()): string[] {
  const lifted = rnn.liftProblem(field, problem);
  const trajectory = rnn.forward(field, lifted);
  const hand = Object.entries(rnn.backward(field, lifted, trajectory, equations)) as [string, Residues][];
  const { loss, gradient } = autodiffGradient(field, lifted);
  const expected = gradient as unknown as Record<string, Residues>;
  const wrong = hand.filter(([name, value]) => !field.same(value, expected[name])).map(([name]) => name);
  return field.same(trajectory.loss, loss) ? wrong : ["loss", ...wrong];
}

describe("problems of rnnProblem", () => {
  test("are what rnn takes, shrunk or not, and rnn's are what blindSpots takes", () => {
    let tried = 0;
    for (let run = 0; run < 60; run++) {
      let refused: unknown;
      // Every third problem counts as a counterexample, so that shrinking wanders through all the structure there is.
      const wandering = fc.property(rnnProblem({ exclude: [] }), (problem) => {
        const taken: rnn.RnnProblem<rnn.NumericArray> = problem;
        try {
          rnn.checkProblem(taken);
          blindSpots(taken as RnnProblem);
        } catch (error) {
          refused ??= error;
        }
        return ++tried % 3 !== 0;
      });
      fc.check(wandering, { seed: seed + run, numRuns: 20 });
      expect(refused).toBeUndefined();
    }
    expect(tried).toBeGreaterThan(600);
    const [problem] = sample(rnnProblem({ loss: ["mse"] }), 1);
    const wrong = { ...problem, h0: { shape: [9, 9], data: new Float64Array(81) } };
    expect(() => rnn.checkProblem(wrong)).toThrow(rnn.ProblemError);
  });

  test("BPTT is autodiff on every one of them, over the prime field", () => {
    const problems = sample(rnnProblem({ exclude: [], T: { min: 1, max: 8 } }), 300);
    for (const [i, problem] of problems.entries()) expect(differences(problem, primeField(seed + i))).toEqual([]);
  });

  test("every mistake of the catalogue shows on problems without blind spots, on those with tanh always", () => {
    const given = rnnProblem({ exclude: allBlindSpots, loss: ["cross_entropy", "mse", "half_squared_error"] });
    const counts = new Map(mistakes.map(({ name }) => [name, { tanh: [0, 0], relu: [0, 0] }]));
    for (const [i, problem] of sample(given, 60).entries()) {
      for (const { name, inert, equations } of mistakes) {
        if (inert(shapeOf(problem), factsOf(problem))) continue;
        const count = (counts.get(name) ?? { tanh: [0, 0], relu: [0, 0] })[problem.nonlinearity];
        const wrong = { ...rnn.bptt<Float64Array>(), ...equations<Float64Array>() };
        count[1]++;
        if (differences(problem, primeField(seed + i), wrong).length > 0) count[0]++;
      }
    }
    const report = [...counts].map(([name, { tanh, relu }]) => `${name} ${tanh.join("/")} ${relu.join("/")}`);
    console.log(`seed ${seed}: mistakes shown on problems without blind spots, tanh and relu: ${report.join(", ")}`);
    for (const { tanh, relu } of counts.values()) {
      expect(tanh[0]).toBe(tanh[1]);
      expect(tanh[0] + relu[0]).toBeGreaterThan(0);
      // Units that are off hide some of what is behind them.
      expect(relu[0]).toBeGreaterThanOrEqual(0.5 * relu[1]);
    }
  });

  test("and on vacuous ones nothing can: every gradient but that of by is 0", () => {
    const vacuous = sample(rnnProblem({ exclude: [] }), 600).filter((problem) =>
      blindSpots(problem).some((spot) => vacuousSpots.some((other) => other === spot)),
    );
    expect(vacuous.length).toBeGreaterThan(30);
    const isZero = ({ data }: NumericArray) => data.every((x) => x === 0);
    for (const problem of vacuous) {
      const { by: _, ...gradient } = rnn.lossAndGradient(float64, problem).gradient;
      expect(Object.entries(gradient).filter(([, value]) => !isZero(value as NumericArray))).toEqual([]);
    }
    const [sighted] = sample(rnnProblem({ exclude: allBlindSpots }), 1);
    expect(isZero(rnn.lossAndGradient(float64, sighted).gradient.Whh)).toBe(false);
  });
});

/** What the catalogue wants to know of a problem. */
function shapeOf(problem: RnnProblem): ProofShape {
  const { parameters, nonlinearity, loss, reduction, mask, h0 } = problem;
  return {
    ...rnn.dimensions(problem),
    nonlinearity,
    loss,
    reduction,
    bxh: parameters.bxh !== undefined,
    bhh: parameters.bhh !== undefined,
    by: parameters.by !== undefined,
    mask: mask !== undefined,
    zeroState: h0.data.every((value) => value === 0),
  };
}

function factsOf(problem: RnnProblem): ProblemFacts {
  const [T, B] = problem.x.shape;
  const { preactivations } = rnn.forward(float64, rnn.liftProblem(float64, problem));
  const off = Array.from(float64.lower(preactivations), (u) => problem.nonlinearity === "relu" && u <= 0);
  const early = Array.from({ length: (T - 1) * B }, (_, step) => problem.mask?.data[step] !== 0);
  return {
    deadUnits: off.includes(true),
    laterDeadUnits: off.includes(true, off.length / T),
    earlyLoss: early.includes(true),
  };
}

/** A program, with residues for its inputs, the direction in which they move, and the cotangent of its output. */
interface Case {
  readonly field: PrimeField;
  readonly program: GraphProgram;
  readonly inputs: readonly Residues[];
  readonly direction: readonly Residues[];
}

/** The residues are uniform and the verifier's; of the program come the shapes alone. */
function caseOf(program: GraphProgram, fieldSeed: number): Case {
  const field = primeField(fieldSeed);
  const draw = () => program.inputs.map((shape) => field.uniform(shape));
  return { field, program, inputs: draw(), direction: draw() };
}

function inner(field: PrimeField, pairs: readonly (readonly [Residues, Residues])[]): Residues {
  const total = field.lift([0], []);
  for (const [a, b] of pairs) {
    const products = field.empty(a.shape);
    field.binary("multiply", products, a, b);
    const ones = { ...total, shape: a.shape.map(() => 1), strides: a.shape.map(() => 0) };
    field.reduce("sum", ones, products, "accumulate");
  }
  return total;
}

/** The output's derivative along the direction, by dual numbers. */
function forwardMode({ field, program, inputs, direction }: Case): Residues {
  const duals = dual(field.field);
  const D = dense(duals);
  const lifted = inputs.map((input, at): Tensor<DualStore<Float64Array>> => {
    const size = field.lower(input).length;
    const t = D.lift(new Float64Array(size), input.shape);
    for (let i = 0; i < size; i++) {
      field.field.copy(t.store.base, 2 * (t.offset + i), input.store, input.offset + i);
      duals.setDerivative(t.store, t.offset + i, direction[at].store, direction[at].offset + i);
    }
    return t;
  });
  const output = runProgram(program, kernelOperations(D), lifted);
  const own = D.empty(output.shape);
  D.copy(own, output);
  const derivative = field.empty(output.shape);
  const size = field.lower(derivative).length;
  for (let i = 0; i < size; i++) duals.derivative(derivative.store, derivative.offset + i, own.store, own.offset + i);
  return derivative;
}

/** Whether ⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩ for a random ȳ: J v by dual numbers, Jᵀ ȳ by the graph with those operations. */
function agrees(given: Case, operations: Operations<Variable<Float64Array>>): boolean {
  const { field, program, inputs, direction } = given;
  const tangent = forwardMode(given);
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

describe("programs of graphProgram", () => {
  const programs = sample(graphProgram(), 400);
  const cases = programs.map((program, i) => caseOf(program, seed + i));

  test("the graph's gradient is the derivative by dual numbers along random directions, over the prime field", () => {
    const wrong = cases.filter((given) => !agrees(given, graphOperations()));
    expect(wrong.map(({ program }) => programText(program))).toEqual([]);
    const moving = cases.filter((given) => {
      const tangent = forwardMode(given);
      return !given.field.same(
        tangent,
        given.field.lift(new Float64Array(given.field.lower(tangent).length), tangent.shape),
      );
    });
    console.log(
      `seed ${seed}: ${cases.length} programs agree, ${moving.length} of them with a derivative that is not 0`,
    );
    expect(moving.length).toBeGreaterThan(0.9 * cases.length);
  });

  test("every operation of the default table has a mistake here", () => {
    expect(Object.keys(wrongRules).toSorted()).toEqual(graphOperationTable.map(({ name }) => name).toSorted());
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
    ["transpose", ["v0 [2, 2]", "v1 = transpose(v0) [2, 2]", "output v1"]],
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

test("problems of one seed are the same ones, of another others", () => {
  const at = random(seed).integer(1, 2 ** 30);
  const draw = (own: number) => fc.stringify(fc.sample(rnnProblem(), { seed: own, numRuns: 3 }));
  expect(draw(at)).toBe(draw(at));
  expect(draw(at)).not.toBe(draw(at + 1));
});
