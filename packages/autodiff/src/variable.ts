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
  /** The operation that made it, "variable" for a leaf, "input" for what a gradient is being taken with respect to. */
  readonly operation: string;
  /** What it was computed from, where an input of a gradient is behind it; else nothing, so that no history is kept in vain. */
  readonly inputs: readonly Variable<S>[];
  /** One rule per input. */
  readonly vjps: readonly Vjp<S>[];
  /** Longest way to an input of a gradient, 0 where there is none: inputs come before their outputs in its order. */
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

/**
 * A node of the graph: what an operation returns. It remembers its inputs only if an input of a gradient is behind one of
 * them: those are made when a gradient is asked for, so that nothing made before can come to depend on them.
 */
export function node<S>(
  arithmetic: Arithmetic<S>,
  operation: string,
  value: Tensor<S>,
  inputs: readonly Variable<S>[],
  vjps: readonly Vjp<S>[],
): Variable<S> {
  let depth = 0;
  for (const input of inputs) if (input.depth >= depth && input.depth > 0) depth = input.depth + 1;
  const known = depth > 0;
  return {
    arithmetic,
    value,
    shape: value.shape,
    operation,
    inputs: known ? inputs : [],
    vjps: known ? vjps : [],
    depth,
  };
}

/** An input of a gradient: the same value, with the cotangent passed on to what it stands for. */
export function source<S>(a: Variable<S>): Variable<S> {
  const { arithmetic, value, shape } = a;
  return { arithmetic, value, shape, operation: "input", inputs: [a], vjps: [inputVjp], depth: a.depth + 1 };
}

function inputVjp<S>(ct: Variable<S>): Variable<S> {
  return ct;
}

/** The value without its history: a constant to every gradient, also to one of a gradient. */
export function stopGradient<S>(a: Variable<S>): Variable<S> {
  return a.depth === 0 ? a : wrap(a.arithmetic, a.value);
}

/** The arithmetic of two variables that meet in an operation. */
export function commonArithmetic<S>(operation: string, a: Variable<S>, b: Variable<S>): Arithmetic<S> {
  if (a.arithmetic === b.arithmetic) return a.arithmetic;
  const names = `${a.arithmetic.name} and ${b.arithmetic.name}`;
  throw new TypeError(`${operation}: variables of two arithmetics, ${names}; expected both of the same instance`);
}
