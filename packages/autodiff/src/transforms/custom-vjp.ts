import { add, square } from "../operations/elementwise.ts";
import { node, stopGradient, type Variable, zerosLike } from "../variable.ts";
import { alongDirection } from "./forward.ts";
import { checkChange, type Inputs, inFormOf, mapInputs, variablesOf } from "./inputs.ts";
import { vjp } from "./reverse.ts";

/** Cotangents of the inputs, in their form, from the cotangent of the output: written in operations, so differentiable. */
export type CustomRule<S, I extends Inputs<S>> = (cotangent: Variable<S>, inputs: I, output: Variable<S>) => I;

/**
 * A function with a rule of one's own in place of the derivative of what it does: for a form that is stabler or shorter, or
 * for another gradient on purpose. {@link checkVjp} says whether it is the derivative. Forward mode transposes the rule.
 *
 * @throws ShapeError from a gradient where the rule gives a cotangent of another shape than its input.
 * @throws Error where f uses a variable that is being differentiated and is not among its inputs.
 * @example
 * ```ts
 * // Gradient reversal: the same value, the cotangent with the other sign.
 * const reversed = customVjp((x: Variable<Float64Array>) => x, (ct) => negate(ct));
 * const x = variable(float64, [3]);
 * console.log(...float64.lower(grad((x: Variable<Float64Array>) => sum(square(reversed(x))))(x).value)); // -> -6
 * ```
 */
export function customVjp<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  rule: CustomRule<S, I>,
): (inputs: I) => Variable<S> {
  return (inputs) => {
    const value = f(mapInputs<S, I>(inputs, stopGradient));
    if (value.order > 0 || value.dual) {
      throw new Error(
        "customVjp: the function uses a variable that is being differentiated and is not among its inputs; pass it as one",
      );
    }
    const pullback = (ct: Variable<S>, own: readonly Variable<S>[], y: Variable<S>): readonly Variable<S>[] => {
      const cotangents = variablesOf<S>(rule(ct, inFormOf<S, I>(inputs, own), y));
      own.forEach((input, i) => {
        checkChange("customVjp", `a cotangent of the shape of input ${i} from the rule`, cotangents[i], input);
      });
      return cotangents;
    };
    return node<S>(value.arithmetic, "custom", value.value, variablesOf<S>(inputs), pullback, (tangents, own, y) =>
      transposed((ct) => pullback(ct, own, y), tangents, y),
    );
  };
}

/** J ẋ = Σ Jᵢ ẋᵢ from ȳ ↦ Jᵀ ȳ: the rule is linear in ȳ, so its own pullback is its transpose. */
function transposed<S>(
  pullback: (ct: Variable<S>) => readonly Variable<S>[],
  tangents: readonly (Variable<S> | undefined)[],
  y: Variable<S>,
): Variable<S> {
  return tangents
    .flatMap((tangent, i) => {
      if (!tangent) return [];
      return [vjp<S, Variable<S>>((ct) => pullback(ct)[i], zerosLike(y)).pullback(tangent)];
    })
    .reduce(add);
}

/**
 * Checks that a rule is the derivative of the function: its cotangents equal those of the function's own operations, and
 * their derivatives, along a direction in inputs and cotangent, equal too, so that second derivatives are right.
 *
 * @param inputs - uniform elements of an exact arithmetic, as `primeField(seed).uniform(shape)` gives them: equal there
 *   means equal as rational functions but for a chance of about degree / 2^52.
 * @param cotangent - uniform, of the output's shape.
 * @throws RangeError for an arithmetic that rounds.
 * @throws Error naming the input whose cotangent, or its derivative, is another.
 * @example
 * ```ts
 * const F = primeField(1);
 * const [x, ct] = [wrap(F, F.uniform([3])), wrap(F, F.uniform([3]))];
 * checkVjp((x: typeof ct) => square(x), (ct, x) => multiply(add(x, x), ct), x, ct);
 * ```
 */
export function checkVjp<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  rule: CustomRule<S, I>,
  inputs: I,
  cotangent: Variable<S>,
): void {
  const A = cotangent.arithmetic;
  if (A.unitRoundoff > 0)
    throw new RangeError(`checkVjp: ${A.name} rounds; expected an exact arithmetic, as primeField`);
  const given = variablesOf<S>(inputs);
  const cotangents =
    (f: (inputs: I) => Variable<S>) =>
    ([ct, ...own]: readonly Variable<S>[]): readonly Variable<S>[] =>
      variablesOf<S>(vjp<S, I>(f, inFormOf<S, I>(inputs, own)).pullback(ct));
  const point = [cotangent, ...given];
  const along = (f: (inputs: I) => Variable<S>) =>
    alongDirection<S, readonly Variable<S>[], readonly Variable<S>[]>(cotangents(f), point, point.map(square));
  const [own, custom] = [along(f), along(customVjp<S, I>(f, rule))];
  given.forEach((_, i) => {
    if (!A.same(own.value[i].value, custom.value[i].value)) throw mismatch(i, "its cotangent is not Jᵀ ȳ");
    if (!A.same(own.tangent[i].value, custom.tangent[i].value)) {
      throw mismatch(
        i,
        "its cotangent is Jᵀ ȳ, but the derivative of it is not: the rule takes something for constant",
      );
    }
  });
}

function mismatch(input: number, problem: string): Error {
  return new Error(`checkVjp: input ${input}: ${problem}`);
}
