import { sizeOf } from "@gradproof/arithmetic";
import { stack } from "../operations/joining.ts";
import { reshape } from "../operations/layout.ts";
import { type Variable, wrap } from "../variable.ts";
import { alongDirection, jvp } from "./forward.ts";
import type { Inputs } from "./inputs.ts";
import { grad, vjp } from "./reverse.ts";

export interface JacobianOptions {
  /**
   * Column by column with jvp, or row by row with vjp; unless given, forward where the function has no more inputs than
   * outputs.
   */
  readonly mode?: "forward" | "reverse" | undefined;
}

/**
 * The Jacobian of a function of one variable: [...shape of the output, ...shape of the input], element (o, i) being
 * ∂yₒ/∂xᵢ.
 *
 * @example
 * ```ts
 * const x = variable(float64, [1, 2]);
 * const products = (x: Variable<Float64Array>) => multiply(x, sum(x));
 * console.log(...float64.lower(jacobian(products)(x).value)); // -> 4 1 2 5
 * ```
 */
export function jacobian<S>(
  f: (x: Variable<S>) => Variable<S>,
  { mode }: JacobianOptions = {},
): (x: Variable<S>) => Variable<S> {
  return (x) => {
    const { value, pullback } = vjp<S, Variable<S>>(f, x);
    const [outputs, inputs] = [sizeOf(value.shape), sizeOf(x.shape)];
    const shape = [...value.shape, ...x.shape];
    if (outputs * inputs === 0) return wrap(x.arithmetic, x.arithmetic.empty(shape));
    if ((mode ?? (inputs <= outputs ? "forward" : "reverse")) === "forward") {
      const columns = units(x).map((unit) => reshape(jvp<S, Variable<S>>(f, x, unit).tangent, [outputs]));
      return reshape(stack(columns, 1), shape);
    }
    return reshape(stack(units(value).map((unit) => pullback(unit))), shape);
  };
}

/**
 * The matrix of second derivatives of a scalar function of one variable, [...shape, ...shape]: the Jacobian of its
 * gradient, a column at a time, each by forward mode over reverse mode.
 */
export function hessian<S>(f: (x: Variable<S>) => Variable<S>): (x: Variable<S>) => Variable<S> {
  return jacobian(grad<S, Variable<S>, []>(f), { mode: "forward" });
}

/**
 * The product of the Hessian of a scalar function with a direction, forward mode over reverse mode: a few times the cost
 * of a gradient, whatever the number of inputs (Pearlmutter 1994).
 *
 * @example
 * ```ts
 * const cubes = (x: Variable<Float64Array>) => sum(multiply(x, square(x)));
 * const x = variable(float64, [1, 2]);
 * console.log(...float64.lower(hvp(cubes, x, variable(float64, [1, 10])).value)); // -> 6 120
 * ```
 */
export function hvp<S, I extends Inputs<S>>(f: (inputs: I) => Variable<S>, inputs: I, direction: I): I {
  return alongDirection<S, I, I>(grad<S, I, []>(f), inputs, direction).tangent;
}

/** For each element of a variable, 1 in its place and 0 elsewhere. */
function units<S>({ arithmetic: A, shape }: Variable<S>): Variable<S>[] {
  const size = sizeOf(shape);
  return Array.from({ length: size }, (_, i) => {
    const numbers = new Float64Array(size);
    numbers[i] = 1;
    return wrap(A, A.lift(numbers, shape));
  });
}
