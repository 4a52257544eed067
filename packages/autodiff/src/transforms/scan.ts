import { concat, stack } from "../operations/joining.ts";
import { slice, unstack } from "../operations/selection.ts";
import type { Variable } from "../variable.ts";
import { type CheckpointOptions, checkpointed } from "./checkpoint.ts";
import { type Inputs, inFormOf, variablesOf } from "./inputs.ts";

export interface ScanOptions extends CheckpointOptions {
  /**
   * Steps per segment. Of each segment a gradient keeps what goes in and out, and computes the steps again; with segments
   * of √T steps, memory for √T steps is enough for T. One segment of all steps, kept, unless given.
   */
  readonly segment?: number;
}

/**
 * A step repeated over time: cₜ₊₁, yₜ = step(cₜ, xₜ, p) for t = 0 … T − 1. Memory and time of the gradient are linear in T.
 *
 * @param step - from what is carried, x at one time and the parameters to what is carried next and an output. What is to
 *   be differentiated must be among these.
 * @param initial - what is carried into the first step.
 * @param xs - [T, ...]: a step for each element of the first axis.
 * @returns what is carried out of the last step, and the outputs of all, [T, ...].
 * @throws RangeError for no steps, or a segment that is not a positive integer.
 * @example
 * ```ts
 * // hₜ₊₁ = w hₜ + xₜ
 * type Floats = Variable<Float64Array>;
 * const step = (h: Floats, x: Floats, w: Floats) => {
 *   const next = add(multiply(w, h), x);
 *   return { carry: next, output: next };
 * };
 * const [w, h, xs] = [variable(float64, [2], []), variable(float64, [1], []), variable(float64, [1, 1, 1])];
 * console.log(...float64.lower(scan(step, h, xs, w).outputs.value)); // -> 3 7 15
 * const last = (w: Floats) => scan(step, h, xs, w, { segment: 2 }).carry;
 * console.log(...float64.lower(grad(last)(w).value)); // -> 17
 * ```
 */
export function scan<S, C extends Inputs<S>, P extends Inputs<S>>(
  step: (carry: C, x: Variable<S>, parameters: P) => { readonly carry: C; readonly output: Variable<S> },
  initial: C,
  xs: Variable<S>,
  parameters: P,
  { segment, recompute = segment !== undefined }: ScanOptions = {},
): { readonly carry: C; readonly outputs: Variable<S> } {
  const steps = xs.shape[0] ?? 0;
  if (steps === 0) throw new RangeError(`scan: no steps in xs of shape [${xs.shape.join(", ")}]; expected [T, ...]`);
  const length = segment ?? steps;
  if (!(Number.isSafeInteger(length) && length > 0)) {
    throw new RangeError(`scan: segments of ${length} steps; expected a positive integer`);
  }
  const carried = variablesOf<S>(initial).length;

  /** From [x of the segment, ...carry, ...parameters] to [outputs, ...carry]. */
  function steady([x, ...rest]: readonly Variable<S>[]): readonly Variable<S>[] {
    let carry = inFormOf<S, C>(initial, rest);
    const own = inFormOf<S, P>(parameters, rest.slice(carried));
    const outputs = unstack(x).map((at) => {
      const next = step(carry, at, own);
      carry = next.carry;
      return next.output;
    });
    return [stack(outputs), ...variablesOf<S>(carry)];
  }

  const run = checkpointed<S, readonly Variable<S>[], readonly Variable<S>[]>(steady, { recompute });
  const outputs: Variable<S>[] = [];
  let carry: readonly Variable<S>[] = variablesOf<S>(initial);
  for (let start = 0; start < steps; start += length) {
    const part = slice(xs, start, Math.min(start + length, steps));
    const [own, ...next] = run([part, ...carry, ...variablesOf<S>(parameters)]);
    outputs.push(own);
    carry = next;
  }
  return { carry: inFormOf<S, C>(initial, carry), outputs: concat(outputs) };
}
