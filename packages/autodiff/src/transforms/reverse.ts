import { ShapeError } from "@gradproof/arithmetic";
import { add } from "../operations/elementwise.ts";
import { commonArithmetic, type Placed, source, stopGradient, type Variable, wrap, zerosLike } from "../variable.ts";
import { checkChange, type Inputs, mapInputs } from "./inputs.ts";

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
  const { own, sources, value, path, nested } = record(f, inputs);
  return {
    value: nested ? value : withoutHistory(value),
    pullback(cotangent) {
      commonArithmetic("pullback", value, cotangent);
      checkChange("pullback", "a cotangent of the value's shape", cotangent, value);
      const cotangents = pullBack(path, sources, value, cotangent, nested || isRecorded(cotangent));
      return mapInputs<S, I>(own, (input) => cotangents.get(input) ?? zerosLike(input));
    },
  };
}

/** A function's graph: the inputs as the function saw them, its value, and the nodes between, inputs before outputs. */
export function record<S, I extends Inputs<S>>(f: (inputs: I) => Variable<S>, inputs: I) {
  const sources = new Set<Variable<S>>();
  const own = mapInputs<S, I>(inputs, (input) => {
    const added = source(input);
    sources.add(added);
    return added;
  });
  const value = f(own);
  return { own, sources, value, ...between(sources, value) };
}

/**
 * Cotangents of the sources: a sweep over the nodes that depend on one, the last made first. What the rules compute is
 * itself a graph, kept only for a gradient around this one: the cotangents of a long chain are then freed on the way.
 *
 * @param seen - told the cotangent of every node.
 */
export function pullBack<S>(
  path: ReadonlySet<Variable<S>>,
  sources: ReadonlySet<Variable<S>>,
  output: Variable<S>,
  cotangent: Variable<S>,
  keepHistory: boolean,
  seen?: (node: Variable<S>, cotangent: Variable<S>) => void,
): Map<Variable<S>, Variable<S>> {
  const cotangents = new Map([[output, cotangent]]);
  const parts = new Map<Variable<S>, Placed<S>[]>();
  const kept = (a: Variable<S>) => (keepHistory ? a : withoutHistory(a));
  for (const current of [...path].reverse()) {
    const sum = cotangents.get(current);
    const placed = parts.get(current);
    const ct = placed ? kept(placed[0].part.place(current.shape, placed, sum)) : sum;
    if (ct === undefined) continue;
    seen?.(current, ct);
    if (sources.has(current)) {
      cotangents.set(current, ct);
      continue;
    }
    cotangents.delete(current);
    parts.delete(current);
    const { inputs, part } = current;
    const changes = part ? [] : cotangentsOf(current, ct, path);
    for (let argument = 0; argument < inputs.length; argument++) {
      const input = inputs[argument];
      if (!path.has(input)) continue;
      if (part) {
        const others = parts.get(input);
        if (others) others.push({ variable: ct, part });
        else parts.set(input, [{ variable: ct, part }]);
        continue;
      }
      const change = changes[argument];
      if (!change) continue;
      const before = cotangents.get(input);
      cotangents.set(input, kept(before ? add(before, change) : change));
    }
  }
  return cotangents;
}

/** Cotangents of a node's inputs that are on the path, by its rules. */
function cotangentsOf<S>(
  current: Variable<S>,
  ct: Variable<S>,
  path: ReadonlySet<Variable<S>>,
): readonly (Variable<S> | undefined)[] {
  const { inputs, vjps } = current;
  try {
    if (typeof vjps === "function") return vjps(ct, inputs, current);
    return inputs.map((input, argument) => (path.has(input) ? vjps[argument](ct, inputs, current) : undefined));
  } catch (error) {
    const shapes = inputs.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`pullback: in the rule of ${current.operation}, of ${shapes}: ${problem}`, { cause: error });
  }
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
  let nested = [...sources].some(({ inputs: [input] }) => isRecorded(input));
  for (const current of [...seen].sort((a, b) => a.order - b.order)) {
    if (sources.has(current) || current.inputs.some((input) => path.has(input))) path.add(current);
    else if (isRecorded(current)) nested = true;
  }
  return { path, nested };
}

/** Whether a gradient is being taken with respect to something that the variable or a tangent of it depends on. */
export function isRecorded<S>({ order, dual }: Variable<S>): boolean {
  return order > 0 || (dual !== undefined && (isRecorded(dual.primal) || isRecorded(dual.tangent)));
}

/** The value and its tangents, each without history. */
function withoutHistory<S>(a: Variable<S>): Variable<S> {
  const { dual } = a;
  if (!dual) return stopGradient(a);
  const [primal, tangent] = [withoutHistory(dual.primal), withoutHistory(dual.tangent)];
  return { ...wrap(a.arithmetic, a.value), dual: { ...dual, primal, tangent } };
}
