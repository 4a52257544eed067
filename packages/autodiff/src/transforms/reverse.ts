import { ShapeError } from "@gradproof/arithmetic";
import {
  commonArithmetic,
  isRecording,
  recorded,
  source,
  stackAt,
  stopGradient,
  type Variable,
  type VjpRule,
  wrap,
  zerosLike,
} from "../variable.ts";
import { Cotangents } from "./cotangents.ts";
import { checkChange, type Inputs, mapInputs } from "./inputs.ts";
import { callerIn, PullbackError } from "./pullback-error.ts";

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
 * @throws PullbackError from the pullback where a rule fails: the function is then run once more, to find the line that
 *   called the operation.
 */
export function vjp<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  inputs: I,
): { readonly value: Variable<S>; readonly pullback: (cotangent: Variable<S>) => I } {
  const { own, value, path, nested } = record(f, inputs);

  /** Found by running the function again: no stack is kept where nothing fails. */
  function callerOf(place: number): string | undefined {
    let again: Path<S>["nodes"] = [];
    const stack = stackAt(place, () => {
      try {
        again = record(f, inputs).path.nodes;
      } catch {
        // What it throws now is not what failed.
      }
    });
    return again[place]?.operation === path.nodes[place]?.operation ? callerIn(stack) : undefined;
  }

  return {
    value: nested ? value : withoutHistory(value),
    pullback(cotangent) {
      commonArithmetic("pullback", value, cotangent);
      checkChange("pullback", "a cotangent of the value's shape", cotangent, value);
      const kept = isRecording() && (nested || isRecorded(cotangent));
      const cotangents = recorded(kept, () => pullBack(path, value, cotangent, callerOf));
      let source = 0;
      return mapInputs<S, I>(own, (input) => {
        const sum = cotangents[source++] ?? zerosLike(input);
        return kept ? sum : withoutHistory(sum);
      });
    },
  };
}

/** The nodes between the inputs of a gradient and its value. */
export interface Path<S> {
  /** Those on a way from an input to the value, at their order less `first`: inputs before outputs, holes between. */
  readonly nodes: readonly (Variable<S> | undefined)[];
  /** The order of the first input; the others follow it. */
  readonly first: number;
  /** How many inputs there are. */
  readonly sources: number;
}

/**
 * A function's graph: the inputs as the function saw them, its value, the nodes between, and whether another gradient is
 * being taken around this one, with respect to something that the inputs or the value depend on.
 */
export function record<S, I extends Inputs<S>>(f: (inputs: I) => Variable<S>, inputs: I) {
  const sources: Variable<S>[] = [];
  const own = mapInputs<S, I>(inputs, (input) => {
    const added = source(input);
    sources.push(added);
    return added;
  });
  const value = recorded(true, () => f(own));
  const { path, nested } = between(sources, value);
  return { own, value, path, nested: nested && isRecording() };
}

/**
 * Cotangents of the inputs, in their order: a sweep over the nodes that depend on one, the last made first. What the rules
 * compute is itself a graph, kept only while a gradient around this one is recorded.
 *
 * @param callerOf - which line made the node at a place.
 * @param seen - told the cotangent of every node.
 */
export function pullBack<S>(
  { nodes, first, sources }: Path<S>,
  output: Variable<S>,
  cotangent: Variable<S>,
  callerOf?: (place: number) => string | undefined,
  seen?: (node: Variable<S>, cotangent: Variable<S>) => void,
): readonly (Variable<S> | undefined)[] {
  const cotangents = new Cotangents<S>(nodes.length);
  if (nodes.length > 0) cotangents.give(output.order - first, output.shape, cotangent);
  for (let place = nodes.length - 1; place >= sources; place--) {
    const current = nodes[place];
    const ct = current && cotangents.take(place, current.shape);
    if (!ct) continue;
    seen?.(current, ct);
    const { inputs, vjps } = current;
    try {
      const all = typeof vjps === "function" ? vjps(ct, inputs, current) : undefined;
      for (let argument = 0; argument < inputs.length; argument++) {
        const { order, shape } = inputs[argument];
        if (order < first || !nodes[order - first]) continue;
        const change = all ? all[argument] : (vjps as readonly VjpRule<S>[])[argument](ct, inputs, current);
        cotangents.give(order - first, shape, change);
      }
    } catch (error) {
      throw new PullbackError(current, callerOf?.(place), error);
    }
  }
  return nodes.slice(0, sources).map((source, place) => {
    const ct = source && cotangents.sum(place, source.shape);
    if (ct) seen?.(source, ct);
    return ct;
  });
}

/**
 * The nodes on a way from a source to the output, and whether something else that is recorded is behind it. What was made
 * before the sources depends on none of them, so that the walk is as long as what the function itself did.
 */
function between<S>(
  sources: readonly Variable<S>[],
  output: Variable<S>,
): { readonly path: Path<S>; readonly nested: boolean } {
  const first = sources[0]?.order ?? 0;
  const path = { first, sources: sources.length };
  let nested = sources.some(({ inputs: [input] }) => isRecorded(input));
  if (sources.length === 0 || output.order < first) {
    return { path: { ...path, nodes: [] }, nested: nested || isRecorded(output) };
  }
  const nodes = new Array<Variable<S> | undefined>(output.order - first + 1);
  for (const each of sources) nodes[each.order - first] = each;
  nodes[output.order - first] = output;
  const open = [output];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    if (current.order < first + sources.length) continue;
    for (const input of current.inputs) {
      const place = input.order - first;
      if (place < 0) nested ||= isRecorded(input);
      else if (!nodes[place]) {
        nodes[place] = input;
        open.push(input);
      }
    }
  }
  for (let place = sources.length; place < nodes.length; place++) {
    const current = nodes[place];
    if (!current || current.inputs.some(({ order }) => order >= first && nodes[order - first])) continue;
    nodes[place] = undefined;
    nested = true;
  }
  return { path: { ...path, nodes }, nested };
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
