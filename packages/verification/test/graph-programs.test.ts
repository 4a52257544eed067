import {
  allProgramFeatures,
  everyOperation,
  type GraphProgram,
  graphProgram,
  programFeatures,
  programText,
} from "@gradproof/arbitraries";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { firstOrderProblem, problemOf, secondOrderProblem } from "./programs/agreement.ts";
import { graphOperations } from "./programs/graph-operations.ts";
import { type Case, caseOf } from "./programs/residue-case.ts";
import { possibleForms, usesOf, usesTable } from "./programs/uses.ts";
import {
  byRule,
  type Mistake,
  straightThrough,
  withMistake,
  wrongForward,
  wrongInSecondOrder,
  wrongRules,
} from "./programs/wrong-operations.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

/*
 * Random programs of every operation over the prime field, with shared values, dead branches, broadcasts, scalars and empty
 * axes: reverse mode, forward mode and dual numbers give one derivative, and every pair of modes and duals of duals one
 * second derivative.
 */

/** Those that have several forms, or fit few shapes, beside some that make arguments for them. */
const choosy = "pow pad einsum triangularSolve softmaxCrossEntropy multiply tanh reshape stack transpose".split(" ");
const drawn = [
  ...sample(graphProgram({ operations: everyOperation }), 1300),
  ...sample(graphProgram({ operations: everyOperation, minLength: 0 }), 700),
  ...sample(
    graphProgram({ operations: everyOperation.filter(({ name }) => choosy.includes(name)), minLength: 0 }),
    300,
  ),
];
const cases = drawn.flatMap((program, i) => caseOf(program, seed + i) ?? []);
const uses = cases.flatMap((given) => naming(given.program, () => usesOf(given)));

