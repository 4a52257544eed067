import type { Clip } from "@gradproof/diagnostics";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";
import type { GivenGradient } from "../judgement.ts";
import { type Experiment, experimentsOn } from "./experiments.ts";
import { type Cause, causesOf, type Finding } from "./finding.ts";
import { clippingFindings } from "./findings/clipping.ts";
import { flowFindings } from "./findings/flow.ts";
import { lagFindings } from "./findings/lags.ts";
import { lossFindings, noiseFindings, startFindings } from "./findings/surroundings.ts";
import { truncationFindings } from "./findings/truncation.ts";
import { nonFiniteFindings, trustFindings } from "./findings/trust.ts";
import { unitFindings } from "./findings/units.ts";
import { type Flow, type FlowOptions, flowOf } from "./flow.ts";

export interface ExplainOptions extends FlowOptions {
  /** The lag in steps that the task needs; half of the sequence unless given. */
  readonly requiredLag?: number | undefined;
  /** How the training that this problem is of clips its gradients. */
  readonly clip?: Clip | undefined;
  /** After how many steps it cuts errors off: chunks with a stopped gradient between them. */
  readonly truncation?: number | undefined;
  /** Gradients that somebody computed for the problem. */
  readonly gradients?: readonly GivenGradient[] | undefined;
}

/** What the findings are made from. */
export interface Subject {
  readonly problem: RnnProblem<NumericArray>;
  readonly flow: Flow;
  /** The lag that is needed, and whether somebody said so. */
  readonly lag: number;
  readonly lagIsGiven: boolean;
  readonly options: ExplainOptions;
  readonly experiments: readonly Experiment[];
}

export interface Explanation {
  /** `flows`: no cause was found. `obstructed`: see causes. `inconclusive`: the sequence says too little. */
  readonly verdict: "flows" | "obstructed" | "inconclusive";
  /** The cause that explains most first; empty where the gradient flows. */
  readonly causes: readonly Cause[];
  /** In the order of the questions. */
  readonly findings: readonly Finding[];
  readonly flow: Flow;
  /** The lag that findings are about. */
  readonly lag: number;
  readonly experiments: readonly Experiment[];
}

/**
 * Why does this network not learn? Measures the flow of the gradient and answers ten questions about it, each with the
 * measured value, what it is compared with, and what to try; what a change would do is computed on the same data.
 *
 * It is about these weights on this data: an obstruction that appears later in training is found in weights from then.
 *
 * @throws ProblemError where the parts of the problem do not fit together; RangeError for an option that is out of range.
 * @example
 * ```ts
 * const T = 60;
 * const sequence = (width: number) => ({
 *   shape: [T, 1, width],
 *   data: Float64Array.from({ length: T * width }, (_, i) => Math.sin(i)),
 * });
 * const { causes, findings } = explain({
 *   nonlinearity: "tanh",
 *   loss: "mse",
 *   reduction: "mean",
 *   parameters: initialise({ seed: 1, I: 1, H: 16, O: 1, kind: "orthogonal", gain: 0.5 }),
 *   x: sequence(1),
 *   h0: { shape: [1, 16], data: new Float64Array(16) },
 *   target: sequence(1),
 * });
 * console.log(causes.join()); // -> gain-too-small
 * console.log(findings.find(({ cause }) => cause !== undefined)?.measure); // -> ln ‖∂h_t/∂h_{t−30}‖
 * ```
 */
export function explain(problem: RnnProblem<NumericArray>, options: ExplainOptions = {}): Explanation {
  checkOptions(problem, options);
  const flow = flowOf(problem, options);
  const { T } = flow.dimensions;
  const lag = Math.min(options.requiredLag ?? Math.floor(T / 2), T - 1);
  const experiments = lag > 0 ? experimentsOn(problem, lag, (share) => options.onProgress?.("experiments", share)) : [];
  const lagIsGiven = options.requiredLag !== undefined;
  const subject: Subject = { problem, flow, lag, lagIsGiven, options, experiments };
  const findings = [
    ...trustFindings(subject),
    ...nonFiniteFindings(subject),
    ...lossFindings(subject),
    ...lagFindings(subject),
    ...flowFindings(subject),
    ...unitFindings(subject),
    ...clippingFindings(subject),
    ...truncationFindings(subject),
    ...noiseFindings(subject),
    ...startFindings(subject),
  ];
  const causes = causesOf(findings);
  const open = findings.some(({ severity, question }) => severity === "inconclusive" && question === 4);
  const verdict = causes.length > 0 ? "obstructed" : open ? "inconclusive" : "flows";
  return { verdict, causes, findings, flow, lag, experiments };
}

function checkOptions(problem: RnnProblem<NumericArray>, { requiredLag, truncation, clip }: ExplainOptions): void {
  const [T] = problem.x.shape;
  for (const [name, value, least] of [
    ["requiredLag", requiredLag, 0],
    ["truncation", truncation, 1],
  ] as const) {
    if (value === undefined || (Number.isInteger(value) && value >= least)) continue;
    throw new RangeError(`explain: ${name} is ${value}; expected an integer of at least ${least}`);
  }
  if (requiredLag !== undefined && requiredLag >= T) {
    throw new RangeError(`explain: requiredLag is ${requiredLag}; expected less than the ${T} steps of the problem`);
  }
  if (clip && !(clip.limit > 0)) {
    throw new RangeError(`explain: clip.limit is ${clip.limit}; expected a number above 0`);
  }
}
