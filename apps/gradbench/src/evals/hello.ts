import { grad, square } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { number } from "../protocol/given.ts";
import { type Floats, numberOf, scalar } from "./floats.ts";

/** x², and its derivative. */
export const hello: EvalModule = {
  square(input) {
    const x = scalar(number(input));
    return () => numberOf(square(x));
  },
  double(input) {
    const x = scalar(number(input));
    return () => numberOf(grad((a: Floats) => square(a))(x));
  },
};