/** What goes wrong there names the program. */
function naming<T>(program: GraphProgram, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : cause}, in\n${programText(program)}`, { cause });
  }
}

test("both modes agree with dual numbers on random programs, first and second order, every element", () => {
  const wrong = cases.flatMap((given) => {
    const problem = naming(given.program, () => problemOf(given, graphOperations()));
    return problem === undefined ? [] : [`${problem}\n${programText(given.program)}`];
  });
  expect(wrong).toEqual([]);
  const shareOf = (given: (one: Case) => boolean) => cases.filter(given).length / cases.length;
  const isZero = ({ field, exact: { tangent, mixed } }: Case, order: 1 | 2) =>
    field.lower(order === 1 ? tangent : mixed).every((x) => x === 0);
  const moving = shareOf((given) => !isZero(given, 1));
  const bending = shareOf((given) => !isZero(given, 2));
  const features = allProgramFeatures.map(
    (feature) => [feature, shareOf(({ program }) => programFeatures(program).includes(feature))] as const,
  );
  const empty = shareOf(({ program }) => program.inputs.some((shape) => shape.includes(0)));
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  console.log(
    `seed ${seed}: ${cases.length} programs of ${everyOperation.length} operations, ${drawn.length - cases.length} more ` +
      `divide by 0 or leave a choice open; first derivatives not 0 in ${percent(moving)}, second in ${percent(bending)}; ` +
      [...features, ["empty inputs", empty] as const].map(([name, share]) => `${name} ${percent(share)}`).join(", "),
  );
  expect(cases.length).toBeGreaterThan(0.85 * drawn.length);
  expect(moving).toBeGreaterThan(0.7);
  expect(bending).toBeGreaterThan(0.5);
  expect(empty).toBeGreaterThan(0.05);
  for (const [, share] of features) expect(share).toBeGreaterThan(0.15);
}, 600_000);

describe("every operation", () => {
  test("is in programs where a gradient flows through it, where what it gives is shared, and in a dead branch", () => {
    console.log(
      `programs with each operation, and with it where a gradient flows:\n${usesTable(everyOperation, uses)}`,
    );
    const has = (name: string, ...what: readonly ("flows" | "shared" | "dead")[]) =>
      uses.some((use) => use.step.operation === name && what.every((one) => use[one]));
    const missing = everyOperation.filter(({ name }) => !has(name, "flows", "shared") || !has(name, "dead"));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  test("is broadcast, of a scalar and of empty arrays where it can be", () => {
    const missing = everyOperation.flatMap((operation) => {
      const own = uses.filter(({ step }) => step.operation === operation.name);
      const found = {
        broadcast: own.some(({ broadcast, dead }) => broadcast && !dead),
        scalar: own.some(({ scalar, dead }) => scalar && !dead),
        empty: own.some(({ empty }) => empty),
      };
      const possible = possibleForms(operation);
      const forms = ["broadcast", "scalar", "empty"] as const;
      return forms.filter((form) => possible[form] !== found[form]).map((form) => `${operation.name}: ${form}`);
    });
    expect(missing).toEqual([]);
  });

  test("has a gradient flowing through it in each form that has a rule of its own, and of matrices", () => {
    const kinds = new Map<string, number>();
    for (const { kind, flows } of uses) kinds.set(kind, (kinds.get(kind) ?? 0) + (flows ? 1 : 0));
    const several = [...kinds].filter(([kind]) => kind.includes(" "));
    const listed = several.toSorted().map(([kind, count]) => `${kind}: ${count}`);
    console.log(`programs with a gradient flowing through each form: ${listed.join("; ")}`);
    expect([...kinds].filter(([, count]) => count === 0)).toEqual([]);
    expect(several.length).toBe(10 + 9 + 2 + 4 + 5 * 2);
  });

  test("has a mistake here", () => {
    expect(Object.keys(wrongRules).toSorted()).toEqual(everyOperation.map(({ name }) => name).toSorted());
  });
});

const names = everyOperation.map(({ name }) => name);

/** How many of some programs in which a gradient flows through the operation a law refuses, with a mistake in it. */
function refused(name: string, law: typeof problemOf, mistake: Mistake, most = 24) {
  const using = new Set(uses.flatMap(({ step, flows, given }) => (flows && step.operation === name ? [given] : [])));
  const tried = [...using].slice(0, most);
  const operations = withMistake<Float64Array>(name, mistake);
  const isRefused = (given: Case) => naming(given.program, () => law(given, operations)) !== undefined;
  return { count: tried.filter(isRefused).length, tried: tried.length };
}

/** What the mistakes in each operation are, and in how many programs they are refused. */
const refusals = new Map<string, string[]>();

function expectRefusal(name: string, law: typeof problemOf, mistake: Mistake) {
  const { count, tried } = refused(name, law, mistake);
  refusals.set(name, [...(refusals.get(name) ?? []), `${mistake.mistake}: ${count} of ${tried}`]);
  expect(tried).toBeGreaterThan(5);
  // A mistake may need axes of other lengths than 1, or an argument on the other side of a kink.
  expect(count).toBeGreaterThan(0.1 * tried);
}

describe("a wrong rule", () => {
  test.each(names)("of %s is refused", (name) => expectRefusal(name, firstOrderProblem, wrongRules[name]));

  test.each(names)("of %s that is wrong in the second order only is refused there", (name) => {
    expect(refused(name, firstOrderProblem, wrongInSecondOrder[name]).count).toBe(0);
    expectRefusal(name, secondOrderProblem, wrongInSecondOrder[name]);
  });

  test.each(names.filter((name) => wrongRules[name] !== straightThrough))("of %s between tangents is refused", (name) =>
    expectRefusal(name, firstOrderProblem, wrongForward),
  );

  test.each(names)("is what is refused: the right rule of %s in its place is not", (name) => {
    const right = byRule("none", (right, ct) => right(ct));
    expect(refused(name, problemOf, right, 4).count).toBe(0);
  });

  test.each([
    ["tanh", ["v0 []", "v1 = tanh(v0) []", "output v1"]],
    ["square", ["v0 []", "v1 = square(v0) []", "output v1"]],
    ["matmul", ["v0 [1, 1]", "v1 = matmul(v0, v0) [1, 1]", "output v1"]],
    ["transpose", ["v0 [2, 2]", "v1 = transpose(v0, axes=[1,0]) [2, 2]", "output v1"]],
    ["concat", ["v0 [1]", "v1 = concat(v0, v0, axis=0) [2]", "output v1"]],
    ["softmax", ["v0 [2]", "v1 = softmax(v0, axis=0) [2]", "output v1"]],
    ["cumsum", ["v0 [2]", "v1 = cumsum(v0, axis=0) [2]", "output v1"]],
    ["determinant", ["v0 [2, 2]", "v1 = determinant(v0) []", "output v1"]],
  ])("of %s is shrunk, on the exact oracle, to the smallest program that shows it", (name, expected) => {
    const operations = withMistake<Float64Array>(name, wrongRules[name]);
    const table = everyOperation.slice(0, 1 + names.indexOf(name));
    const property = fc.property(graphProgram({ operations: table }), (program) => {
      const given = caseOf(program, seed);
      return given === undefined || firstOrderProblem(given, operations) === undefined;
    });
    const { counterexample } = fc.check(property, { seed, numRuns: 300 });
    expect(programText(counterexample?.[0] as GraphProgram).split("\n")).toEqual(expected);
  });

  afterAll(() => {
    const lines = [...refusals].map(([name, all]) => `${name.padEnd(20)} ${all.join("; ")}`);
    console.log(`mistakes, and how many programs refuse them:\n${lines.join("\n")}`);
  });
});
