import { float64, random, type Tensor } from "@gradproof/arithmetic";
import { checkGradient } from "@gradproof/diagnostics";
import {
  backward,
  type Equations,
  forward,
  liftProblem,
  mapParameters,
  type NumericArray,
  type RnnGradient,
  type RnnProblem,
} from "@gradproof/rnn";
import { checkers } from "@gradproof/scripts/checkers";
import { autodiffGradient, type GivenGradient, type ProofShape, proveShape } from "@gradproof/verification";
import { type JudgeName, judgeNames } from "./judge-names.ts";

/** A program that gives the equations of a derivation for any number system. */
export type Derivation = <S>() => Equations<S>;

export interface ScaleResult {
  readonly scale: number;
  /** Whether each judge takes the gradient for right, in the order of {@link judgeNames}. */
  readonly accepted: readonly boolean[];
  /** ‖gradient − autodiff‖ / ‖autodiff‖ over all that has a gradient, in float64. */
  readonly relative: number;
}

/** The shape that everything is judged on: long enough for truncated derivations to show. */
export const shape: ProofShape = {
  T: 16,
  B: 2,
  I: 2,
  H: 3,
  O: 2,
  nonlinearity: "tanh",
  loss: "mse",
  reduction: "mean",
  bxh: true,
  bhh: true,
  by: true,
  mask: false,
  zeroState: false,
};

type Judge = (problem: RnnProblem<NumericArray>, gradients: readonly GivenGradient[], derived: Gradient) => boolean;
type Gradient = RnnGradient<Tensor<Float64Array>>;

const ruleNamed = (name: string): Judge => {
  const rule = checkers.find((checker) => checker.name === name);
  if (!rule) throw new Error(`no checker is called ${name}`);
  return (problem, gradients) => rule.checker(problem)(gradients);
};

const judges: Readonly<Record<JudgeName, Judge>> = {
  "PyTorch’s gradcheck": ruleNamed("PyTorch gradcheck"),
  "JAX’s check_grads": ruleNamed("JAX check_grads"),
  "Finite differences that know their error": numericJudge,
  "Autodiff, allclose": closeToAutodiff,
  "Autodiff, in units of rounding": ruleNamed("gradproof check"),
};

/** What the judges say of a derivation at one size of the weights. */
export function judgeAt(scale: number, derivation: Derivation): ScaleResult {
  const problem = problemAt(scale);
  const lifted = liftProblem(float64, problem);
  const derived = backward(float64, lifted, forward(float64, lifted), derivation<Float64Array>());
  const gradients = Object.entries(derived).map(([name, tensor]: [string, Tensor<Float64Array>]): GivenGradient => {
    const of = name as GivenGradient["of"];
    return { name, of, dtype: "F64", shape: tensor.shape, data: float64.lower(tensor) };
  });
  const accepted = judgeNames.map((name) => judges[name](problem, gradients, derived));
  return { scale, accepted, relative: distance(derived, autodiffGradient(float64, lifted).gradient) };
}

/** Whether the derivation gives autodiff's residues, every one. */
export function provenOverPrimes(derivation: Derivation): boolean {
  return proveShape(shape, 1, derivation<Float64Array>()).differences.length === 0;
}

function problemAt(scale: number): RnnProblem<NumericArray> {
  const { T, B, I, H, O } = shape;
  const source = random(7);
  const draw = (lengths: readonly number[], factor = 1): NumericArray => {
    const length = lengths.reduce((product, size) => product * size, 1);
    return { shape: lengths, data: Float64Array.from({ length }, () => factor * source.normal()) };
  };
  return {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "mean",
    parameters: {
      Wxh: draw([H, I], scale),
      Whh: draw([H, H], scale),
      Why: draw([O, H], scale),
      bxh: draw([H], scale),
      bhh: draw([H], scale),
      by: draw([O], scale),
    },
    x: draw([T, B, I]),
    h0: draw([B, H]),
    target: draw([T, B, O]),
  };
}

/** Central differences of the loss in every weight, each judged by its own error estimate. */
function numericJudge(problem: RnnProblem<NumericArray>, _: readonly GivenGradient[], derived: Gradient): boolean {
  type Weights = Record<string, Float64Array>;
  const at = mapParameters(problem.parameters, ({ data }) => data) as unknown as Weights;
  const loss = (weights: Weights) => {
    const parameters = mapParameters(problem.parameters, ({ shape }, name) => ({ shape, data: weights[name] }));
    const lifted = liftProblem(float64, { ...problem, parameters });
    return float64.lower(forward(float64, lifted).loss)[0];
  };
  const given = mapParameters(problem.parameters, (_value, name) =>
    float64.lower(derived[name] as Tensor<Float64Array>),
  );
  return checkGradient(loss, given as unknown as Weights, at).verdict !== "mismatch";
}

// numpy.allclose and torch.allclose by default: |a − b| <= atol + rtol |b|.
const [atol, rtol] = [1e-8, 1e-5];

function closeToAutodiff(problem: RnnProblem<NumericArray>, gradients: readonly GivenGradient[]): boolean {
  const { gradient } = autodiffGradient(float64, liftProblem(float64, problem));
  return gradients.every(({ of, data }) => {
    const expected = float64.lower(gradient[of] as Tensor<Float64Array>);
    return data.every((value, i) => Math.abs(value - expected[i]) <= atol + rtol * Math.abs(expected[i]));
  });
}

function distance(a: Gradient, b: Gradient): number {
  const values = (gradient: Gradient) =>
    Object.values(gradient).flatMap((tensor: Tensor<Float64Array>) => [...float64.lower(tensor)]);
  const [left, right] = [values(a), values(b)];
  return Math.hypot(...left.map((value, i) => value - right[i])) / Math.hypot(...right);
}
