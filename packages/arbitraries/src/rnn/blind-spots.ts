import type { NumericArray } from "../numeric-array.ts";
import { dimensions, type RnnProblem } from "./problem.ts";
import { type Run, run } from "./run.ts";

/** |u| below which a step of central differences may cross relu's kink. */
const nearKink = 2 ** -10;
/** 1 - h² below which a unit passes on next to nothing. */
const flat = 2 ** -10;

type Holds = (problem: RnnProblem, ran: () => Run) => boolean;

/** Properties of a problem under which every gradient but ∂J/∂b_y is 0: whatever is compared with whatever, it agrees. */
const vacuous = {
  "zero-mask": ({ mask }) => mask !== undefined && isZero(mask),
  "single-class": ({ loss, parameters }) => loss === "cross_entropy" && parameters.Why?.shape[0] === 1,
  "zero-errors": (problem, ran) =>
    problem.loss === "linear"
      ? countedTargets(problem).every((value) => value === 0)
      : problem.loss !== "cross_entropy" && ran().errors.every((error) => error === 0),
  "all-units-off": ({ nonlinearity }, ran) => nonlinearity === "relu" && ran().preactivations.every((u) => u <= 0),
} as const satisfies Record<string, Holds>;

/** Properties of a problem under which some mistakes in its gradient cannot be seen. */
const hiding = {
  "single-step": (problem) => dimensions(problem).T === 1,
  "single-sequence": (problem) => dimensions(problem).B === 1,
  "single-input": (problem) => dimensions(problem).I === 1,
  "single-unit": (problem) => dimensions(problem).H === 1,
  "single-output": (problem) => dimensions(problem).O === 1,
  "zero-state": ({ h0 }) => isZero(h0),
  "zero-inputs": ({ x }) => isZero(x),
  "equal-inputs": ({ x }) =>
    x.shape[0] > 1 && x.data.every((value, i) => value === x.data[i % (x.shape[1] * x.shape[2])]),
  "symmetric-recurrence": ({ parameters: { Whh } }) =>
    Whh.shape[0] > 1 &&
    Whh.data.every((value, i) => value === Whh.data[(i % Whh.shape[0]) * Whh.shape[0] + Math.floor(i / Whh.shape[0])]),
  "early-loss": (problem) => problem.x.shape[0] > 1 && stepsThatCount(problem).every((t) => t === 0),
  "late-loss": (problem) => {
    const [T] = problem.x.shape;
    return T > 1 && stepsThatCount(problem).every((t) => t === T - 1);
  },
  "lone-sequence": (problem) => {
    const B = problem.x.shape[1];
    return B > 1 && new Set(termsThatCount(problem).map((term) => term % B)).size === 1;
  },
  "unit-mask": ({ mask }) => mask?.data.every((weight) => weight === 1) ?? false,
  "zero-preactivations": (_, ran) => ran().preactivations.every((u) => u === 0),
  saturated: ({ nonlinearity }, ran) =>
    nonlinearity === "tanh" && ran().preactivations.every((u) => 1 - Math.tanh(u) ** 2 < flat),
  "all-units-on": ({ nonlinearity }, ran) => nonlinearity === "relu" && ran().preactivations.every((u) => u > 0),
  "near-kink": ({ nonlinearity }, ran) =>
    nonlinearity === "relu" && ran().preactivations.some((u) => Math.abs(u) < nearKink),
} as const satisfies Record<string, Holds>;

export type VacuousSpot = keyof typeof vacuous;
export type BlindSpot = VacuousSpot | keyof typeof hiding;

/** Those under which every gradient but ∂J/∂b_y is 0; what {@link rnnProblem} leaves out unless told otherwise. */
export const vacuousSpots: readonly VacuousSpot[] = Object.keys(vacuous) as VacuousSpot[];

/** All of them, the vacuous ones first. */
export const allBlindSpots: readonly BlindSpot[] = [
  ...vacuousSpots,
  ...(Object.keys(hiding) as (keyof typeof hiding)[]),
];

