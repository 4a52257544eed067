import { add, exp, grad, log, max, subtract, sum } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, vector } from "../protocol/given.ts";
import { type Floats, floats, numberOf, numbers } from "./floats.ts";

/** log Σ exp xᵢ = a + log Σ exp(xᵢ − a), a = max x, of primitives as the eval asks for        x: [n] */
function logSumExp(x: Floats): Floats {
  const a = max(x);
  return add(a, log(sum(exp(subtract(x, a)))));
}

/** The logarithm of a sum of exponentials. */
export const lse: EvalModule = {
  primal(input) {
    const x = floats(vector(field(input, "x")));
    return () => numberOf(logSumExp(x));
  },
  gradient(input) {
    const x = floats(vector(field(input, "x")));
    return () => numbers(grad(logSumExp)(x));
  },
};
