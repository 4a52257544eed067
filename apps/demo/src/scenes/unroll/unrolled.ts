import { type Arithmetic, at, float64, type Tensor } from "@gradproof/arithmetic";
import { backward, bptt, type Equations, forward, initialise, liftProblem, type RnnProblem } from "@gradproof/rnn";

export interface UnrolledSettings {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly H: number;
  readonly gain: number;
  readonly seed: number;
}

type Vector = readonly number[];
type Matrix = readonly Vector[];

/** Every number of a forward and a backward pass; lists over t start with t = 1, `states` with h_0. */
export interface UnrolledPass {
  readonly Wxh: Matrix;
  readonly Whh: Matrix;
  readonly Why: Matrix;
  readonly preactivations: readonly Vector[];
  readonly states: readonly Vector[];
  readonly outputs: Vector;
  readonly losses: Vector;
  readonly loss: number;
  /** e_t, (B1) */
  readonly outputErrors: Vector;
  /** W_hyᵀ e_t, (B2) */
  readonly directErrors: readonly Vector[];
  /** ∂J/∂h_t, (B3) */
  readonly stateErrors: readonly Vector[];
  /** δ_t, (B4) */
  readonly deltas: readonly Vector[];
  readonly gradient: { readonly Wxh: Matrix; readonly Whh: Matrix; readonly Why: Matrix; readonly h0: Vector };
}

/** A small network with one input and one output, run forward and backward with every intermediate number kept. */
export function unrolled({ x, y, H, gain, seed }: UnrolledSettings): UnrolledPass {
  const T = x.length;
  const sequence = (values: readonly number[]) => ({ shape: [T, 1, 1], data: Float64Array.from(values) });
  const problem = liftProblem(float64, {
    nonlinearity: "tanh",
    loss: "half_squared_error",
    reduction: "sum",
    parameters: initialise({ seed, I: 1, H, O: 1, kind: "normal", gain, biases: false }),
    x: sequence(x),
    h0: { shape: [1, H], data: Float64Array.from({ length: H }, (_, i) => (i % 2 ? -0.25 : 0.5)) },
    target: sequence(y),
  });
  const trajectory = forward(float64, problem);
  const record: Record = { outputErrors: [], directErrors: [], stateErrors: [], deltas: [] };
  const gradient = backward(float64, problem, trajectory, recorded(record));
  const outputs = [...float64.lower(trajectory.outputs as Tensor<Float64Array>)];
  return {
    ...parametersOf(problem),
    preactivations: vectors(trajectory.preactivations),
    states: vectors(trajectory.states),
    outputs,
    losses: outputs.map((output, t) => 0.5 * (output - y[t]) ** 2),
    loss: float64.lower(trajectory.loss)[0],
    outputErrors: record.outputErrors.flat(),
    directErrors: record.directErrors,
    stateErrors: record.stateErrors,
    deltas: record.deltas,
    gradient: { ...parametersOf({ parameters: gradient }), h0: [...float64.lower(gradient.h0)] },
  };
}

interface Record {
  outputErrors: Vector[];
  directErrors: Vector[];
  readonly stateErrors: Vector[];
  readonly deltas: Vector[];
}

/** The equations of BPTT, each telling what it wrote. */
function recorded(record: Record): Equations<Float64Array> {
  const equations = bptt<Float64Array>();
  return {
    ...equations,
    outputError(A, segment) {
      equations.outputError(A, segment);
      if (segment.outputError) record.outputErrors = vectors(segment.outputError, A);
    },
    throughReadout(A, segment) {
      equations.throughReadout(A, segment);
      record.directErrors = vectors(segment.stateError, A);
    },
    throughActivation(A, segment, t) {
      // What (B3) added is there by now; at the last step nothing is.
      record.stateErrors[t] = [...A.lower(at(segment.stateError, t))];
      equations.throughActivation(A, segment, t);
      record.deltas[t] = [...A.lower(at(segment.delta, t))];
    },
  };
}

function parametersOf({ parameters }: { readonly parameters: RnnProblem<Tensor<Float64Array>>["parameters"] }) {
  const { Wxh, Whh, Why } = parameters;
  return { Wxh: vectors(Wxh), Whh: vectors(Whh), Why: Why ? vectors(Why) : [] };
}

/** Along the first axis, each entry as one list of numbers. */
function vectors(tensor: Tensor<Float64Array>, A: Arithmetic<Float64Array> = float64): Vector[] {
  return Array.from({ length: tensor.shape[0] }, (_, i) => [...A.lower(at(tensor, i))]);
}