/**
 * What a problem cannot show. Each of these hides a mistake that people make in back-propagation through time: a check that
 * agrees on a problem says nothing of the mistakes that its blind spots hide.
 *
 * | blind spot | holds where | hides |
 * |---|---|---|
 * | `zero-mask` | every weight is 0 | everything: all gradients are 0 |
 * | `single-class` | cross entropy over one class | everything |
 * | `zero-errors` | ŷ = y wherever it counts; a linear loss of weight 0 | everything |
 * | `all-units-off` | relu, every u ≤ 0 | everything but ∂J/∂b_y |
 * | `single-step` | T = 1 | the step back in time, its order, the sum over steps |
 * | `single-sequence` | B = 1 | the sum over sequences, a mean over the wrong count |
 * | `single-input`, `single-output` | I = 1, O = 1 | outer products and weights transposed |
 * | `single-unit` | H = 1 | W_hh transposed, diag(f′) on the wrong side, the order of Jacobians |
 * | `zero-state` | h_0 = 0 | the first step's part of ∂J/∂W_hh, h_t in place of h_{t-1} |
 * | `zero-inputs` | x = 0 | ∂J/∂W_xh |
 * | `equal-inputs` | T > 1, all x_t equal | inputs of another step |
 * | `symmetric-recurrence` | H > 1, W_hh its own transpose | W_hh transposed |
 * | `early-loss` | T > 1, only the first step counts | the step back in time |
 * | `late-loss` | T > 1, only the last step counts | the sum over steps' losses |
 * | `lone-sequence` | B > 1, only one sequence counts | the sum over sequences |
 * | `unit-mask` | there is a mask, of ones | the mask left out |
 * | `zero-preactivations` | every u = 0 | f′ left out |
 * | `saturated` | tanh, every 1 - h² < 2^-10 | whatever is behind f′ |
 * | `all-units-on` | relu, every u > 0 | f′ left out |
 * | `near-kink` | relu, some \|u\| < 2^-10 | nothing, but numeric derivatives may cross the kink |
 *
 * @example
 * ```ts
 * import { blindSpots, rnnProblem } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const never = fc.property(rnnProblem(), (problem) => problem.x.data.length === 0);
 * const { counterexample } = fc.check(never, { seed: 1 });
 * console.log(blindSpots(counterexample![0]).join(" "));
 * // -> single-step single-sequence single-input single-unit single-output
 * ```
 */
export function blindSpots(problem: RnnProblem): BlindSpot[] {
  const ran = once(problem);
  return allBlindSpots.filter((spot) => tests[spot](problem, ran));
}

/** The first of some blind spots that a problem has. */
export function firstBlindSpot(problem: RnnProblem, spots: readonly BlindSpot[]): BlindSpot | undefined {
  const ran = once(problem);
  return spots.find((spot) => tests[spot](problem, ran));
}

const tests: Readonly<Record<BlindSpot, Holds>> = { ...vacuous, ...hiding };

/** The run, made when it is first asked for. */
function once(problem: RnnProblem): () => Run {
  let ran: Run | undefined;
  return () => {
    ran ??= run(problem);
    return ran;
  };
}

function isZero({ data }: NumericArray): boolean {
  return data.every((value) => value === 0);
}

/** The steps of sequences that count in the loss, as places in [T, B]. */
function termsThatCount(problem: RnnProblem): number[] {
  const { T, B } = dimensions(problem);
  const targets = countedTargets(problem);
  const width = targets.length / (T * B);
  return Array.from({ length: T * B }, (_, term) => term).filter((term) => {
    if (problem.mask?.data[term] === 0) return false;
    return problem.loss !== "linear" || targets.slice(term * width, (term + 1) * width).some((value) => value !== 0);
  });
}

/** The steps at which some sequence counts; the one before the first where none does. */
function stepsThatCount(problem: RnnProblem): number[] {
  const B = problem.x.shape[1];
  const terms = termsThatCount(problem);
  return terms.length > 0 ? terms.map((term) => Math.floor(term / B)) : [-1];
}

/** What a linear loss multiplies outputs and states by, [T, B, O + H], 0 where the mask is; nothing for other losses. */
function countedTargets(problem: RnnProblem): number[] {
  if (problem.loss !== "linear") return [];
  const { T, B } = dimensions(problem);
  const arrays = [problem.target.outputs, problem.target.states].filter((array) => array !== undefined);
  return Array.from({ length: T * B }, (_, step) =>
    arrays.flatMap(({ data, shape: [, , width] }) =>
      Array.from(data.subarray(step * width, (step + 1) * width), (value) =>
        problem.mask?.data[step] === 0 ? 0 : value,
      ),
    ),
  ).flat();
}
