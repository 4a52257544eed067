import {
  everyOperation,
  type GraphOperation,
  type GraphProgram,
  graphProgram,
  programText,
  rnnProblem,
  runProgram,
} from "@gradproof/arbitraries";
import { float32, primeField, random, type Tensor } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { hvp, multiply, square, sum, type Variable, valueAndGrad, vjp, wrap } from "@gradproof/autodiff";
import { compile } from "@gradproof/autodiff/compile";
import { backward, forward, liftProblem, mapParameters, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { drawShape } from "../src/proof-shape.ts";
import { type LossInputs, rnnLoss } from "../src/rnn-loss.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { inner } from "./programs/agreement.ts";
import { graphOperations } from "./programs/graph-operations.ts";
import { type Case, caseOf, isDefinedAt, type Residues } from "./programs/residue-case.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

type Leaves<S> = Readonly<Record<string, Variable<S>>>;

/** Value, Jᵀ c and, for ⟨c, f²⟩, H v of a program: a function of the inputs, c and v. */
function derivativesOf(program: GraphProgram) {
  type Values = readonly Variable<Float64Array>[];
  return (inputs: Values, c: Variable<Float64Array>, v: Values) => {
    const run = (own: Values) => runProgram(program, graphOperations<Float64Array>(), own);
    const { value, pullback } = vjp(run, inputs);
    return {
      value,
      gradient: pullback(c),
      product: hvp((own: Values) => sum(multiply(c, square(run(own)))), inputs, v),
    };
  };
}

/** What reads numbers to choose by, which a function that is compiled cannot. */
const readers = "pow where maximum minimum max min norm determinant logDeterminant inverse solve cholesky".split(" ");

test.each(readers)("%s reads numbers, and compile says so", (name) => {
  const { arity, ways } = everyOperation.find((operation) => operation.name === name) as GraphOperation;
  const inputs = [arity]
    .flat()
    .slice(-1)
    .flatMap((count) => new Array<readonly number[]>(count).fill([2, 2]));
  const step = { operation: name, arguments: [...inputs.keys()], ...ways(...inputs)[0] };
  const { field: F, program, exact, ...given } = caseOf({ inputs, steps: [step], output: inputs.length }, seed) as Case;
  const leaves = given.inputs.map((value) => wrap(F, value));
  expect(() => compile(derivativesOf(program))(leaves, wrap(F, exact.tangent), leaves)).toThrow("lower reads values");
});

test("random programs: compiled derivatives have the eager ones' residues, and the gradient is that of dual numbers", () => {
  const operations = everyOperation.filter(({ name }) => !readers.includes(name));
  const cases = sample(graphProgram({ operations }), 250)
    .flatMap((program, i) => caseOf(program, seed + i) ?? [])
    .filter(({ field, program, direction }) => isDefinedAt(field, program, direction));
  const isRight = ({ field: F, program, inputs, direction, exact: { tangent } }: Case): boolean => {
    const eager = derivativesOf(program);
    const compiled = compile(eager);
    const c = F.uniform(tangent.shape);
    const leaves = (values: readonly Residues[]) => values.map((value) => wrap(F, value));
    const both = (at: readonly Residues[]) =>
      [eager, compiled].map((f) => f(leaves(at), wrap(F, c), leaves(direction)));
    const agree = ([one, other]: ReturnType<typeof both>) => {
      const all = [one, other].map(({ value, gradient, product }) => [value, ...gradient, ...product]);
      return all[0].every(({ value }, i) => F.same(value, all[1][i].value));
    };
    // Recorded with other residues than it is judged with.
    const recorded = agree(both(direction));
    const results = both(inputs);
    const reverse = inner(
      F,
      results[1].gradient.map(({ value }, i) => [value, direction[i]] as const),
    );
    return recorded && agree(results) && F.same(reverse, inner(F, [[c, tangent]]));
  };
  const wrong = cases.filter((given) => !isRight(given));
  expect(wrong.map(({ program }) => programText(program))).toEqual([]);
  console.log(
    `seed ${seed}: ${cases.length} programs of ${operations.length} operations, compiled, eager and by dual numbers`,
  );
  expect(cases.length).toBeGreaterThan(150);
});

/** The RNN's loss and gradient as a function to compile, with its inputs. */
function rnnStep<S>(A: Parameters<typeof wrap<S>>[0], problem: RnnProblem<Tensor<S>>) {
  const leaf = (value: Tensor<S>) => wrap(A, value);
  const inputs = { ...mapParameters(problem.parameters, leaf), h0: leaf(problem.h0), x: leaf(problem.x) };
  const loss = (leaves: Leaves<S>) => rnnLoss(A, problem, leaves as unknown as LossInputs<S>).loss;
  return { inputs: inputs as unknown as Leaves<S>, f: (leaves: Leaves<S>) => valueAndGrad(loss)(leaves) };
}

test("the RNN over the prime field: compiled autodiff, autodiff and BPTT have the same residues", () => {
  const source = random(seed);
  let elements = 0;
  for (let done = 0; done < 40; done++) {
    const F = primeField(source.uint32());
    const { problem } = uniformProblem(F, drawShape(source), source);
    const { inputs, f } = rnnStep(F, problem);
    const { value, gradient } = compile(f)(inputs);
    const eager = autodiffGradient(F, problem);
    const trajectory = forward(F, problem);
    const byHand = backward(F, problem, trajectory) as unknown as Record<string, Tensor<Float64Array>>;
    expect(F.same(value.value, eager.loss) && F.same(value.value, trajectory.loss)).toBe(true);
    for (const [name, { value }] of Object.entries(gradient)) {
      const expected = (eager.gradient as unknown as Record<string, Tensor<Float64Array>>)[name];
      expect(F.same(value, expected) && F.same(value, byHand[name]), name).toBe(true);
      elements += F.lower(value).length;
    }
  }
  expect(elements).toBeGreaterThan(1000);
});

test.each([
  ["portable float32", () => float32],
  ["simd float32", () => simd("float32")],
  ["simd float32 deterministic", () => simd("float32", { deterministic: true })],
] as const)("the RNN in %s: compiled autodiff has the bits of autodiff, call after call", (_, make) => {
  const A = make() as Parameters<typeof rnnStep<unknown>>[0];
  for (const numbers of sample(rnnProblem({ T: { min: 1, max: 9 }, exactIn: "float32" }), 25)) {
    const problem = liftProblem(A, numbers) as unknown as RnnProblem<Tensor<unknown>>;
    const { inputs, f } = rnnStep(A, problem);
    const step = compile(f, { audit: 2 });
    const eager = f(inputs);
    for (let call = 0; call < 3; call++) {
      const { value, gradient } = step(inputs);
      expect(A.same(value.value, eager.value.value)).toBe(true);
      for (const name of Object.keys(gradient)) {
        expect(A.same(gradient[name].value, eager.gradient[name].value), `call ${call}, ${name}`).toBe(true);
      }
    }
  }
});
