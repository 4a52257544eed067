import { broadcastTo, ShapeError } from "@gradproof/arithmetic";
import { add } from "./operations.ts";
import { node, type Variable, wrap } from "./variable.ts";

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
 */
export function vjp<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  inputs: I,
): { readonly value: Variable<S>; readonly pullback: (cotangent: Variable<S>) => I } {
  const sources: Variable<S>[] = [];
  const own = mapInputs<S, I>(inputs, (input) => {
    const source = node(input.arithmetic, "input", input.value, [input], [(ct) => ct]);
    sources.push(source);
    return source;
  });
  const value = f(own);
  return {
    value,
    pullback(cotangent) {
      const cotangents = pullBack(value, cotangent, sources);
      return mapInputs<S, I>(own, (source) => cotangents.get(source) ?? zerosLike(source));
    },
  };
}

/** Cotangents of the sources: a sweep over the nodes that depend on one, the deepest first. */
function pullBack<S>(
  output: Variable<S>,
  cotangent: Variable<S>,
  sources: readonly Variable<S>[],
): Map<Variable<S>, Variable<S>> {
  const cotangents = new Map<Variable<S>, Variable<S>>([[output, cotangent]]);
  const dependent = dependents(output, new Set(sources));
  for (const current of [...dependent].reverse()) {
    const ct = cotangents.get(current);
    if (ct === undefined || sources.includes(current)) continue;
    current.inputs.forEach((input, argument) => {
      if (!dependent.has(input)) return;
      const part = current.vjps[argument](ct);
      const sum = cotangents.get(input);
      cotangents.set(input, sum === undefined ? part : add(sum, part));
    });
    cotangents.delete(current);
  }
  return cotangents;
}

/** The nodes on a way from a source to the output, inputs before outputs. */
function dependents<S>(output: Variable<S>, sources: ReadonlySet<Variable<S>>): Set<Variable<S>> {
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
  const found = new Set<Variable<S>>();
  for (const current of [...seen].sort((a, b) => a.depth - b.depth)) {
    if (sources.has(current) || current.inputs.some((input) => found.has(input))) found.add(current);
  }
  return found;
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
