import { runs } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { everyOperation, furtherOperations, graphOperations } from "../src/graph/graph-operations.ts";
import { type GraphProgramOptions, graphProgram } from "../src/graph/graph-program.ts";
import type { GraphOperation } from "../src/graph/operations/operation.ts";
import { type GraphProgram, type Operations, runProgram, type Step } from "../src/graph/program.ts";
import { allProgramFeatures, type ProgramFeature, programFeatures } from "../src/graph/program-features.ts";
import { programText } from "../src/graph/program-text.ts";
import { type NumericArray, type Shape, sizeOf } from "../src/numeric-array.ts";
import { tensors, withTensors } from "../src/tensor.ts";
import { counterexamples, smallest, wandering } from "./counterexample.ts";
import { frequencies, outside, sample } from "./frequencies.ts";
import { plainOperations } from "./plain/plain-operations.ts";

/** The operations, each checking that what it gives has the shape that the program says. */
const checked: Operations<NumericArray> = Object.fromEntries(
  Object.entries(plainOperations).map(([name, apply]) => [
    name,
    (values: readonly NumericArray[], step: Step) => {
      const result = apply(values, step);
      if (String(result.shape) !== String(step.shape)) {
        throw new Error(`${name} gives [${result.shape}], not [${step.shape}]`);
      }
      return result;
    },
  ]),
);

/** What is wrong with a program. */
function breaches(program: GraphProgram, options: GraphProgramOptions = {}): string[] {
  const { minInputs = 1, maxInputs = 3, minSteps = 1, maxSteps = 10, maxAxes = 3, maxSize = 24 } = options;
  const { inputs, steps, output } = program;
  const broken: string[] = [];
  const most = maxSteps + (options.output === "scalar" ? 1 : 0);
  if (inputs.length < minInputs || inputs.length > maxInputs) broken.push("inputs");
  if (steps.length < minSteps || steps.length > most) broken.push("steps");
  if (!(output >= 0 && output < inputs.length + steps.length)) broken.push("output");
  steps.forEach((step, at) => {
    if (step.arguments.some((value) => !(value >= 0 && value < inputs.length + at))) broken.push("arguments");
  });
  const shapes = [...inputs, ...steps.map(({ shape }) => shape)];
  const size = (shape: Shape) => shape.reduce((product, length) => product * length, 1);
  if (shapes.some((shape) => shape.length > maxAxes || size(shape) > maxSize)) broken.push("size");
  if (options.output === "scalar" && shapes[output].length > 0) broken.push("scalar output");
  return broken;
}

