import { type Arithmetic, at, broadcastTo, type Mode, reshape, type Tensor } from "@gradproof/arithmetic";
import { bptt, dimensions, type Segment } from "@gradproof/rnn";
import type { ProblemFacts } from "../problem-facts.ts";
import type { ProofShape } from "../proof-shape.ts";
import type { Mistake } from "./mistake.ts";
import { deltasOf, join, scale, sumOfRows, zero } from "./segment-parts.ts";

const right = "∂J/∂b = Σ_t δ_t";
const noHiddenBias = ({ bxh, bhh }: ProofShape) => !bxh && !bhh;
const allUnitsOn = ({ nonlinearity }: ProofShape, { deadUnits }: ProblemFacts) => nonlinearity === "relu" && !deadUnits;

/** The gradients of the biases, (B6), (B9) and (B10). */
export const biasMistakes: readonly Mistake[] = [
  {
    name: "bias-gradient-missing",
    mistaken: "∂J/∂b = 0",
    right,
    inertWhen: "there is no bias of the hidden units",
    inert: noHiddenBias,
    equations: () => both((A, _segment, db) => zero(A, db)),
  },
  {
    name: "recurrent-bias-gradient-missing",
    mistaken: "∂J/∂b_hh = 0",
    right: "∂J/∂b_hh = Σ_t δ_t",
    inertWhen: "there is no b_hh",
    inert: ({ bhh }) => !bhh,
    seen: ["mxnet issue 17818"],
    equations: () => ({ bhh: (A, _segment, db) => zero(A, db) }),
  },
  {
    name: "readout-bias-gradient-missing",
    mistaken: "∂J/∂b_y = 0",
    right: "∂J/∂b_y = Σ_t e_t",
    inertWhen: "there is no b_y",
    inert: ({ by }) => !by,
    equations: () => ({ by: (A, _segment, db) => zero(A, db) }),
  },
  {
    name: "bias-from-state-error",
    mistaken: "∂J/∂b = Σ_t ∂J/∂h_t",
    right,
    inertWhen: "there is no bias of the hidden units, or relu with every unit on",
    inert: (shape, facts) => noHiddenBias(shape) || allUnitsOn(shape, facts),
    seen: ["arthurdouillard/deepcourse pull request 9"],
    equations: () => both((A, { stateError }, db, mode) => sumOfRows(A, db, stateError, mode)),
  },
  {
    name: "bias-summed-to-one-number",
    mistaken: "∂J/∂b_i = Σ_t Σ_j (δ_t)_j",
    right: "∂J/∂b_i = Σ_t (δ_t)_i",
    inertWhen: "H = 1, or there is no bias of the hidden units",
    inert: (shape) => shape.H === 1 || noHiddenBias(shape),
    seen: ["rasbt/stat453 issue 5"],
    equations: () =>
      both((A, segment, db, mode) => {
        const [units, sum] = [A.empty(db.shape), A.empty([1])];
        sumOfRows(A, units, deltasOf(segment), "write");
        A.sum(sum, units, "write");
        join(A, db, broadcastTo(sum, db.shape), mode);
      }),
  },
  {
    name: "bias-counted-twice",
    mistaken: "∂J/∂b = 2 Σ_t δ_t",
    right,
    inertWhen: "there is no bias of the hidden units",
    inert: noHiddenBias,
    equations: () => scaledBoth(() => [2, 1]),
  },
  {
    name: "bias-averaged-over-batch",
    mistaken: "∂J/∂b = 1/B Σ_b Σ_t δ_t",
    right: "∂J/∂b = Σ_b Σ_t δ_t",
    inertWhen: "B = 1, or there is no bias of the hidden units",
    inert: (shape) => shape.B === 1 || noHiddenBias(shape),
    equations: () => scaledBoth((B) => [1, B]),
  },
  {
    name: "bias-overwritten",
    mistaken: "∂J/∂b = δ_1",
    right,
    inertWhen: "T = 1, or there is no bias of the hidden units",
    inert: (shape) => shape.T === 1 || noHiddenBias(shape),
    seen: ["mlpack pull request 1742"],
    equations: () =>
      both((A, { start, delta }, db) => {
        if (start === 0) A.sum(reshape(db, [1, db.shape[0]]), at(delta, 0), "write");
      }),
  },
  {
    name: "readout-bias-of-last-step",
    mistaken: "∂J/∂b_y = e_T",
    right: "∂J/∂b_y = Σ_t e_t",
    inertWhen: "only the last step counts in the loss, or there is no b_y",
    inert: (shape, { earlyLoss }) => !shape.by || !earlyLoss,
    equations: () => ({
      by(A, { problem, start, end, outputError }, db) {
        if (end < dimensions(problem).T || !outputError) return;
        A.sum(reshape(db, [1, db.shape[0]]), at(outputError, end - 1 - start), "write");
      },
    }),
  },
];

type BiasEquation<S> = (A: Arithmetic<S>, segment: Segment<S>, db: Tensor<S>, mode: Mode) => void;

/** The two biases of the hidden units, whose gradients are the same. */
function both<S>(equation: BiasEquation<S>) {
  return { bxh: equation, bhh: equation };
}

function scaledBoth<S>(ratio: (B: number) => readonly [numerator: number, denominator: number]) {
  return both<S>((A, segment, db, mode) => {
    const part = A.empty(db.shape);
    bptt<S>().bxh(A, segment, part, "write");
    scale(A, part, ...ratio(dimensions(segment.problem).B));
    join(A, db, part, mode);
  });
}
