import { type Arithmetic, at, reshape, slice, type Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, dimensions, type RnnProblem, type Segment } from "@gradproof/rnn";
import { outputError } from "./loss.ts";
import type { Mistake } from "./mistake.ts";
import { zero } from "./segment-parts.ts";

const right = "e_t = m_t ∂J_t/∂ŷ_t";

/** The weights m_t of the steps in the loss: padding, skipped steps. */
export const maskMistakes: readonly Mistake[] = [
  {
    name: "mask-ignored",
    mistaken: "e_t = ∂J_t/∂ŷ_t",
    right,
    inertWhen: "every weight is 1",
    inert: (_shape, { weighted }) => !weighted,
    seen: ["Element-Research/rnn issue 204", "mxnet pull request 15278"],
    equations: () => withMask(() => undefined),
  },
  {
    name: "mask-of-first-step",
    mistaken: "e_t = m_1 ∂J_t/∂ŷ_t",
    right,
    inertWhen: "every step of a sequence has the same weight",
    inert: (_shape, { changingWeights }) => !changingWeights,
    seen: ["lmnt-com/haste issue 43"],
    equations: () =>
      withMask((A, mask) => {
        const first = A.empty(mask.shape);
        A.copy(first, slice(mask, 0, 1));
        return first;
      }),
  },
  {
    name: "mask-off-by-one",
    mistaken: "e_t = m_{t−1} ∂J_t/∂ŷ_t with m_1 for m_0",
    right,
    inertWhen: "every step of a sequence has the same weight",
    inert: (_shape, { changingWeights }) => !changingWeights,
    equations: () =>
      withMask((A, mask) => {
        const T = mask.shape[0];
        const earlier = A.empty(mask.shape);
        A.copy(slice(earlier, 0, 1), slice(mask, 0, 1));
        if (T > 1) A.copy(slice(earlier, 1, T), slice(mask, 0, T - 1));
        return earlier;
      }),
  },
  {
    name: "mask-applied-twice",
    mistaken: "e_t = m_t² ∂J_t/∂ŷ_t",
    right,
    inertWhen: "every weight is 0 or 1",
    inert: (_shape, { fractionalWeights }) => !fractionalWeights,
    equations: () =>
      withMask((A, mask) => {
        const squares = A.empty(mask.shape);
        A.unary(op.square, squares, mask);
        return squares;
      }),
  },
  {
    name: "mask-on-the-carry",
    mistaken: "δ_t = m_t f′(u_t) ⊙ ∂J/∂h_t",
    right: "δ_t = f′(u_t) ⊙ ∂J/∂h_t, whatever m_t",
    inertWhen: "every weight is 1",
    inert: (_shape, { weighted }) => !weighted,
    seen: ["rsl_rl issue 13"],
    equations: <S>() => ({
      throughActivation(A: Arithmetic<S>, segment: Segment<S>, t: number) {
        bptt<S>().throughActivation(A, segment, t);
        const { problem, start, delta } = segment;
        if (!problem.mask) return;
        const { B } = dimensions(problem);
        const deltaT = at(delta, t - start);
        A.binary(op.multiply, deltaT, deltaT, reshape(at(problem.mask, t), [B, 1]));
      },
    }),
  },
  {
    name: "mean-over-kept-steps",
    mistaken: "e_t = m_t ∂J_t/∂ŷ_t, divided by Σ m_t instead of T·B",
    right: "e_t = m_t ∂J_t/∂ŷ_t, divided by T·B",
    inertWhen: "the reduction is sum, or every weight is 1",
    inert: ({ reduction }, { weighted }) => reduction === "sum" || !weighted,
    seen: ["torch.nn.functional.cross_entropy with ignore_index, where it is meant so"],
    equations: () =>
      outputError((A, error, { problem }) => {
        if (problem.reduction === "sum" || !problem.mask) return;
        const { T, B } = dimensions(problem);
        const kept = A.empty([1, 1]);
        zero(A, kept);
        A.sum(kept, problem.mask, "write");
        A.binary(op.divide, kept, A.ratio(T * B, 1), kept);
        A.binary(op.multiply, error, error, reshape(kept, []));
      }),
  },
];

/** The loss with another mask [T, B], or none, instead of the problem's. */
function withMask<S>(maskOf: (A: Arithmetic<S>, mask: Tensor<S>) => Tensor<S> | undefined) {
  const masked = (A: Arithmetic<S>, segment: Segment<S>): Segment<S> => {
    const { problem } = segment;
    const other: RnnProblem<Tensor<S>> = { ...problem, mask: problem.mask && maskOf(A, problem.mask) };
    return { ...segment, problem: other };
  };
  return {
    outputError: (A: Arithmetic<S>, segment: Segment<S>) => bptt<S>().outputError(A, masked(A, segment)),
    throughReadout: (A: Arithmetic<S>, segment: Segment<S>) => bptt<S>().throughReadout(A, masked(A, segment)),
  };
}
