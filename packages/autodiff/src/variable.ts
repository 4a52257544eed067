import type { Arithmetic, Tensor } from "@gradproof/arithmetic";

/** The cotangent of one input from the cotangent of the output: a vector-Jacobian product, itself differentiable. */
export type Vjp<S> = (cotangent: Variable<S>) => Variable<S>;

/**
 * A value and how it was computed: a node of the graph, never changed once made. Gradients are not kept on it, so taking
 * them twice gives the same.
 */
export interface Variable<S> {
  readonly arithmetic: Arithmetic<S>;
  readonly value: Tensor<S>;
  readonly shape: readonly number[];
  /** The operation that made it, "variable" for a leaf. */
  readonly operation: string;
  readonly inputs: readonly Variable<S>[];
  /** One rule per input. */
  readonly vjps: readonly Vjp<S>[];
  /** Longest way to a leaf: inputs come before their outputs in its order. */
  readonly depth: number;
}

/** A leaf holding a tensor, which must not change while the graph is in use. */
export function wrap<S>(arithmetic: Arithmetic<S>, value: Tensor<S>): Variable<S> {
  return node(arithmetic, "variable", value, [], []);
}

/**
 * A leaf holding the numbers exactly, in row-major order; a vector unless a shape is given.
 *
 * @throws LiftError where the arithmetic cannot hold one of the numbers.
 * @example
 * ```ts
 * const x = variable(float64, [1, 2, 3, 4], [2, 2]);
 * ```
 */
export function variable<S>(
  arithmetic: Arithmetic<S>,
  values: ArrayLike<number>,
  shape: readonly number[] = [values.length],
): Variable<S> {
  return wrap(arithmetic, arithmetic.lift(values, shape));
}

/** A node of the graph: what an operation returns. */
export function node<S>(
  arithmetic: Arithmetic<S>,
  operation: string,
  value: Tensor<S>,
  inputs: readonly Variable<S>[],
  vjps: readonly Vjp<S>[],
): Variable<S> {
  let depth = 0;
  for (const input of inputs) depth = Math.max(depth, input.depth + 1);
  return { arithmetic, value, shape: value.shape, operation, inputs, vjps, depth };
}
