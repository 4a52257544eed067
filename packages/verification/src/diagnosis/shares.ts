import { at, float64, reshape, slice, type Tensor, transpose } from "@gradproof/arithmetic";
import { backward, bptt, dimensions, forward, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";

import type { GradientName } from "../spread.ts";

/** What each step and each sequence adds to the gradient of a weight or bias. */
export interface Shares {
  readonly steps: readonly Float64Array[];
  readonly sequences: readonly Float64Array[];
}

/** Numbers that the shares of a gradient may take. */
const room = 2e7;

/** The shares of a weight's or a bias's gradient, in float64; undefined for h_0 and x, which are no sums, or for want of room. */
export function sharesOf(problem: RnnProblem<NumericArray>, of: GradientName): Shares | undefined {
  const { T, B } = dimensions(problem);
  if (of === "h0" || of === "x") return undefined;
  const values = problem.parameters[of];
  if (!values || values.data.length * (T + B) > room) return undefined;
  const [left, right] = factorsOf(problem, of);
  const A = float64;
  const product = (a: Tensor<Float64Array>, b: Tensor<Float64Array> | undefined): Float64Array => {
    const out = A.empty(values.shape);
    if (b) A.gemm(out, transpose(a), b, "write");
    else A.sum(reshape(out, [1, out.shape[0]]), a, "write");
    return A.lower(out);
  };
  const lengths = (count: number, axis: number) =>
    Array.from({ length: count }, (_, i) => product(at(left, i, axis), right && at(right, i, axis)));
  return { steps: lengths(T, 0), sequences: lengths(B, 1) };
}

/** The errors [T, B, M] and the values [T, B, N] whose products the gradient sums; no values for a bias. */
function factorsOf(
  problem: RnnProblem<NumericArray>,
  of: Exclude<GradientName, "h0" | "x">,
): [left: Tensor<Float64Array>, right: Tensor<Float64Array> | undefined] {
  const A = float64;
  const lifted = liftProblem(A, problem);
  const trajectory = forward(A, lifted);
  const { T, B, H, O } = dimensions(problem);
  const [deltas, outputErrors] = [A.empty([T, B, H]), A.empty([T, B, Math.max(1, O)])];
  const { h0, ...equations } = bptt<Float64Array>();
  backward(A, lifted, trajectory, {
    ...equations,
    h0(_A, segment, dh0, mode) {
      const { start, end, delta, outputError } = segment;
      A.copy(slice(deltas, start, end), slice(delta, 0, end - start));
      if (outputError) A.copy(slice(outputErrors, start, end), outputError);
      h0(A, segment, dh0, mode);
    },
  });
  switch (of) {
    case "Wxh":
      return [deltas, lifted.x];
    case "Whh":
      return [deltas, slice(trajectory.states, 0, T)];
    case "Why":
      return [outputErrors, slice(trajectory.states, 1, T + 1)];
    case "by":
      return [outputErrors, undefined];
    default:
      return [deltas, undefined];
  }
}