describe("graphProgram", () => {
  test.each<[string, GraphProgramOptions]>([
    ["the default operations", {}],
    ["all operations", { operations: everyOperation }],
    ["all operations and empty axes", { operations: everyOperation, minLength: 0 }],
  ])("of %s draws programs that run, every value of the shape that the step says", (_, options) => {
    const cases = withTensors(graphProgram(options), ({ inputs }) => inputs);
    const law = fc.property(cases, ({ setting, tensors: inputs }) => {
      expect(breaches(setting)).toEqual([]);
      runProgram(setting, checked, inputs);
    });
    fc.assert(law, runs(700));
  });

  test("draws no infinite or undefined number from the default operations, nor from further ones, where numbers stay small", () => {
    const failsFor = (operations: readonly GraphOperation[]) => {
      const cases = withTensors(graphProgram({ maxSteps: 4, operations }), ({ inputs }) => inputs, { limit: 1 });
      const law = fc.property(cases, ({ setting, tensors: inputs }) =>
        runProgram(setting, plainOperations, inputs).data.every(Number.isFinite),
      );
      return fc.check(law, runs(500)).counterexample?.[0].setting;
    };
    expect(failsFor(graphOperations)).toBeUndefined();
    expect(failsFor([...graphOperations, ...furtherOperations])).toBeUndefined();
    expect(failsFor(everyOperation)?.steps.length).toBeLessThanOrEqual(2);
  });

  test("and so are those that they shrink to", () => {
    const given = [
      { operations: everyOperation },
      { output: "scalar", minSteps: 3 },
      { minInputs: 2, maxAxes: 2, maxSize: 6, minLength: 0 },
    ] as const;
    for (const options of given) {
      for (const { value: program } of wandering(graphProgram(options), 15)) {
        expect(breaches(program, options)).toEqual([]);
        const ones = program.inputs.map((shape) => ({ shape, data: new Float64Array(sizeOf(shape)).fill(1) }));
        runProgram(program, checked, ones);
      }
    }
  });

  test("the checks refuse other programs", () => {
    const input = { shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) };
    const program = (operation: string, shape: Shape, parameters?: unknown): GraphProgram => ({
      inputs: [[2, 3]],
      steps: [{ operation, arguments: [0], shape, parameters }],
      output: 1,
    });
    const { data } = runProgram(program("transpose", [3, 2], { axes: [1, 0] }), checked, [input]);
    expect([...data]).toEqual([1, 4, 2, 5, 3, 6]);
    const untransposed = program("transpose", [2, 3], { axes: [1, 0] });
    expect(() => runProgram(untransposed, checked, [input])).toThrow("gives [3,2]");
    expect(() => runProgram(program("at", [3], { index: 2, axis: 0 }), checked, [input])).toThrow("no index [2,0]");
    expect(() => runProgram(program("reshape", [4]), checked, [input])).toThrow("sizes differ");
    expect(() => runProgram(program("sumTo", [2]), checked, [input])).toThrow("lengths differ");
    const wrong = { ...program("negate", [2, 3]), steps: [{ operation: "negate", arguments: [1], shape: [2, 3] }] };
    expect(breaches(wrong)).toEqual(["arguments"]);
    expect(breaches(program("negate", [5, 5]), { output: "scalar" })).toEqual(["size", "scalar output"]);
  });

  test("every operation and every feature comes at a known frequency", () => {
    const programs = sample(graphProgram(), 4000);
    const features = frequencies(programs, programFeatures);
    const bands = {
      "shared-value": [0.62, 0.75],
      "repeated-argument": [0.26, 0.39],
      "dead-branch": [0.38, 0.52],
      "unused-input": [0.29, 0.43],
      scalar: [0.2, 0.34],
      broadcast: [0.48, 0.62],
    } as const;
    expect(outside(features, bands)).toEqual([]);
    const operations = frequencies(programs, ({ steps }) => steps.map(({ operation }) => operation));
    const each = Object.fromEntries(graphOperations.map(({ name }) => [name, [0.09, 0.6] as const]));
    expect(outside(operations, each)).toEqual([]);
    const all = sample(graphProgram({ operations: everyOperation }), 4000);
    const ofAll = frequencies(all, ({ steps }) => steps.map(({ operation }) => operation));
    expect(outside(ofAll, Object.fromEntries(everyOperation.map(({ name }) => [name, [0.04, 0.35] as const])))).toEqual(
      [],
    );
    // The control: programs of one step share nothing.
    expect(outside(frequencies(sample(graphProgram({ maxSteps: 1 }), 500), programFeatures), bands)).not.toEqual([]);
  });

  test("ends in a scalar if asked", () => {
    const scalar = graphProgram({ output: "scalar" });
    const programs = sample(scalar, 500);
    for (const program of programs) expect(breaches(program, { output: "scalar" })).toEqual([]);
    expect(programs.filter((program) => programFeatures(program).includes("dead-branch")).length).toBeGreaterThan(50);
    const noSum = graphOperations.filter(({ name }) => name === "negate");
    expect(() => fc.sample(graphProgram({ operations: noSum, output: "scalar" }), 20)).toThrow(
      "no operation makes a scalar",
    );
  });

  test("takes a table of one's own, with parameters", () => {
    const operations: GraphOperation[] = [
      { name: "scale", arity: 1, ways: (shape) => [2, 3].map((factor) => ({ shape, parameters: { factor } })) },
      {
        name: "sumAxis",
        arity: 1,
        ways: (shape) => shape.map((_, axis) => ({ shape: shape.toSpliced(axis, 1), parameters: { axis } })),
      },
      {
        name: "select",
        arity: 3,
        ways: (a, b, c) => (String(a) === String(b) && String(b) === String(c) ? [{ shape: a }] : []),
      },
    ];
    const programs = sample(graphProgram({ operations }), 500);
    const seen = frequencies(programs, ({ steps }) =>
      steps.map(({ operation, parameters }) => operation + JSON.stringify(parameters ?? "")),
    );
    for (const kind of ['scale{"factor":2}', 'scale{"factor":3}', 'sumAxis{"axis":1}', 'select""']) {
      expect(seen.get(kind)).toBeGreaterThan(0.05);
    }
    const third = smallest(graphProgram({ operations }), ({ steps }) =>
      steps.some(({ parameters }) => (parameters as { factor?: number } | undefined)?.factor === 3),
    );
    expect(third).toEqual({
      inputs: [[]],
      steps: [{ operation: "scale", arguments: [0], shape: [], parameters: { factor: 3 } }],
      output: 1,
    });
  });

  test("draws an operation with each number of arguments that it may have, and shrinks it to the fewest that fail", () => {
    const operations = everyOperation.filter(({ name }) => ["negate", "pow", "einsum"].includes(name));
    const seen = frequencies(sample(graphProgram({ operations }), 500), ({ steps }) =>
      steps.map((step) => `${step.operation} of ${step.arguments.length}`),
    );
    for (const kind of ["pow of 1", "pow of 2", "einsum of 1", "einsum of 2", "einsum of 3"]) {
      expect(seen.get(kind), kind).toBeGreaterThan(0.1);
    }
    const using = (name: string, least: number) => (program: GraphProgram) =>
      program.steps.some((step) => step.operation === name && step.arguments.length >= least);
    const arbitrary = graphProgram({ operations });
    const text = (fails: (program: GraphProgram) => boolean) => programText(smallest(arbitrary, fails)).split("\n");
    expect(text(using("pow", 1))).toEqual(["v0 []", "v1 = pow(v0, exponent=2) []", "output v1"]);
    expect(text(using("pow", 2))).toEqual(["v0 []", "v1 = pow(v0, v0) []", "output v1"]);
    expect(text(using("einsum", 3))).toEqual(["v0 [1]", 'v1 = einsum(v0, v0, v0, notation="i,i,i->") []', "output v1"]);
  });

  test("never subtracts a value from itself, which would be 0 whatever it is", () => {
    const programs = [...sample(graphProgram(), 2000), ...wandering(graphProgram(), 20).map(({ value }) => value)];
    const steps = programs.flatMap((program) => program.steps).filter(({ operation }) => operation === "subtract");
    expect(steps.length).toBeGreaterThan(500);
    expect(steps.filter(({ arguments: [a, b] }) => a === b)).toEqual([]);
  });

  test.each<[GraphProgramOptions, string]>([
    [{ minInputs: 0 }, "minInputs is 0"],
    [{ minSteps: 4, maxSteps: 3 }, "minSteps is 4 and maxSteps 3"],
    [{ maxSteps: 2.5 }, "maxSteps 2.5"],
    [{ operations: [] }, "operations is empty"],
    [{ maxAxes: -1 }, "maxAxes is -1"],
    [{ minLength: 2 as 1 }, "minLength is 2"],
  ])("refuses %o", (options, message) => {
    expect(() => graphProgram(options)).toThrow(message);
  });

  test("says so where no operation can be applied", () => {
    const [matmul] = graphOperations.filter(({ name }) => name === "matmul");
    const impossible = graphProgram({ operations: [matmul], maxAxes: 1 });
    expect(() => fc.sample(impossible, 1)).toThrow("no operation takes values of shape");
  });
});

