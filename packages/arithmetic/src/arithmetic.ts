import type { FusedKernels } from "./fused.ts";
import type { Binary, Unary } from "./operations.ts";
import type { Tensor } from "./tensor.ts";

/** Whether a kernel replaces its output or adds to it. */
export type Mode = "write" | "accumulate";

/**
 * What derivations are written in: kernels over one number system, outputs first.
 *
 * An arithmetic gives values, never derivatives. Every sum runs in ascending index order in an accumulator of the
 * storage type, starting from 0 ("write") or from the output ("accumulate"), so that all arithmetics that round to the
 * same type give the same bits. Unless a kernel says otherwise, its output must not overlap its inputs.
 */
export interface Arithmetic<S> extends Partial<FusedKernels<S>> {
  readonly name: string;
  /** Largest relative error of one rounded operation; 0 where every operation is exact. */
  readonly unitRoundoff: number;
  /** Runs `body`; tensors allocated inside die at its end, so results are copied to tensors made outside. */
  scope(body: () => void): void;
  /** Runs `body` as if no scope were open: tensors allocated inside outlive the scopes around it. */
  lasting(body: () => void): void;
  /** A tensor of that shape, contents unspecified. */
  empty(shape: readonly number[]): Tensor<S>;
  /** A tensor holding the numbers exactly, row-major; throws LiftError where one would round. */
  lift(values: ArrayLike<number>, shape: readonly number[]): Tensor<S>;
  /** A tensor holding the numbers rounded to nearest. */
  round(values: ArrayLike<number>, shape: readonly number[]): Tensor<S>;
  /** numerator / denominator as a scalar, divided inside the number system. Both must be integers. */
  ratio(numerator: number, denominator: number): Tensor<S>;
  /** The elements as numbers, row-major. */
  lower(t: Tensor<S>): Float64Array;
  /** Whether shapes and all elements are the same: bits in floats (NaN is NaN, -0 is not 0), residues in a prime field. */
  same(a: Tensor<S>, b: Tensor<S>): boolean;
  /** out ← a, broadcast to out's shape. */
  copy(out: Tensor<S>, a: Tensor<S>): void;
  /** out [M, N] ← (out +) a [M, K] b [K, N] */
  gemm(out: Tensor<S>, a: Tensor<S>, b: Tensor<S>, mode: Mode): void;
  /** out ← f(a), element by element, a broadcast; out may be a. */
  unary(operation: Unary, out: Tensor<S>, a: Tensor<S>): void;
  /** out ← f(a, b), element by element, a and b broadcast; out may be a or b. */
  binary(operation: Binary, out: Tensor<S>, a: Tensor<S>, b: Tensor<S>): void;
  /** out ← (out +) Σ a over the axes along which broadcasting repeats out to the shape of a. */
  sum(out: Tensor<S>, a: Tensor<S>, mode: Mode): void;
  /** Its own {@link softmax}, where it is not what {@link Arithmetic.unary} and the others make up. */
  softmax?(out: Tensor<S>, a: Tensor<S>): void;
  /** Its own {@link logSumExp}. */
  logSumExp?(out: Tensor<S>, a: Tensor<S>): void;
  /** Its own {@link take}. */
  take?(out: Tensor<S>, a: Tensor<S>, rows: ArrayLike<number>): void;
  /** Its own {@link addAt}. */
  addAt?(out: Tensor<S>, rows: ArrayLike<number>, a: Tensor<S>): void;
}
