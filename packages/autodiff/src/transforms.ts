import { broadcastTo, ShapeError, sameShape } from "@gradproof/arithmetic";
import { add } from "./elementwise.ts";
import { commonArithmetic, source, stopGradient, type Variable, wrap } from "./variable.ts";

/** What a gradient is taken with respect to: one variable, several in a list, or named ones in a record. */
export type Inputs<S> = Variable<S> | readonly Variable<S>[] | Readonly<Record<string, Variable<S>>>;

/**
 * The gradient of a scalar function with respect to its first argument, in that argument's form. It is made of
 * variables, so that it can be differentiated again.
 *
 * @throws ShapeError where the function's result is not a scalar.
 * @example
 * ```ts
 * const x = variable(float64, [0.5]);
 * const cube = (x: Variable<Float64Array>) => sum(multiply(x, square(x)));
 * float64.lower(grad(cube)(x).value); // Float64Array [0.75]
 * ```
 */
export function grad<S, I extends Inputs<S>, R extends readonly unknown[]>(
  f: (inputs: I, ...rest: R) => Variable<S>,
): (inputs: I, ...rest: R) => I {
  return (inputs, ...rest) => valueAndGrad<S, I, R>(f)(inputs, ...rest).gradient;
}

/** Value and gradient of a scalar function, the function evaluated once. */
export function valueAndGrad<S, I extends Inputs<S>, R extends readonly unknown[]>(
  f: (inputs: I, ...rest: R) => Variable<S>,
): (inputs: I, ...rest: R) => { readonly value: Variable<S>; readonly gradient: I } {
  return (inputs, ...rest) => {
    const { value, pullback } = vjp<S, I>((x) => f(x, ...rest), inputs);
    if (value.shape.length > 0) throw new ShapeError("grad", "a scalar result; sum it, or use vjp", value.shape);
    return { value, gradient: pullback(wrap(value.arithmetic, value.arithmetic.ratio(1, 1))) };
  };
}

/**
 * The value of a function and its pullback: from a cotangent of the value's shape to that of the inputs. The pullback may
 * be called any number of times.
 *
 * @throws ShapeError from the pullback for a cotangent of another shape; TypeError for one of another arithmetic.
 */
export function vjp<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  inputs: I,
): { readonly value: Variable<S>; readonly pullback: (cotangent: Variable<S>) => I } {
  const sources = new Set<Variable<S>>();
  const own = mapInputs<S, I>(inputs, (input) => {
    const added = source(input);
    sources.add(added);
    return added;
  });
  const value = f(own);
  const { path, nested } = between(sources, value);
  return {
    value: nested ? value : stopGradient(value),
    pullback(cotangent) {
      commonArithmetic("pullback", value, cotangent);
      if (!sameShape(value.shape, cotangent.shape)) {
        throw new ShapeError("pullback", "a cotangent of the value's shape", cotangent.shape, value.shape);
      }
      const keepHistory = nested || cotangent.depth > 0;
      const cotangents = pullBack(path, sources, value, cotangent, keepHistory);
      return mapInputs<S, I>(own, (input) => cotangents.get(input) ?? zerosLike(input));
    },
  };
}

/**
 * Cotangents of the sources: a sweep over the nodes that depend on one, the deepest first. What the rules compute is
 * itself a graph, kept only for a gradient around this one: the cotangents of a long chain are then freed on the way.
 */
function pullBack<S>(
  path: ReadonlySet<Variable<S>>,
  sources: ReadonlySet<Variable<S>>,
  output: Variable<S>,
  cotangent: Variable<S>,
  keepHistory: boolean,
): Map<Variable<S>, Variable<S>> {
  const cotangents = new Map<Variable<S>, Variable<S>>([[output, cotangent]]);
  for (const current of [...path].reverse()) {
    const ct = cotangents.get(current);
    if (ct === undefined || sources.has(current)) continue;
    for (let argument = 0; argument < current.inputs.length; argument++) {
      const input = current.inputs[argument];
      if (!path.has(input)) continue;
      const part = current.vjps[argument](ct);
      const sum = cotangents.get(input);
      const total = sum === undefined ? part : add(sum, part);
      cotangents.set(input, keepHistory ? total : stopGradient(total));
    }
    cotangents.delete(current);
  }
  return cotangents;
}

/**
 * The nodes on a way from a source to the output, inputs before outputs; and whether another gradient is being taken
 * around this one, with respect to something that the sources or the output depend on.
 */
function between<S>(
  sources: ReadonlySet<Variable<S>>,
  output: Variable<S>,
): { readonly path: ReadonlySet<Variable<S>>; readonly nested: boolean } {
  const seen = new Set([output]);
  const open = [output];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (sources.has(current)) continue;
    for (const input of current.inputs) {
      if (seen.has(input)) continue;
      seen.add(input);
      open.push(input);
    }
  }
  const path = new Set<Variable<S>>();
  let nested = [...sources].some(({ inputs: [input] }) => input.depth > 0);
  for (const current of [...seen].sort((a, b) => a.depth - b.depth)) {
    if (sources.has(current) || current.inputs.some((input) => path.has(input))) path.add(current);
    else if (current.depth > 0) nested = true;
  }
  return { path, nested };
}

function zerosLike<S>(a: Variable<S>): Variable<S> {
  return wrap(a.arithmetic, broadcastTo(a.arithmetic.ratio(0, 1), a.shape));
}

function mapInputs<S, I extends Inputs<S>>(inputs: I, replace: (input: Variable<S>) => Variable<S>): I {
  if (isVariable<S>(inputs)) return replace(inputs) as unknown as I;
  if (Array.isArray(inputs)) return inputs.map(replace) as unknown as I;
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, replace(input)])) as unknown as I;
}

function isVariable<S>(inputs: Inputs<S>): inputs is Variable<S> {
  return "vjps" in inputs && "arithmetic" in inputs && Array.isArray(inputs.vjps);
}
