import { type Arithmetic, at, type Mode, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { bptt, dimensions, type Segment } from "@gradproof/rnn";

/** δ_t of the segment's steps [L, B, H]. */
export function deltasOf<S>({ start, end, delta }: Segment<S>): Tensor<S> {
  return slice(delta, 0, end - start);
}

/** h_t of the segment's steps [L, B, H]. */
export function statesOf<S>({ trajectory, start, end }: Segment<S>): Tensor<S> {
  return slice(trajectory.states, start + 1, end + 1);
}

/** h_{t−1} of the segment's steps [L, B, H]. */
export function previousStatesOf<S>({ trajectory, start, end }: Segment<S>): Tensor<S> {
  return slice(trajectory.states, start, end);
}

/** x_t of the segment's steps [L, B, I]. */
export function inputsOf<S>({ problem, start, end }: Segment<S>): Tensor<S> {
  return slice(problem.x, start, end);
}

/** [L, B, N] as [L·B, N]. */
export function rows<S>(t: Tensor<S>): Tensor<S> {
  return reshape(t, [t.shape[0] * t.shape[1], t.shape[2]]);
}

/** out [M, N] ← (out +) Σ over steps and sequences of a bᵀ, for a [L, B, M] and b [L, B, N]. */
export function outer<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode): void {
  A.gemm(out, transpose(rows(a)), rows(b), mode);
}

/** out [N] ← (out +) Σ over steps and sequences of a [L, B, N]. */
export function sumOfRows<S>(A: Arithmetic<S>, out: Tensor<S>, a: Tensor<S>, mode: Mode): void {
  A.sum(reshape(out, [1, out.shape[0]]), rows(a), mode);
}

/** out ← (out +) part */
export function join<S>(A: Arithmetic<S>, out: Tensor<S>, part: Tensor<S>, mode: Mode): void {
  if (mode === "write") A.copy(out, part);
  else A.binary(op.add, out, out, part);
}

export function zero<S>(A: Arithmetic<S>, out: Tensor<S>): void {
  A.copy(out, A.ratio(0, 1));
}

/** out ← out · numerator / denominator */
export function scale<S>(A: Arithmetic<S>, out: Tensor<S>, numerator: number, denominator: number): void {
  A.binary(op.multiply, out, out, A.ratio(numerator, denominator));
}

/** out ← f′(u) as a function of h = f(u), or of whatever is taken for it. */
export function slope<S>(
  A: Arithmetic<S>,
  out: Tensor<S>,
  { problem }: Pick<Segment<S>, "problem">,
  h: Tensor<S>,
): void {
  if (problem.nonlinearity === "relu") {
    A.unary(op.step, out, h);
  } else {
    A.unary(op.square, out, h);
    A.unary(op.oneMinus, out, out);
  }
}

/** What the reduction divides by: T·B for cross entropy, T·B·O for squared errors, 1 where it is the sum. */
export function divisorOf<S>({ problem }: Pick<Segment<S>, "problem">): number {
  const { T, B, O } = dimensions(problem);
  if (problem.reduction === "sum") return 1;
  return problem.loss === "cross_entropy" ? T * B : T * B * O;
}

/** A segment of its own for the steps [start, end), e_t and W_hyᵀ e_t filled in: what does not depend on later steps. */
export function directErrors<S>(
  A: Arithmetic<S>,
  { problem, trajectory }: Pick<Segment<S>, "problem" | "trajectory">,
  start: number,
  end: number,
): Segment<S> {
  const { B, H, O } = dimensions(problem);
  const L = end - start;
  const outputError = problem.parameters.Why && A.empty([L, B, O]);
  const segment = {
    problem,
    trajectory,
    start,
    end,
    outputError,
    stateError: A.empty([L, B, H]),
    delta: A.empty([L + 1, B, H]),
  };
  bptt<S>().outputError(A, segment);
  bptt<S>().throughReadout(A, segment);
  return segment;
}

/** ∂J/∂h_t [B, H] with the losses of the steps [t, end) alone. */
export function stateErrorUpTo<S>(
  A: Arithmetic<S>,
  { problem, trajectory }: Segment<S>,
  t: number,
  end: number,
): Tensor<S> {
  const segment = directErrors(A, { problem, trajectory }, t, end);
  const { stepBack, throughActivation } = bptt<S>();
  for (let k = end - 1; k >= t; k--) {
    if (k < end - 1) stepBack(A, segment, k);
    if (k > t) throughActivation(A, segment, k);
  }
  return at(segment.stateError, 0);
}
