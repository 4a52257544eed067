import { add, at, divide, multiply, reshape, sqrt, square, subtract, sum } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, number } from "../protocol/given.ts";
import { argmin, gradient, inAllModes, type Mode } from "./descent.ts";
import { type Floats, floats, numberOf, scalar } from "./floats.ts";

/**
 * How far from the origin, squared, a particle crosses the x axis: unit mass and charge, from (0, 8) with velocity
 * (0.75, 0), repelled by charges at (10, 10 − w) and (10, 0); Euler steps of 0.1, the last one to the axis.
 */
export function miss(inner: Mode, w: Floats): Floats {
  const charges = add(floats([10, 10, 10, 0], [2, 2]), multiply(w, floats([0, -1, 0, 0], [2, 2])));
  const slope = gradient(inner, (x) => potential(charges, x));
  const dt = scalar(0.1);
  let [x, velocity] = [floats([0, 8]), floats([0.75, 0])];
  for (;;) {
    const next = add(x, multiply(dt, velocity));
    if (numberOf(at(next, 1)) <= 0) break;
    velocity = subtract(velocity, multiply(dt, slope(x)));
    x = next;
  }
  const untilAxis = divide(at(x, 1), at(velocity, 1));
  return square(subtract(at(x, 0), multiply(untilAxis, at(velocity, 0))));
}

/** Σ 1 / |charge − x| */
function potential(charges: Floats, x: Floats): Floats {
  return sum(divide(scalar(1), sqrt(sum(square(subtract(charges, x)), 1))));
}

/** The w with which the particle hits the origin: a descent through forces that are gradients themselves. */
export const particle: EvalModule = inAllModes((outer, inner) => (input) => {
  const start = floats([number(field(input, "w"))]);
  return () => numberOf(argmin(outer, (w) => miss(inner, reshape(w, [])), start));
});