describe("a program shrinks to", () => {
  const text = (fails: (program: GraphProgram) => boolean) => programText(smallest(graphProgram(), fails)).split("\n");
  const has = (name: string) => (program: GraphProgram) => program.steps.some(({ operation }) => operation === name);

  test("the simplest operation on a scalar", () => {
    expect(text(() => true)).toEqual(["v0 []", "v1 = negate(v0) []", "output v1"]);
  });

  test.each([
    ["tanh", ["v0 []", "v1 = tanh(v0) []", "output v1"]],
    ["multiply", ["v0 []", "v1 = multiply(v0, v0) []", "output v1"]],
    ["matmul", ["v0 [1, 1]", "v1 = matmul(v0, v0) [1, 1]", "output v1"]],
    ["transpose", ["v0 [1, 1]", "v1 = transpose(v0, axes=[1,0]) [1, 1]", "output v1"]],
    ["sum", ["v0 [1]", "v1 = sum(v0, axes=[0], keepDimensions=false) []", "output v1"]],
    ["broadcastTo", ["v0 []", "v1 = broadcastTo(v0) [2]", "output v1"]],
  ])("%s alone, where that fails", (name, expected) => {
    expect(text(has(name))).toEqual(expected);
  });

  test("the few steps that fail together", () => {
    const tanhOfMatmul = ({ inputs, steps }: GraphProgram) =>
      steps.some(
        ({ operation, arguments: [at] }) => operation === "tanh" && steps[at - inputs.length]?.operation === "matmul",
      );
    expect(text(tanhOfMatmul)).toEqual([
      "v0 [1, 1]",
      "v1 = matmul(v0, v0) [1, 1]",
      "v2 = tanh(v1) [1, 1]",
      "output v2",
    ]);
    const bothOf = counterexamples(graphProgram(), (program) => has("square")(program) && has("reshape")(program));
    for (const { inputs, steps } of bothOf) expect([inputs, steps.length]).toEqual([[[]], 2]);
  });

  test("small shapes with the same steps", () => {
    const wide = ({ steps }: GraphProgram) =>
      steps.some(({ operation, shape }) => operation === "matmul" && shape[0] > 1);
    for (const { inputs, steps } of counterexamples(graphProgram(), wide)) {
      expect(steps.length).toBeLessThanOrEqual(2);
      // [2, 1] and [1, 1], or a leading axis that cannot go by itself.
      expect(inputs.flat().reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(6);
    }
  });

  test("a program and then simple inputs of it", () => {
    const cases = withTensors(graphProgram(), ({ inputs }) => inputs);
    const { setting, tensors: inputs } = smallest(cases, ({ setting: program }) => has("matmul")(program));
    expect([setting.steps.length, inputs.map(({ shape, data }) => [shape, [...data]])]).toEqual([1, [[[1, 1], [1]]]]);
  });
});

describe("programFeatures", () => {
  const step = (operation: string, shape: Shape, ...values: number[]): Step => ({
    operation,
    arguments: values,
    shape,
  });
  const cases: Readonly<Record<ProgramFeature, GraphProgram>> = {
    "shared-value": { inputs: [[2]], steps: [step("tanh", [2], 0), step("add", [2], 0, 1)], output: 2 },
    "repeated-argument": { inputs: [[2]], steps: [step("add", [2], 0, 0)], output: 1 },
    "dead-branch": { inputs: [[2]], steps: [step("tanh", [2], 0), step("tanh", [2], 1)], output: 1 },
    "unused-input": { inputs: [[2], [2]], steps: [step("tanh", [2], 1)], output: 2 },
    scalar: { inputs: [[]], steps: [step("tanh", [], 0)], output: 1 },
    broadcast: { inputs: [[2], [1]], steps: [step("add", [2], 0, 1)], output: 2 },
  };
  test.each(allProgramFeatures)("names %s, and nothing that is not there", (feature) => {
    expect(programFeatures(cases[feature])).toEqual([feature]);
  });

  test("finds nothing in a plain chain, nor in a matrix product", () => {
    const chain = {
      inputs: [
        [2, 3],
        [3, 2],
      ],
      steps: [step("matmul", [2, 2], 0, 1), step("tanh", [2, 2], 2)],
      output: 3,
    };
    expect(programFeatures(chain)).toEqual([]);
  });
});

describe("runProgram", () => {
  const scalar = (x: number): NumericArray => ({ shape: [], data: Float64Array.of(x) });
  const program: GraphProgram = {
    inputs: [[], []],
    steps: [
      { operation: "add", arguments: [0, 1], shape: [] },
      { operation: "negate", arguments: [0], shape: [] },
      { operation: "multiply", arguments: [2, 2], shape: [] },
    ],
    output: 4,
  };

  test("runs every step in order, dead ones too, with its record", () => {
    const seen: Step[] = [];
    const watched: Operations<NumericArray> = Object.fromEntries(
      Object.entries(plainOperations).map(([name, apply]) => [
        name,
        (values: readonly NumericArray[], step: Step) => {
          seen.push(step);
          return apply(values, step);
        },
      ]),
    );
    expect(runProgram(program, watched, [scalar(1), scalar(2)]).data).toEqual(Float64Array.of(9));
    expect(seen).toEqual(program.steps);
  });

  test("names what is missing", () => {
    expect(() => runProgram(program, plainOperations, [scalar(1)])).toThrow("runProgram: 1 inputs; expected 2");
    const { negate: _, ...others } = plainOperations;
    expect(() => runProgram(program, others, [scalar(1), scalar(2)])).toThrow(
      "runProgram: no operation negate; expected one of shared, add",
    );
  });
});

test("tensors draws inputs for one program too", () => {
  const [program] = sample(graphProgram({ minInputs: 2 }), 1);
  const [inputs] = sample(tensors(program.inputs), 1);
  expect(inputs.map(({ shape }) => shape)).toEqual(program.inputs);
});
