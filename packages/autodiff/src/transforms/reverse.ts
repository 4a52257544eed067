import { ShapeError } from "@gradproof/arithmetic";
import { add } from "../operations/elementwise.ts";
import {
  commonArithmetic,
  isRecording,
  nextOrder,
  recorded,
  source,
  type Term,
  type Variable,
  type VjpRule,
  wrap,
  zerosLike,
} from "../variable.ts";
import { withoutHistory } from "./history.ts";
import { checkChange, type Inputs, mapInputs } from "./inputs.ts";
import { pullbackError } from "./pullback-error.ts";

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
 * @throws PullbackError from the pullback where a rule fails: the function is then run once more, for the stack of the
 *   call of the operation.
 */
export function vjp<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  inputs: I,
): { readonly value: Variable<S>; readonly pullback: (cotangent: Variable<S>) => I } {
  const { own, value, ...recording } = record(f, inputs);
  return {
    value: asAsked(value),
    pullback(cotangent) {
      commonArithmetic("pullback", value, cotangent);
      checkChange("pullback", "a cotangent of the value's shape", cotangent, value);
      const cotangentOf = pullBack(recording, value, cotangent, () => record(f, inputs));
      return mapInputs<S, I>(own, (input) => asAsked(cotangentOf(input) ?? zerosLike(input)));
    },
  };
}

/** With its history while a gradient around this one is recorded, else without. */
function asAsked<S>(a: Variable<S>): Variable<S> {
  return isRecording() ? a : withoutHistory(a);
}

/** What was made while a function ran. */
export interface Recording {
  /** The order of the first of its inputs, which follow each other. */
  readonly first: number;
  /** The order of what was made first of them. */
  readonly start: number;
}

/** A function's inputs as it saw them, and its value, with the graph between. */
export function record<S, I extends Inputs<S>>(f: (inputs: I) => Variable<S>, inputs: I) {
  const first = nextOrder();
  const own = mapInputs<S, I>(inputs, (input) => source(input, first));
  const start = nextOrder();
  return { first, start, own, value: recorded(() => f(own)) };
}

/** The cotangent of a variable on its way back: what is formed of it, and terms that are not yet, the last use first. */
interface Gathered<S> {
  readonly node: Variable<S>;
  sum: Variable<S> | undefined;
  terms: Term<S>[] | undefined;
}

/**
 * Cotangents of what depends on the inputs: a sweep over those variables, the last made first, which ends before the
 * inputs and answers with theirs. What the rules compute is itself a graph, kept only while a gradient around this one is
 * recorded.
 *
 * @param again - runs the function once more.
 * @param seen - told the cotangent of each.
 */
export function pullBack<S>(
  { first, start }: Recording,
  output: Variable<S>,
  cotangent: Variable<S>,
  again: () => void,
  seen?: (node: Variable<S>, cotangent: Variable<S>) => void,
): (input: Variable<S>) => Variable<S> | undefined {
  const all: (Gathered<S> | undefined)[] = new Array(Math.max(0, output.order - first + 1));

  /** Adds what one use gives. Terms gather as long as they are of one kind. */
  function give(node: Variable<S>, change: Variable<S> | Term<S>): void {
    const gathered = all[node.order - first] ?? { node, sum: undefined, terms: undefined };
    all[node.order - first] = gathered;
    const { sum, terms } = gathered;
    if (!("total" in change)) gathered.sum = sum ? add(sum, change) : change;
    else if (terms?.[0].total === change.total) terms.push(change);
    else {
      gathered.sum = formed(gathered);
      gathered.terms = [change];
    }
  }

  if (output.since >= first) give(output, cotangent);
  for (let order = output.order; order >= start; order--) {
    const gathered = all[order - first];
    if (!gathered) continue;
    // Those of a long chain are freed on the way.
    all[order - first] = undefined;
    const { node } = gathered;
    const { inputs, vjps } = node;
    try {
      const ct = formed(gathered) as Variable<S>;
      seen?.(node, ct);
      const changes = typeof vjps === "function" ? vjps(ct, inputs, node) : undefined;
      for (let i = 0; i < inputs.length; i++) {
        if (inputs[i].since < first) continue;
        give(inputs[i], changes ? changes[i] : (vjps as readonly VjpRule<S>[])[i](ct, inputs, node));
      }
    } catch (cause) {
      throw pullbackError(node, cause, order - first, again);
    }
  }
  return ({ order }) => {
    const gathered = all[order - first];
    return gathered && formed(gathered);
  };
}

function formed<S>({ node, sum, terms }: Gathered<S>): Variable<S> | undefined {
  return terms ? terms[0].total(node.shape, terms.reverse(), sum) : sum;
}
