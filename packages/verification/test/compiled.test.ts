import {
  graphOperations as drawnOperations,
  type GraphProgram,
  graphProgram,
  partialOperations,
  programText,
  rnnProblem,
  runProgram,
} from "@gradproof/arbitraries";
import { float32, primeField, random, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { simd } from "@gradproof/arithmetic/simd";
import { type Variable, valueAndGrad, vjp, wrap } from "@gradproof/autodiff";
import { compile } from "@gradproof/autodiff/compile";
import { backward, forward, liftProblem, mapParameters, type RnnProblem } from "@gradproof/rnn";
import { expect, test } from "vitest";
import { autodiffGradient } from "../src/autodiff-gradient.ts";
import { drawShape } from "../src/proof-shape.ts";
import { type LossInputs, rnnLoss } from "../src/rnn-loss.ts";
import { uniformProblem } from "../src/uniform-problem.ts";
import { graphOperations } from "./programs/graph-operations.ts";
import { type Case, caseOf, isDefined, type Residues, tangentByDuals } from "./programs/residue-case.ts";
import { sample } from "./sample.ts";
import { seed } from "./settings.ts";

type Leaves<S> = Readonly<Record<string, Variable<S>>>;

/** Value and Jᵀ ȳ of a program: a function of the inputs, then of ȳ. */
function pullbackOf(program: GraphProgram) {
  return (inputs: readonly Variable<Float64Array>[], cotangent: Variable<Float64Array>) => {
    const { value, pullback } = vjp(
      (own: readonly Variable<Float64Array>[]) => runProgram(program, graphOperations<Float64Array>(), own),
      inputs,
    );
    return { value, gradient: pullback(cotangent) };
  };
}

test("random programs: the compiled gradient has the eager one's residues, and is the derivative by dual numbers", () => {
  const operations = [...drawnOperations, ...partialOperations];
  const cases = sample(graphProgram({ operations }), 250)
    .map((program, i) => caseOf(program, seed + i))
    .filter(isDefined);
  const wrong = cases.filter((given: Case) => {
    const { field: F, program, inputs, direction } = given;
    const f = pullbackOf(program);
    const step = compile(f);
    const tangent = tangentByDuals(given);
    const isRight = (values: readonly Residues[]) => {
      const leaves = values.map((value) => wrap(F, value));
      const cotangent = wrap(F, F.uniform(tangent.shape));
      const [eager, compiled] = [f(leaves, cotangent), step(leaves, cotangent)];
      const isSame = (a: Variable<Float64Array>, b: Variable<Float64Array>) => F.same(a.value, b.value);
      const agrees = compiled.gradient.every((change, i) => isSame(change, eager.gradient[i]));
      const byDuals = inner(F, [[cotangent.value, tangent]]);
      const reverse = inner(
        F,
        compiled.gradient.map(({ value }, i) => [value, direction[i]] as const),
      );
      return { agrees: agrees && isSame(compiled.value, eager.value), exact: F.same(reverse, byDuals) };
    };
    // Recorded with other residues than it is judged with.
    const first = isRight(direction);
    const { agrees, exact } = isRight(inputs);
    return !(first.agrees && agrees && exact);
  });
  expect(wrong.map(({ program }) => programText(program))).toEqual([]);
  console.log(`seed ${seed}: ${cases.length} programs, compiled, eager and by dual numbers`);
  expect(cases.length).toBeGreaterThan(150);
});

function inner(F: Case["field"], pairs: readonly (readonly [Residues, Residues])[]): Residues {
  const total = F.lift([0], []);
  for (const [a, b] of pairs) {
    const products = F.empty(a.shape);
    F.binary(op.multiply, products, a, b);
    F.sum({ ...total, shape: a.shape.map(() => 1), strides: a.shape.map(() => 0) }, products, "accumulate");
  }
  return total;
}

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
