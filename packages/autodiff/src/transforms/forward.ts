import { add } from "../operations/elementwise.ts";
import {
  commonArithmetic,
  type Dual,
  type Forward,
  type Jvps,
  node,
  type Variable,
  type Vjps,
  wrap,
  zerosLike,
} from "../variable.ts";
import { withoutHistory } from "./history.ts";
import { checkChange, type Inputs, inFormOf, mapInputs, variablesOf } from "./inputs.ts";

/** How many jvps have begun: each has an ε of its own, and one inside another the greater number. */
let begun = 0;

/**
 * The value of a function and its derivative along a direction: the Jacobian-vector product J ẋ, computed beside the value
 * in one run of the function, no graph being kept. Both are variables, so that they can be differentiated again.
 *
 * @param tangents - the direction ẋ, in the form and the shapes of the inputs.
 * @throws ShapeError for a tangent of another shape, TypeError for one of another arithmetic.
 * @example
 * ```ts
 * const x = variable(float64, [3, 4]);
 * const { value, tangent } = jvp(square<Float64Array>, x, variable(float64, [1, 10]));
 * console.log(...float64.lower(value.value), ...float64.lower(tangent.value)); // -> 9 16 6 80
 * ```
 */
export function jvp<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  inputs: I,
  tangents: I,
): { readonly value: Variable<S>; readonly tangent: Variable<S> } {
  return alongDirection<S, I, Variable<S>>(f, inputs, tangents);
}

/** {@link jvp} of a function with outputs in any form, such as a gradient. */
export function alongDirection<S, I extends Inputs<S>, O extends Inputs<S>>(
  f: (inputs: I) => O,
  inputs: I,
  tangents: I,
): { readonly value: O; readonly tangent: O } {
  const directions = variablesOf<S>(tangents);
  const primals = variablesOf<S>(inputs);
  if (directions.length !== primals.length) {
    throw new RangeError(`jvp: ${directions.length} tangents; expected ${primals.length}, one for each input`);
  }
  const tag = ++begun;
  const duals = primals.map((primal, i): Variable<S> => {
    commonArithmetic("jvp", primal, directions[i]);
    checkChange("jvp", "a tangent of the input's shape", directions[i], primal);
    return { ...primal, dual: { tag, primal, tangent: directions[i], forward } };
  });
  const outputs = f(inFormOf<S, I>(inputs, duals));
  const own = ({ dual }: Variable<S>): Dual<S> | undefined => (dual?.tag === tag ? dual : undefined);
  return {
    value: mapInputs<S, O>(outputs, (output) => own(output)?.primal ?? output),
    tangent: mapInputs<S, O>(outputs, (output) => own(output)?.tangent ?? zerosLike(output)),
  };
}

/**
 * The output of an operation with its tangent along the innermost direction that an input has one along: the operation on
 * the primals, which may have tangents along others, and its rules between the tangents.
 */
function carry<S>(plain: Variable<S>, inputs: readonly Variable<S>[], vjps: Vjps<S>, jvps: Jvps<S>): Variable<S> {
  let tag = 0;
  for (const { dual } of inputs) if (dual && dual.tag > tag) tag = dual.tag;
  const duals = inputs.map(({ dual }) => (dual?.tag === tag ? dual : undefined));
  const primals = inputs.map((input, i) => duals[i]?.primal ?? input);
  const primal = node(plain.arithmetic, plain.operation, plain.value, primals, vjps, jvps);
  const tangents = duals.map((dual) => dual?.tangent);
  let tangent: Variable<S> | undefined;
  if (typeof jvps === "function") tangent = jvps(tangents, primals, primal);
  else {
    for (let i = 0; i < tangents.length; i++) {
      const change = tangents[i];
      if (!change) continue;
      const rule = jvps[i];
      if (!rule) throw new TypeError(`jvp: ${plain.operation} has no rule between tangents for input ${i}`);
      const part = rule(change, primals, primal);
      tangent = tangent ? add(tangent, part) : part;
    }
  }
  return { ...plain, dual: { tag, primal, tangent: tangent ?? zerosLike(primal), forward } };
}

const forward: Forward = {
  carry,
  withoutHistory(a, dual) {
    const [primal, tangent] = [withoutHistory(dual.primal), withoutHistory(dual.tangent)];
    return { ...wrap(a.arithmetic, a.value), dual: { ...dual, primal, tangent } };
  },
};
