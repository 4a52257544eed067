import { float64 } from "@gradproof/arithmetic";
import { lyapunovSpectrum, productNorms } from "@gradproof/diagnostics";
import { dimensions, forward, initialise, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { jacobiansOf, plain, slopesOf } from "./sequence-jacobians.ts";

/** What a change of the weights would do to the flow, computed on the same data. */
export interface Experiment {
  readonly change: string;
  /** λ_1 of the first sequence, nats a step. */
  readonly exponent: number;
  /** ln ‖∂h_T/∂h_{T−d}‖ over the lag that is needed. */
  readonly overLag: number;
  readonly loss: number;
}

type Problem = RnnProblem<NumericArray>;

/** Wide networks are looked at over as many steps as this costs, a fraction of a second each. */
const budget = 3e8;

/** Growth under W_hh times some factors, an orthogonal W_hh, and inputs and biases made smaller. */
export function experimentsOn(problem: Problem, lag: number, onProgress: (share: number) => void): Experiment[] {
  const { I, H } = dimensions(problem);
  const orthogonal = initialise({ seed: 1, I, H, kind: "orthogonal", biases: false }).Whh;
  const changes: readonly (readonly [string, Problem])[] = [
    ["as it is", problem],
    ...[0.5, 0.7, 0.85, 1.2, 1.5, 2, 3].map(
      (factor) => [`W_hh times ${factor}`, withWeights(problem, { Whh: factor })] as const,
    ),
    ["W_hh orthogonal with gain 1", { ...problem, parameters: { ...problem.parameters, Whh: orthogonal } }],
    ...[0.3, 0.1].map(
      (factor) =>
        [`W_xh and biases times ${factor}`, withWeights(problem, { Wxh: factor, bxh: factor, bhh: factor })] as const,
    ),
  ];
  return changes.map(([change, changed], i) => {
    onProgress(i / changes.length);
    return { change, ...growthOf(changed, lag) };
  });
}

/** The experiment whose errors keep their length best. */
export function best(experiments: readonly Experiment[]): Experiment {
  return experiments.reduce((a, b) => (Math.abs(b.overLag) < Math.abs(a.overLag) ? b : a));
}

function growthOf(problem: Problem, lag: number): Omit<Experiment, "change"> {
  const lifted = liftProblem(float64, problem);
  const { H } = dimensions(problem);
  const trajectory = forward(float64, lifted);
  const data = jacobiansOf(slopesOf(problem.nonlinearity, plain(trajectory.preactivations)), problem.parameters.Whh, 0);
  const lags = Math.min(lag, Math.max(1, Math.floor(budget / H ** 3)));
  const { norm } = productNorms(data, { lags, until: -700 });
  return {
    exponent: lyapunovSpectrum(data, { count: 1, burnIn: Math.floor(data.slopes.shape[0] / 5) }).exponents[0],
    overLag: norm[norm.length - 1] * (norm.length > lags ? lag / lags : 1),
    loss: float64.lower(trajectory.loss)[0],
  };
}

/** ln ‖W^d‖: what the product of Jacobians would be if every slope were 1. */
export function weightsAlone(weights: NumericArray, lag: number): number {
  const H = weights.shape[0];
  const lags = Math.min(lag, Math.max(1, Math.floor(budget / H ** 3)));
  const slopes = { shape: [lags, H], data: new Float64Array(lags * H).fill(1) };
  const { norm } = productNorms({ weights, slopes });
  return norm[lags] * (lag / lags);
}

function withWeights(problem: Problem, factors: Readonly<Record<string, number>>): Problem {
  const parameters = Object.fromEntries(
    Object.entries(problem.parameters).map(([name, value]) => {
      const factor = factors[name] ?? 1;
      return [name, value && { shape: value.shape, data: value.data.map((weight: number) => weight * factor) }];
    }),
  ) as unknown as Problem["parameters"];
  return { ...problem, parameters };
}
