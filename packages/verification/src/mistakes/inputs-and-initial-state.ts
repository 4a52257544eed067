import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { at, slice } from "@gradproof/arithmetic";
import { bptt, dimensions, type Segment } from "@gradproof/rnn";
import type { ProblemFacts } from "../problem-facts.ts";
import type { ProofShape } from "../proof-shape.ts";
import type { Mistake } from "./mistake.ts";
import { deltasOf, rows, zero } from "./segment-parts.ts";

const rightState = "∂J/∂h_0 = W_hhᵀ δ_1";
const rightInput = "∂J/∂x_t = W_xhᵀ δ_t";
const never = () => false;
const allUnitsOn = ({ nonlinearity }: ProofShape, { deadUnits }: ProblemFacts) => nonlinearity === "relu" && !deadUnits;

/** The gradients of the inputs, (B11), and of the initial state, (B12). */
export const inputAndStateMistakes: readonly Mistake[] = [
  {
    name: "initial-state-gradient-missing",
    mistaken: "∂J/∂h_0 = 0",
    right: rightState,
    inertWhen: "never",
    inert: never,
    seen: ["Burton2000/CS231n-2017 issue 7"],
    equations: () => ({ h0: (A, _segment, dh0) => zero(A, dh0) }),
  },
  {
    name: "initial-state-without-weights",
    mistaken: "∂J/∂h_0 = δ_1",
    right: rightState,
    inertWhen: "never",
    inert: never,
    equations: () => ({
      h0(A, { start, delta }, dh0) {
        if (start === 0) A.copy(dh0, at(delta, 0));
      },
    }),
  },
  {
    name: "initial-state-one-step-late",
    mistaken: "∂J/∂h_0 = ∂J/∂h_1",
    right: rightState,
    inertWhen: "never",
    inert: never,
    equations: () => ({
      h0(A, { start, stateError }, dh0) {
        if (start === 0) A.copy(dh0, at(stateError, 0));
      },
    }),
  },
  {
    name: "initial-state-summed-over-batch",
    mistaken: "∂J/∂h_0 = Σ_b W_hhᵀ δ_1 for every sequence",
    right: rightState,
    inertWhen: "B = 1",
    inert: ({ B }) => B === 1,
    equations: <S>() => ({
      h0(A: Arithmetic<S>, segment: Segment<S>, dh0: Tensor<S>) {
        if (segment.start > 0) return;
        bptt<S>().h0(A, segment, dh0, "write");
        const sum = A.empty([1, dh0.shape[1]]);
        A.sum(sum, dh0, "write");
        A.copy(dh0, sum);
      },
    }),
  },
  {
    name: "input-gradient-missing",
    mistaken: "∂J/∂x_t = 0",
    right: rightInput,
    inertWhen: "never",
    inert: never,
    seen: ["Burton2000/CS231n-2017 issue 7"],
    equations: () => ({ x: (A, { start, end }, dx) => zero(A, slice(dx, start, end)) }),
  },
  {
    name: "input-gradient-from-state-error",
    mistaken: "∂J/∂x_t = W_xhᵀ ∂J/∂h_t",
    right: rightInput,
    inertWhen: "relu with every unit on",
    inert: allUnitsOn,
    equations: () => ({
      x: (A, { problem, start, end, stateError }, dx) =>
        A.gemm(rows(slice(dx, start, end)), rows(stateError), problem.parameters.Wxh, "write"),
    }),
  },
  {
    name: "input-gradient-through-recurrent-weights",
    mistaken: "∂J/∂x_t = W_hhᵀ δ_t",
    right: rightInput,
    inertWhen: "I ≠ H, where the shapes forbid it",
    inert: ({ I, H }) => I !== H,
    equations: <S>() => ({
      x(A: Arithmetic<S>, segment: Segment<S>, dx: Tensor<S>) {
        const { problem, start, end } = segment;
        const { Wxh, Whh } = problem.parameters;
        const { I, H } = dimensions(problem);
        A.gemm(rows(slice(dx, start, end)), rows(deltasOf(segment)), I === H ? Whh : Wxh, "write");
      },
    }),
  },
  {
    name: "input-gradient-reversed-in-time",
    mistaken: "∂J/∂x_t = W_xhᵀ δ_{T+1−t}",
    right: rightInput,
    inertWhen: "T = 1",
    inert: ({ T }) => T === 1,
    seen: ["Theano pull request 166"],
    equations: () => ({
      x(A, { problem, start, end, delta }, dx) {
        const { T } = dimensions(problem);
        for (let t = start; t < end; t++)
          A.gemm(at(dx, T - 1 - t), at(delta, t - start), problem.parameters.Wxh, "write");
      },
    }),
  },
];
