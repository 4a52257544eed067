import { type Arithmetic, at, sizeOf, slice, type Tensor } from "@gradproof/arithmetic";
import { firstDifference } from "@gradproof/diagnostics";
import { backward, bptt, type Equations, type RnnProblem, type Segment, type Trajectory } from "@gradproof/rnn";

/** The place where a derivation of BPTT goes wrong: everything that was computed before it is right. */
export interface WrongEquation {
  /** The equation's name in `Equations`; "carry" is of its sweep. */
  readonly equation: Exclude<keyof Equations<unknown>, "sweep"> | "carry";
  /** What it computes: "δ_3", "∂J/∂W_hh". */
  readonly quantity: string;
  /** The first element that differs: sequence and unit, or the element of a gradient. */
  readonly index: readonly number[];
  /** What it is in float64, and what it should be. */
  readonly given: number;
  readonly right: number;
}

type Step<S> = Omit<WrongEquation, "index" | "given" | "right"> & { readonly value: Tensor<S> };

/**
 * The first equation of a derivation of BPTT that gives another value than {@link bptt}, in the order in which the sweep
 * computes: e_t, then from the last step on ∂J/∂h_t and δ_t, what one segment hands to the next, and the gradients.
 * Undefined where all agree.
 */
export function firstWrongEquation<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  equations: Equations<S>,
): WrongEquation | undefined {
  const right = stepsOf(A, problem, trajectory, bptt<S>());
  const given = stepsOf(A, problem, trajectory, equations);
  for (const [i, { value, ...step }] of right.entries()) {
    const difference = firstDifference(A, step.quantity, given[i].value, value);
    if (difference) {
      const { index, left, right: expected } = difference;
      return { ...step, index, given: left, right: expected };
    }
  }
  return undefined;
}

/** The value that each equation has just computed, in the order of the sweep; 0 where it was never called. */
function stepsOf<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
  equations: Equations<S>,
): Step<S>[] {
  const [T, B] = problem.x.shape;
  const [H, O] = [problem.h0.shape[1], problem.parameters.Why?.shape[0] ?? 0];
  const zeros = (...shape: number[]): Tensor<S> => A.lift(new Float64Array(sizeOf(shape)), shape);
  const kept = { e: zeros(T, B, O), direct: zeros(T, B, H), total: zeros(T, B, H), delta: zeros(T, B, H) };
  const carried = zeros(T, B, H);
  const { outputError, throughReadout, stepBack, throughActivation, sweep, ...gradients } = equations;
  const gradient = backward(A, problem, trajectory, {
    ...gradients,
    outputError(_, segment) {
      outputError(A, segment);
      if (segment.outputError) A.copy(slice(kept.e, segment.start, segment.end), segment.outputError);
    },
    throughReadout(_, segment) {
      throughReadout(A, segment);
      A.copy(slice(kept.direct, segment.start, segment.end), segment.stateError);
    },
    stepBack(_, segment, t) {
      stepBack(A, segment, t);
      A.copy(at(kept.total, t), at(segment.stateError, t - segment.start));
    },
    throughActivation(_, segment: Segment<S>, t) {
      throughActivation(A, segment, t);
      A.copy(at(kept.delta, t), at(segment.delta, t - segment.start));
    },
    sweep: {
      ...sweep,
      carry(_, out, segment) {
        sweep.carry(A, out, segment);
        A.copy(at(carried, segment.start), out);
      },
    },
  });
  const backInTime = Array.from({ length: T }, (_, i) => T - 1 - i);
  return [
    ...backInTime.map((t): Step<S> => ({ equation: "outputError", quantity: `e_${t + 1}`, value: at(kept.e, t) })),
    ...backInTime.map(
      (t): Step<S> => ({ equation: "throughReadout", quantity: `W_hyᵀ e_${t + 1}`, value: at(kept.direct, t) }),
    ),
    ...backInTime.flatMap((t): Step<S>[] => [
      { equation: "stepBack", quantity: `∂J/∂h_${t + 1}`, value: at(kept.total, t) },
      { equation: "throughActivation", quantity: `δ_${t + 1}`, value: at(kept.delta, t) },
    ]),
    ...backInTime.map(
      (t): Step<S> => ({ equation: "carry", quantity: `carried over step ${t}`, value: at(carried, t) }),
    ),
    ...Object.entries(gradient).flatMap(([name, value]): Step<S>[] =>
      value === undefined ? [] : [{ equation: name as keyof typeof gradients, quantity: `∂J/∂${name}`, value }],
    ),
  ];
}
