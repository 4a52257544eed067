import { type Arithmetic, at, slice, type Tensor } from "@gradproof/arithmetic";
import { backwardSegment } from "./backward.ts";
import { bptt, type Equations, segmentLength, segments } from "./bptt.ts";
import { advance, readOut } from "./forward.ts";
import { emptyGradient } from "./gradient.ts";
import { dimensions, type RnnGradient, type RnnProblem } from "./problem.ts";
import { fewestAdvances, nextCheckpoint } from "./revolve.ts";
import { atItsPlace } from "./sequence-part.ts";

export interface CheckpointOptions<S> {
  /**
   * States that may be kept at starts of segments, the initial state among them: an integer of at least 1. Without it
   * every start is kept, the √T scheme.
   */
  readonly checkpoints?: number | undefined;
  /** The derivation; {@link bptt} unless one of its equations is to be replaced. */
  readonly equations?: Equations<S> | undefined;
}

/**
 * The gradient without a trajectory: BPTT's equations over segments whose states are computed again from checkpoints,
 * placed by revolve (Griewank and Walther 2000). The unit is the segment of {@link segmentLength} steps over which the
 * weights' gradients are summed, so that the result has the same bits as `backward` in every arithmetic that gives the
 * same twice.
 *
 * At any time there are at most √T + √T states (64 + √T for T <= 4096) and one segment's u_t, ŷ_t, e_t and δ_t, at the
 * cost of one run more: {@link checkpointCost} says how many of each, for any number of checkpoints. The loss is not
 * computed.
 *
 * @throws RangeError for a number of checkpoints that is not an integer of at least 1.
 * @example
 * ```ts
 * const sequence = (width: number) => ({ shape: [300, 1, width], data: new Float64Array(300 * width).fill(0.5) });
 * const problem = liftProblem(float64, {
 *   nonlinearity: "tanh",
 *   loss: "mse",
 *   reduction: "mean",
 *   parameters: initialise({ seed: 1, I: 2, H: 3, O: 1 }),
 *   x: sequence(2),
 *   h0: { shape: [1, 3], data: new Float64Array(3) },
 *   target: sequence(1),
 * });
 * const plain = backward(float64, problem, forward(float64, problem)); // keeps 301 states
 * const { Whh } = checkpointedBackward(float64, problem, { checkpoints: 2 });
 * console.log(float64.same(Whh, plain.Whh), checkpointCost(300, 2)); // -> true { states: 68, forwardSteps: 684 }
 * ```
 */
export function checkpointedBackward<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  { checkpoints, equations = bptt<S>() }: CheckpointOptions<S> = {},
): RnnGradient<Tensor<S>> {
  const { T, B, H, O } = dimensions(problem);
  const parts = segments(T).reverse();
  const room = checkRoom("checkpointedBackward", checkpoints ?? parts.length);
  const gradient = emptyGradient(A, problem);

  /** (B1) to (B12) over a segment whose first state is given. */
  function takeBack(
    part: { readonly start: number; readonly end: number },
    first: Tensor<S>,
    carried: Tensor<S>,
  ): void {
    const { start, end } = part;
    A.scope(() => {
      const states = A.empty([end - start + 1, B, H]);
      const preactivations = A.empty([end - start, B, H]);
      const outputs = problem.parameters.Why && A.empty([end - start, B, O]);
      A.copy(at(states, 0), first);
      advance(A, problem, preactivations, states, start);
      if (outputs) readOut(A, outputs, problem, slice(states, 1, end - start + 1));
      const trajectory = {
        preactivations: atItsPlace(preactivations, start, T),
        states: atItsPlace(states, start, T + 1),
        outputs: outputs && atItsPlace(outputs, start, T),
      };
      backwardSegment(A, problem, trajectory, part, equations, carried, gradient);
    });
  }

  /** The segments [from, to), of which the first state is given, with room for s checkpoints, that state among them. */
  function reverse(from: number, to: number, first: Tensor<S>, s: number, carried: Tensor<S>): void {
    let end = to;
    while (end - from > 1) {
      const next = from + nextCheckpoint(end - from, s);
      A.scope(() => {
        const state = A.empty([B, H]);
        stateAfter(A, state, problem, first, parts[from].start, parts[next].start);
        reverse(next, end, state, s - 1, carried);
      });
      end = next;
    }
    takeBack(parts[from], first, carried);
  }

  A.scope(() => reverse(0, parts.length, problem.h0, Math.min(room, parts.length), A.empty([B, H])));
  return gradient;
}

/** What {@link checkpointedBackward} takes for T steps. */
export interface CheckpointCost {
  /** The most states h_t there at one time, checkpoints and the segment being taken back; plain `backward` has T + 1. */
  readonly states: number;
  /** Steps forward; plain `forward` has T. No order of steps takes fewer with these checkpoints. */
  readonly forwardSteps: number;
}

/**
 * With n segments of at most L steps and s checkpoints:
 *
 * (C4)  states <= min(n, s + 1) + min(L, T) + 1       the checkpoints, one state on its way, a segment's; equal where
 *                                                     L divides T
 * (C5)  forwardSteps = T + L t(n, s)                  each segment when it is taken back, and (C2) to get there
 *
 * @throws RangeError for a number of checkpoints that is not an integer of at least 1.
 */
export function checkpointCost(T: number, checkpoints?: number): CheckpointCost {
  const n = segments(T).length;
  const s = checkRoom("checkpointCost", checkpoints ?? n);
  return {
    states: Math.min(n, s + 1) + Math.min(segmentLength(T), T) + 1,
    forwardSteps: T + segmentLength(T) * fewestAdvances(n, s),
  };
}

/** state ← h after the steps [start, end) from the state before them. */
function stateAfter<S>(
  A: Arithmetic<S>,
  state: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  first: Tensor<S>,
  start: number,
  end: number,
): void {
  const { B, H } = dimensions(problem);
  A.scope(() => {
    const pair = A.empty([2, B, H]);
    const preactivation = A.empty([1, B, H]);
    A.copy(at(pair, 0), first);
    for (let t = start; t < end; t++) {
      advance(A, problem, preactivation, pair, t);
      A.copy(at(pair, 0), at(pair, 1));
    }
    A.copy(state, at(pair, 0));
  });
}

function checkRoom(caller: string, checkpoints: number): number {
  if (Number.isSafeInteger(checkpoints) && checkpoints >= 1) return checkpoints;
  throw new RangeError(`${caller}: ${checkpoints} checkpoints; expected an integer >= 1`);
}
