import { type Arithmetic, at, random, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import {
  add,
  matmul,
  multiply,
  stopGradient,
  sum,
  transpose,
  type Variable,
  valueAndGrad,
  wrap,
} from "@gradproof/autodiff";
import { bptt, type Equations, mapParameters, type RnnProblem, type Segment } from "@gradproof/rnn";
import { type LossInputs, rnnLoss } from "../rnn-loss.ts";
import type { PartialGradient, RnnDerivation, Setting } from "./derivation.ts";

/**
 * The step of the induction over T: (B1) to (B12) over one step t, with any error δ_{t+1} from the step behind it, are the
 * vector-Jacobian product of that step, of J_t + ⟨δ_{t+1}, W_hh h_t⟩, where W_hh of the next step is a constant. A sequence
 * of T steps applies it T times, each to the δ of the one before and the sum over t; T = 1 has no step behind it.
 */
export const oneStep: RnnDerivation = {
  name: "one step, any error behind it",
  source: "the chain rule: induction over T",
  mistake: "δ_{t+1} is not multiplied by W_hhᵀ",
  fit: (drawn) => ({ ...drawn, T: 1 }),
  sides(setting) {
    const { A, shape, problem, seed } = setting;
    const source = random(seed);
    const behind = A.uniform(
      [shape.B, shape.H],
      Float64Array.from({ length: shape.B * shape.H }, () => source.integer(1, 1023) / 1024),
    );
    return {
      given: byEquations(setting, behind, bptt()),
      expected: byAutodiff(A, problem, behind),
      control: () => byEquations(setting, behind, { ...bptt(), stepBack: withoutWeight }),
      inert: false,
    };
  },
};

function withoutWeight<S>(A: Arithmetic<S>, { start, stateError, delta }: Segment<S>, t: number): void {
  const error = at(stateError, t - start);
  A.binary(op.add, error, error, at(delta, t + 1 - start));
}

/** The equations over the segment [0, 1) as if a step followed it, with δ of that step given. */
function byEquations<S>(
  { A, shape, problem, trajectory }: Setting<S>,
  behind: Tensor<S>,
  equations: Equations<S>,
): PartialGradient<S> {
  const { B, H, O } = shape;
  const segment: Segment<S> = {
    problem,
    trajectory,
    start: 0,
    end: 1,
    outputError: A.empty([1, B, O]),
    stateError: A.empty([1, B, H]),
    delta: A.empty([2, B, H]),
  };
  A.copy(at(segment.delta, 1), behind);
  equations.outputError(A, segment);
  equations.throughReadout(A, segment);
  equations.stepBack(A, segment, 0);
  equations.throughActivation(A, segment, 0);
  const inputs = { ...problem.parameters, h0: problem.h0, x: problem.x };
  const names = Object.keys(inputs) as (keyof typeof inputs)[];
  return Object.fromEntries(
    names.map((name) => {
      const gradient = A.empty((inputs[name] as Tensor<S>).shape);
      equations[name](A, segment, gradient, "write");
      return [name, gradient];
    }),
  );
}

function byAutodiff<S>(A: Setting<S>["A"], problem: RnnProblem<Tensor<S>>, behind: Tensor<S>): PartialGradient<S> {
  const leaf = (value: Tensor<S>): Variable<S> => wrap(A, value);
  const inputs = { ...mapParameters(problem.parameters, leaf), h0: leaf(problem.h0), x: leaf(problem.x) };
  const total = (leaves: Record<string, Variable<S>>): Variable<S> => {
    const own = leaves as unknown as LossInputs<S>;
    const { loss, states } = rnnLoss(A, problem, own);
    const passedOn = matmul(states[1], transpose(stopGradient(own.Whh)));
    return add(loss, sum(multiply(leaf(behind), passedOn)));
  };
  const { gradient } = valueAndGrad(total)(inputs as unknown as Record<string, Variable<S>>);
  return Object.fromEntries(Object.entries(gradient).map(([name, { value }]) => [name, value]));
}
