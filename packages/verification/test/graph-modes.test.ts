import {
  graphOperations as defaultOperations,
  type GraphProgram,
  graphProgram,
  type Operations,
  partialOperations,
  piecewiseOperations,
  programFeatures,
  programText,
  runProgram,
  withTensors,
} from "@gradproof/arbitraries";
import {
  complex,
  dense,
  doubleDouble,
  type Field,
  float64,
  roundingOf,
  setImaginary,
  stochastic,
} from "@gradproof/arithmetic";
import { add, grad, hvp, jvp, multiply, square, sum, type Variable, variable, wrap } from "@gradproof/autodiff";
import { describe, expect, test } from "vitest";
import { furtherGraphOperations, furtherOperations } from "./programs/further-operations.ts";
import { type Case, caseOf, isDefined, runOnDuals, tangentByDuals } from "./programs/residue-case.ts";
import { withWrongRule } from "./programs/wrong-operations.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

type Floats = Float64Array;
type Values<S> = readonly Variable<S>[];

/*
 * Random programs of every operation, with shared values, dead branches, broadcasts, scalars and empty axes: reverse mode,
 * forward mode, dual numbers and the complex step give one derivative, and every pair of modes one second derivative.
 */

/** The exact checks of one program: what is wrong, or undefined; NaN nowhere, as nothing rounds. */
function problemOf(given: Case, operations: Operations<Variable<Floats>>): string | undefined {
  const { field: F, program } = given;
  const [x, v] = [given.inputs, given.direction].map((all) => all.map((t) => wrap(F, t)));
  const run = (y: Values<Floats>) => runProgram(program, operations, y);
  const { value, tangent } = jvp(run, x, v);
  if (!F.same(tangent.value, tangentByDuals(given))) return "jvp is not the derivative by dual numbers";

  const c = wrap(F, F.uniform(value.shape));
  const g = (y: Values<Floats>) => sum(multiply(c, square(run(y))));
  const dot = (y: Values<Floats>) => y.map((part, i) => sum(multiply(v[i], part))).reduce(add);
  const slope = (y: Values<Floats>) => jvp(g, y, v).tangent;
  if (!F.same(slope(x).value, dot(grad(g)(x)).value)) return "jvp and gradient are not adjoints";
  const products = {
    "reverse over reverse": grad((y: Values<Floats>) => dot(grad(g)(y)))(x),
    "forward over reverse": hvp(g, x, v),
    "reverse over forward": grad(slope)(x),
  };
  const [first, ...others] = Object.entries(products);
  for (const [way, product] of others) {
    if (product.some((part, i) => !F.same(part.value, first[1][i].value)))
      return `H v by ${way} is not that by ${first[0]}`;
  }
  const curvature = jvp(slope, x, v).tangent;
  return F.same(curvature.value, dot(first[1]).value) ? undefined : "⟨v, H v⟩ by forward over forward";
}

const everyOperation = [...defaultOperations, ...partialOperations, ...piecewiseOperations, ...furtherOperations];

/** The wrong one of the operations. */
function wrongOnly(name: string): Operations<Variable<Floats>> {
  return { [name]: withWrongRule<Floats>(name)[name] };
}

