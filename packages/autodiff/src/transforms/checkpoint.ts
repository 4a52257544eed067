import { sizeOf } from "@gradproof/arithmetic";
import { concat } from "../operations/joining.ts";
import { reshape } from "../operations/layout.ts";
import { slice } from "../operations/selection.ts";
import { shared } from "../operations/sharing.ts";
import { node, stopGradient, type Variable, zerosLike } from "../variable.ts";
import { jvp } from "./forward.ts";
import { type Inputs, inFormOf, mapInputs, variablesOf } from "./inputs.ts";
import { vjp } from "./reverse.ts";

export interface CheckpointOptions {
  /**
   * Whether what lies between inputs and output is computed again, instead of kept; true unless given. Without it sums
   * are taken in the same order, so that the two have the same bits.
   */
  readonly recompute?: boolean;
}

/**
 * The same function, of which a gradient keeps inputs and output alone: what lies between is computed again when the
 * backward sweep needs it.
 *
 * @param f - what is to be differentiated must be among its inputs, as nothing else is seen.
 * @throws Error where f uses something else that is being differentiated.
 * @example
 * ```ts
 * const twice = checkpoint((x: Variable<Float64Array>) => sum(square(square(x))));
 * console.log(...float64.lower(grad(twice)(variable(float64, [1, 2])).value)); // -> 4 32
 * ```
 */
export function checkpoint<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  options?: CheckpointOptions,
): (inputs: I) => Variable<S> {
  return checkpointed<S, I, Variable<S>>(f, options);
}

/** {@link checkpoint} of a function with outputs in any form, kept as one vector. */
export function checkpointed<S, I extends Inputs<S>, O extends Inputs<S>>(
  f: (inputs: I) => O,
  { recompute = true }: CheckpointOptions = {},
): (inputs: I) => O {
  if (!recompute) return (inputs) => f(mapInputs<S, I>(inputs, shared));
  return (inputs) => {
    const outputs = f(mapInputs<S, I>(inputs, stopGradient));
    const all = variablesOf<S>(outputs);
    for (const { dual, order } of all) {
      if (dual || order > 0) {
        throw new Error(
          "checkpoint: the function uses a variable that is being differentiated and is not among its inputs; pass it as one",
        );
      }
    }
    const run = (own: readonly Variable<S>[]) => packed(variablesOf<S>(f(inFormOf<S, I>(inputs, own.map(shared)))));
    const given = variablesOf<S>(inputs);
    const y = node<S>(
      all[0].arithmetic,
      "checkpoint",
      packed(all).value,
      given,
      (ct, own) => vjp<S, readonly Variable<S>[]>(run, own).pullback(ct),
      (tangents, own) => {
        const direction = own.map((input, i) => tangents[i] ?? zerosLike(input));
        return jvp<S, readonly Variable<S>[]>(run, own, direction).tangent;
      },
    );
    return inFormOf<S, O>(outputs, unpacked(y, all));
  };
}

/** The variables one behind the other in a vector; one alone as it is. */
function packed<S>(variables: readonly Variable<S>[]): Variable<S> {
  if (variables.length === 1) return variables[0];
  return concat(variables.map((part) => reshape(part, [sizeOf(part.shape)])));
}

/** The parts of such a vector, in the shapes of `like`. */
function unpacked<S>(vector: Variable<S>, like: readonly Variable<S>[]): Variable<S>[] {
  if (like.length === 1) return [vector];
  let start = 0;
  return like.map(({ shape }) => {
    const end = start + sizeOf(shape);
    const part = reshape(slice(vector, start, end), shape);
    start = end;
    return part;
  });
}
