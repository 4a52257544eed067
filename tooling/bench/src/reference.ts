import { dense, doubleDouble } from "@gradproof/arithmetic";
import { simd } from "@gradproof/arithmetic/simd";
import { parameterNames } from "@gradproof/rnn";
import type { Gradients } from "./contenders/contender.ts";
import { manual } from "./contenders/ours.ts";
import { gemmOperations, problemOf, type Shape } from "./shapes.ts";

/** Multiply-adds that double-double does in some seconds. */
const affordable = 1e8;

/** A gradient to check contenders against, and what it is. */
export interface Reference {
  readonly gradient: Gradients;
  readonly by: string;
}

/**
 * The gradient of a shape in double-double; of a large one in float64, whose error is measured against double-double on
 * as many of its sequences and steps as are affordable.
 *
 * @throws Error where float64 is further from double-double than the rounding of its sums lets it be.
 */
export async function referenceOf(shape: Shape): Promise<Reference> {
  const exact = manual("double-double", () => dense(doubleDouble));
  const problem = problemOf(shape);
  if (gemmOperations(shape) <= affordable) {
    return { gradient: await (await exact.prepare(problem)).gradient(), by: "double-double" };
  }
  const T = Math.max(2, Math.floor((shape.T * affordable) / (gemmOperations(shape) / shape.B)));
  const part = problemOf({ ...shape, B: 1, T: Math.min(T, shape.T) });
  const double = manual("float64", () => simd("float64"));
  const error = largestError(
    await (await double.prepare(part)).gradient(),
    await (await exact.prepare(part)).gradient(),
  );
  // Sums of some thousand terms: 1e-12 of the largest element is far above their rounding, far below that of float32.
  if (!(error < 1e-12)) throw new Error(`bench: ${shape.name}: float64 is ${error} from double-double; expected 1e-12`);
  const gradient = await (await double.prepare(problem)).gradient();
  return { gradient, by: `float64 (${error.toExponential(0)} from double-double on ${part.x.shape[0]} steps)` };
}

/** The largest difference in any parameter, relative to that parameter's largest element. */
export function largestError(actual: Gradients, expected: Gradients): number {
  const errors = parameterNames.map((name) => {
    const [x, y] = [actual[name], expected[name]].map((values) => Array.from(values));
    const largest = y.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    return x.length === y.length
      ? y.reduce((max, value, i) => Math.max(max, Math.abs(x[i] - value)), 0) / largest
      : Number.NaN;
  });
  return errors.reduce((max, error) => Math.max(max, error), 0);
}