describe("both modes over the prime field", () => {
  const drawn = [
    ...sample(graphProgram({ operations: everyOperation }), 240),
    ...sample(graphProgram({ operations: everyOperation, minLength: 0 }), 60),
  ];
  const cases = drawn.map((program, i) => caseOf(program, seed + i)).filter(isDefined);

  test("agree on random programs, first and second order, element by element", () => {
    const wrong = cases.flatMap((given) => {
      const problem = problemOf(given, furtherGraphOperations());
      return problem === undefined ? [] : [`${problem}\n${programText(given.program)}`];
    });
    expect(wrong).toEqual([]);
    const counts = new Map<string, number>();
    for (const { program } of cases) {
      for (const feature of programFeatures(program)) counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
    const empty = cases.filter(({ program }) => program.inputs.some((shape) => shape.includes(0))).length;
    const listed = [...counts].map(([feature, count]) => `${feature} ${count}`).join(", ");
    console.log(`seed ${seed}: ${cases.length} programs in both modes; ${listed}, empty inputs ${empty}`);
    expect(cases.length).toBeGreaterThan(0.9 * drawn.length);
    expect(empty).toBeGreaterThan(10);
    for (const count of counts.values()) expect(count).toBeGreaterThan(0.02 * cases.length);
    const using = (name: string) => cases.filter(({ program: { steps } }) => steps.some((s) => s.operation === name));
    const uses = everyOperation.map(({ name }) => [name, using(name).length] as const);
    console.log(`programs with each operation: ${uses.map(([name, count]) => `${name} ${count}`).join(", ")}`);
    expect(uses.filter(([, count]) => count < 5)).toEqual([]);
  });

  test.each(["multiply", "tanh", "matmul", "softmax", "sum"])("refuse a wrong rule of %s", (name) => {
    const using = cases.filter(({ program }) => program.steps.some(({ operation }) => operation === name)).slice(0, 25);
    const refused = using.filter(
      (given) => problemOf(given, { ...furtherGraphOperations<Floats>(), ...wrongOnly(name) }) !== undefined,
    );
    expect(refused.length).toBeGreaterThan(0.3 * using.length);
  });
});

describe("in floats", () => {
  const programs = sample(
    withTensors(
      graphProgram({ operations: [...defaultOperations, ...furtherOperations.slice(0, 4)], maxSteps: 6 }),
      ({ inputs }) => [...inputs, ...inputs],
      { limit: 1 },
    ),
    150,
  );

  /** d/dε Σ f(x + ε v) in that field, by dual numbers through the kernels. */
  function slopeIn<S>(
    field: Field<S>,
    program: GraphProgram,
    x: readonly (readonly number[])[],
    v: readonly (readonly number[])[],
  ): number {
    const { D, output, size } = runOnDuals(field, program, (input, i, value, derivative) => {
      field.lift(value, 0, x[input][i]);
      field.lift(derivative, 0, v[input][i]);
    });
    let total = 0;
    for (let i = 0; i < size; i++) total += D.lowerDerivative(output.store, output.offset + i);
    return total;
  }

  test("both modes and the complex step differ from double-double by their rounding at most", () => {
    const A = dense(doubleDouble);
    const C = dense(complex);
    const h = 2 ** -200;
    let moving = 0;
    for (const { setting: program, tensors } of programs) {
      const numbers = tensors.map(({ data }) => Array.from(data));
      const [x, v] = [numbers.slice(0, program.inputs.length), numbers.slice(program.inputs.length)];
      const leaves = <S>(B: Parameters<typeof variable<S>>[0], values: readonly (readonly number[])[]) =>
        values.map((own, i) => variable(B, own, program.inputs[i]));
      const total = <S>(y: Values<S>) => sum(runProgram(program, furtherGraphOperations<S>(), y));

      const exact = A.lower(jvp(total<Floats>, leaves(A, x), leaves(A, v)).tangent.value)[0];
      const byForward = float64.lower(jvp(total<Floats>, leaves(float64, x), leaves(float64, v)).tangent.value)[0];
      const gradient = grad(total<Floats>)(leaves(float64, x));
      let byReverse = 0;
      gradient.forEach((part, i) => {
        for (const [k, slope] of float64.lower(part.value).entries()) byReverse += slope * v[i][k];
      });
      const z = leaves(C, x);
      z.forEach(({ value }, i) => {
        for (const [k, direction] of v[i].entries()) setImaginary(value.store, value.offset + k, direction * h);
      });
      const { store, offset } = total(z).value;
      const byStep = store[2 * offset + 1] / h;

      // σ: how far float64's rounding moves this derivative, by sixteen runs that round at random.
      let square = 0;
      for (let run = 0; run < 16; run++) {
        const moved = slopeIn(stochastic(doubleDouble, roundingOf.float64, seed + run), program, x, v) - exact;
        square += moved * moved;
      }
      const bound = 64 * Math.sqrt(square / 16) + 2 ** -50 * Math.abs(exact);
      for (const [way, found] of Object.entries({ byForward, byReverse, byStep })) {
        expect(Math.abs(found - exact), `${way}, seed ${seed}\n${programText(program)}`).toBeLessThanOrEqual(bound);
      }
      if (exact !== 0) moving++;
    }
    console.log(`seed ${seed}: ${programs.length} programs in floats, ${moving} with a derivative that is not 0`);
    expect(moving).toBeGreaterThan(0.75 * programs.length);
  });
});
