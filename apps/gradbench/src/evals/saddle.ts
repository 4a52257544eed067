import { square, subtract, sum } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, vector } from "../protocol/given.ts";
import { argmax, argmin, inAllModes, type Mode } from "./descent.ts";
import { type Floats, floats, numbers } from "./floats.ts";

/** f(x, y) = |x|² − |y|² */
function height(x: Floats, y: Floats): Floats {
  return subtract(sum(square(x)), sum(square(y)));
}

/** max_y f(x, y) for one x, by descent from `start`. */
export function highest(inner: Mode, x: Floats, start: Floats): Floats {
  return height(
    x,
    argmax(inner, (y) => height(x, y), start),
  );
}

/** minₓ max_y f(x, y), both by descent: a gradient through a descent that takes gradients itself. */
export const saddle: EvalModule = inAllModes((outer, inner) => (input) => {
  const start = floats(vector(field(input, "start"), 2));
  return () => {
    const highest = (x: Floats) =>
      height(
        x,
        argmax(inner, (y) => height(x, y), start),
      );
    const x = argmin(outer, highest, start);
    const y = argmax(outer, (other) => height(x, other), start);
    return [...numbers(x), ...numbers(y)];
  };
});
