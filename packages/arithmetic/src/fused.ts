import type { Arithmetic } from "./arithmetic.ts";
import type { UnaryOperation } from "./field.ts";
import type { Tensor } from "./tensor.ts";

/** Products with what a nonlinearity's value says of its slope: (1 - a²) b, and step(a) b. */
export type SlopeProduct = "timesOneMinusSquare" | "timesStep";

/** Several kernels in one call, which a fast arithmetic may bring; each has the bits of the kernels that it stands for. */
export interface FusedKernels<S> {
  /** out ← (1 - a²) b in one pass over three tensors of one shape, with the bits of square, oneMinus and multiply. */
  timesOneMinusSquare(out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void;
  /** Softmax and log Σ exp along the last axis from the same exponentials: out and a [..., N], sums [..., 1]; out may be a. */
  softmaxAndLogSumExp(out: Tensor<S>, sums: Tensor<S>, a: Tensor<S>): void;
  /** out ← (out + a) + b for out [M, N] and two rows [N], all contiguous, with the bits of two times add. */
  addRows(out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void;
  /**
   * For t = 0, 1, ...: sums[t] ← sums[t] + states[t] weight, then states[t + 1] ← f(sums[t]), or f(beside[t], sums[t]) of a
   * product. states [L + 1, B, N], sums and beside [L, B, N], the last axis of all contiguous; weight [N, N].
   */
  recurrence(
    f: UnaryOperation | SlopeProduct,
    states: Tensor<S>,
    sums: Tensor<S>,
    weight: Tensor<S>,
    beside?: Tensor<S>,
  ): void;
}

/** The arithmetic without its fused kernels: for those who replace a kernel that one of them stands for. */
export function unfused<S>(arithmetic: Arithmetic<S>): Arithmetic<S> {
  const { timesOneMinusSquare, addRows, softmaxAndLogSumExp, recurrence, ...kernels } = arithmetic;
  return kernels;
}
