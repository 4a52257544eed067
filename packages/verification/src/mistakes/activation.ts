import { type Arithmetic, at, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, dimensions, type Equations, type Segment } from "@gradproof/rnn";
import type { ProblemFacts } from "../problem-facts.ts";
import type { ProofShape } from "../proof-shape.ts";
import type { Mistake } from "./mistake.ts";
import { slope } from "./segment-parts.ts";

const right = "δ_t = (1 − h_t²) ⊙ ∂J/∂h_t";
const relu = ({ nonlinearity }: ProofShape) => nonlinearity === "relu";
const allUnitsOn = (shape: ProofShape, { deadUnits }: ProblemFacts) => relu(shape) && !deadUnits;
const never = () => false;

/** Through the activation, (B4): what is taken for f′(u_t). */
export const activationMistakes: readonly Mistake[] = [
  {
    name: "derivative-missing",
    mistaken: "δ_t = ∂J/∂h_t",
    right: "δ_t = f′(u_t) ⊙ ∂J/∂h_t",
    inertWhen: "relu with every unit on",
    inert: allUnitsOn,
    seen: ["yizt/numpy_neural_network issue 6"],
    equations: () => factor((A, out) => A.copy(out, A.ratio(1, 1))),
  },
  {
    name: "derivative-of-derivative",
    mistaken: "δ_t = (1 − f′(u_t)²) ⊙ ∂J/∂h_t",
    right: "δ_t = (1 − f(u_t)²) ⊙ ∂J/∂h_t",
    inertWhen: "never",
    inert: never,
    seen: ["Eq. 27 of the lecture notes"],
    equations: () =>
      factor((A, out, segment, t) => {
        slope(A, out, segment, at(segment.trajectory.states, t + 1));
        A.unary(op.square, out, out);
        A.unary(op.oneMinus, out, out);
      }),
  },
  {
    name: "derivative-at-activation",
    mistaken: "δ_t = (1 − tanh(h_t)²) ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    seen: ["CaptainE/RNN-LSTM-in-numpy issue 1"],
    equations: () =>
      tanhFactor((A, out, { trajectory }, t) => {
        A.unary(op.tanh, out, at(trajectory.states, t + 1));
        A.unary(op.square, out, out);
        A.unary(op.oneMinus, out, out);
      }),
  },
  {
    name: "derivative-of-preactivation",
    mistaken: "δ_t = (1 − u_t²) ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    equations: () =>
      tanhFactor((A, out, { trajectory }, t) => {
        A.unary(op.square, out, at(trajectory.preactivations, t));
        A.unary(op.oneMinus, out, out);
      }),
  },
  {
    name: "derivative-not-squared",
    mistaken: "δ_t = (1 − h_t) ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    equations: () => tanhFactor((A, out, { trajectory }, t) => A.unary(op.oneMinus, out, at(trajectory.states, t + 1))),
  },
  {
    name: "derivative-sigmoid",
    mistaken: "δ_t = h_t ⊙ (1 − h_t) ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    equations: () =>
      tanhFactor((A, out, { trajectory }, t) => {
        const h = at(trajectory.states, t + 1);
        A.unary(op.oneMinus, out, h);
        A.binary(op.multiply, out, out, h);
      }),
  },
  {
    name: "derivative-plus",
    mistaken: "δ_t = (1 + h_t²) ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    equations: () =>
      tanhFactor((A, out, { trajectory }, t) => {
        A.unary(op.square, out, at(trajectory.states, t + 1));
        A.binary(op.add, out, out, A.ratio(1, 1));
      }),
  },
  {
    name: "derivative-parenthesis",
    mistaken: "δ_t = 1 − h_t² ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    seen: ["apache/tvm pull request 7340", "knossos-ksc pull request 505"],
    equations: <S>() => ({
      throughActivation(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        const { problem, trajectory, start, stateError, delta } = segment;
        if (problem.nonlinearity === "relu") return bptt<S>().throughActivation(A, segment, t);
        const out = at(delta, t - start);
        A.unary(op.square, out, at(trajectory.states, t + 1));
        A.binary(op.multiply, out, out, at(stateError, t - start));
        A.unary(op.oneMinus, out, out);
      },
    }),
  },
  {
    name: "derivative-reciprocal",
    mistaken: "δ_t = ∂J/∂h_t / (1 − h_t²)",
    right,
    inertWhen: "relu",
    inert: relu,
    seen: ["oreilly-japan/deep-learning-from-scratch-2 issue 26, a wrong repair"],
    equations: () =>
      tanhFactor((A, out, segment, t) => {
        slope(A, out, segment, at(segment.trajectory.states, t + 1));
        A.unary(op.reciprocal, out, out);
      }),
  },
  {
    name: "derivative-applied-twice",
    mistaken: "δ_t = (1 − h_t²)² ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    equations: () =>
      tanhFactor((A, out, segment, t) => {
        slope(A, out, segment, at(segment.trajectory.states, t + 1));
        A.unary(op.square, out, out);
      }),
  },
  {
    name: "activation-for-its-derivative",
    mistaken: "δ_t = f(u_t) ⊙ ∂J/∂h_t",
    right: "δ_t = f′(u_t) ⊙ ∂J/∂h_t",
    inertWhen: "never",
    inert: never,
    seen: ["CaptainE/RNN-LSTM-in-numpy issue 1"],
    equations: () => factor((A, out, { trajectory }, t) => A.copy(out, at(trajectory.states, t + 1))),
  },
  {
    name: "derivative-of-the-other-nonlinearity",
    mistaken: "δ_t = [h_t > 0] ⊙ ∂J/∂h_t for tanh, (1 − h_t²) ⊙ ∂J/∂h_t for relu",
    right: "δ_t = (1 − h_t²) ⊙ ∂J/∂h_t for tanh, [h_t > 0] ⊙ ∂J/∂h_t for relu",
    inertWhen: "never",
    inert: never,
    equations: () =>
      factor((A, out, { problem, trajectory }, t) => {
        const h = at(trajectory.states, t + 1);
        if (problem.nonlinearity === "tanh") return A.unary(op.step, out, h);
        A.unary(op.square, out, h);
        A.unary(op.oneMinus, out, out);
      }),
  },
  {
    name: "derivative-at-previous-state",
    mistaken: "δ_t = (1 − h_{t−1}²) ⊙ ∂J/∂h_t",
    right,
    inertWhen: "relu",
    inert: relu,
    equations: () => tanhFactor((A, out, segment, t) => slope(A, out, segment, at(segment.trajectory.states, t))),
  },
  {
    name: "derivative-at-last-state",
    mistaken: "δ_t = (1 − h_T²) ⊙ ∂J/∂h_t",
    right,
    inertWhen: "T = 1, or relu",
    inert: (shape) => shape.T === 1 || relu(shape),
    seen: ["torch/nn issue 1054: a module that keeps the last output alone"],
    equations: () =>
      tanhFactor((A, out, segment) =>
        slope(A, out, segment, at(segment.trajectory.states, dimensions(segment.problem).T)),
      ),
  },
];

/** out [B, H] ← what is taken for f′(u_t) */
type Factor<S> = (A: Arithmetic<S>, out: Tensor<S>, segment: Segment<S>, t: number) => void;

/** δ_t = factor ⊙ ∂J/∂h_t */
function factor<S>(write: Factor<S>): Pick<Equations<S>, "throughActivation"> {
  return {
    throughActivation(A, segment, t) {
      const delta = at(segment.delta, t - segment.start);
      write(A, delta, segment, t);
      A.binary(op.multiply, delta, delta, at(segment.stateError, t - segment.start));
    },
  };
}

/** The same for a formula that speaks of tanh; relu is left right. */
function tanhFactor<S>(write: Factor<S>): Pick<Equations<S>, "throughActivation"> {
  const mistaken = factor(write);
  return {
    throughActivation(A, segment, t) {
      const { throughActivation } = segment.problem.nonlinearity === "tanh" ? mistaken : bptt<S>();
      throughActivation(A, segment, t);
    },
  };
}
