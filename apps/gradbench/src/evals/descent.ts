import { grad, jvp, multiply, negate, norm, stack, subtract } from "@gradproof/autodiff";
import { type Floats, floats, numberOf, scalar } from "./floats.ts";

/** How a gradient is taken: by jvps along the axes, or by one pullback. */
export type Mode = "forward" | "reverse";

/** The gradient of a scalar function of a vector. */
export function gradient(mode: Mode, f: (x: Floats) => Floats): (x: Floats) => Floats {
  if (mode === "reverse") return grad(f);
  return (x) => {
    const axes = Array.from({ length: x.shape[0] }, (_, i) => {
      const axis = new Float64Array(x.shape[0]);
      axis[i] = 1;
      return floats(axis);
    });
    return stack(axes.map((axis) => jvp(f, x, axis).tangent));
  };
}

/**
 * Where a function is least, by the gradient descent of Siskind and Pearlmutter's benchmarks: steps of η = 1e-5, doubled
 * after ten that went down and halved after one that did not, until gradient or step are within 1e-5. The steps are part
 * of the graph, so that a gradient can be taken through them.
 */
export function argmin(mode: Mode, f: (x: Floats) => Floats, start: Floats): Floats {
  const tolerance = 1e-5;
  const slope = gradient(mode, f);
  let [x, value, direction] = [start, f(start), slope(start)];
  let eta = 1e-5;
  let descended = 0;
  while (numberOf(norm(direction)) > tolerance) {
    if (descended === 10) {
      eta *= 2;
      descended = 0;
      continue;
    }
    const next = subtract(x, multiply(scalar(eta), direction));
    if (numberOf(norm(subtract(x, next))) <= tolerance) break;
    const nextValue = f(next);
    if (numberOf(nextValue) < numberOf(value)) {
      [x, value, direction] = [next, nextValue, slope(next)];
      descended++;
    } else {
      eta /= 2;
      descended = 0;
    }
  }
  return x;
}

/** Where a function is greatest. */
export function argmax(mode: Mode, f: (x: Floats) => Floats, start: Floats): Floats {
  return argmin(mode, (x) => negate(f(x)), start);
}

/** A value for each mix of modes of an outer and an inner gradient, f for forward and r for reverse. */
export function inAllModes<T>(make: (outer: Mode, inner: Mode) => T): Readonly<Record<"ff" | "fr" | "rf" | "rr", T>> {
  return {
    ff: make("forward", "forward"),
    fr: make("forward", "reverse"),
    rf: make("reverse", "forward"),
    rr: make("reverse", "reverse"),
  };
}
