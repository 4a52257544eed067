import { type Variable, wrap } from "../variable.ts";
import { add, multiply } from "./elementwise.ts";
import { concat, stack } from "./joining.ts";
import { reshape, transpose } from "./layout.ts";
import type { ReductionOptions } from "./reduction.ts";
import { at, slice, unstack } from "./selection.ts";
import { axesOf, axisOf } from "./shape.ts";
import { filled } from "./values.ts";

/** Products and running sums and products, made of other operations; none divides, so that zeros are like any number. */

/** Π a over one axis, several, or all, pair by pair; 1 where there are no factors        da = ȳ times the other factors */
export function prod<S>(
  a: Variable<S>,
  axes?: number | readonly number[],
  { keepDimensions = false }: ReductionOptions = {},
): Variable<S> {
  const over = axesOf("prod", axes, a.shape);
  const others = [...a.shape.keys()].filter((axis) => !over.has(axis));
  const kept = others.map((axis) => a.shape[axis]);
  let count = 1;
  for (const axis of over) count *= a.shape[axis];
  const A = a.arithmetic;
  const shape = keepDimensions ? a.shape.map((length, axis) => (over.has(axis) ? 1 : length)) : kept;
  if (count === 0) return wrap(A, filled(A, shape, A.ratio(1, 1)));
  // Factors along the first axis.
  let factors = reshape(transpose(a, [...over, ...others]), [count, ...kept]);
  while (factors.shape[0] > 1) {
    const half = factors.shape[0] >> 1;
    const product = multiply(slice(factors, 0, half), slice(factors, half, 2 * half));
    const rest = slice(factors, 2 * half, factors.shape[0]);
    factors = rest.shape[0] > 0 ? concat([product, rest]) : product;
  }
  return reshape(factors, shape);
}

/** yᵢ = a₀ + … + aᵢ along one axis, the first if none is given        daᵢ = ȳᵢ + … + ȳ of the last */
export function cumsum<S>(a: Variable<S>, axis = 0): Variable<S> {
  return running("cumsum", add, a, axis);
}

/** yᵢ = a₀ … aᵢ along one axis, the first if none is given        daᵢ = Σ over k ≥ i of ȳₖ a₀ … aₖ without aᵢ */
export function cumprod<S>(a: Variable<S>, axis = 0): Variable<S> {
  return running("cumprod", multiply, a, axis);
}

function running<S>(
  operation: string,
  combine: (a: Variable<S>, b: Variable<S>) => Variable<S>,
  a: Variable<S>,
  axis: number,
): Variable<S> {
  const along = axisOf(operation, axis, a.shape);
  if (a.shape[along] === 0) return a;
  let total = at(a, 0, along);
  const results = [total];
  for (const part of unstack(a, along).slice(1)) {
    total = combine(total, part);
    results.push(total);
  }
  return stack(results, along);
}
