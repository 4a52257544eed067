import { sizeOf } from "@gradproof/arithmetic";
import { type Inputs, variablesOf } from "../transforms/inputs.ts";
import { pullBack, record } from "../transforms/reverse.ts";
import { type Variable, wrap } from "../variable.ts";

/** A node of a function's graph, as plain data. */
export interface TracedNode {
  /** Its place among the nodes, inputs of a node before it. */
  readonly id: number;
  readonly operation: string;
  /** The name of an input: its place in a list, its name in a record. */
  readonly name?: string;
  /** Ids of what it was computed from; what no gradient reaches is not among the nodes. */
  readonly inputs: readonly number[];
  readonly shape: readonly number[];
  /** Row-major, as `lower` gives them. */
  readonly values: readonly number[];
  /** The gradient of the result with respect to it; absent where none reaches it. */
  readonly gradient?: readonly number[];
}

/**
 * The graph of a function between its inputs and its result, with values and gradients, for looking at.
 *
 * @param cotangent - what the gradients are pulled back from; ones of the result's shape unless given.
 * @example
 * ```ts
 * const x = variable(float64, [3], []);
 * const nodes = trace((x: Variable<Float64Array>) => multiply(x, square(x)), x);
 * console.log(nodes.map(({ operation, gradient }) => `${operation} ${gradient}`).join(", ")); // -> input 27, square 3, multiply 1
 * ```
 */
export function trace<S, I extends Inputs<S>>(
  f: (inputs: I) => Variable<S>,
  inputs: I,
  cotangent?: Variable<S>,
): TracedNode[] {
  const { own, value, ...recording } = record(f, inputs);
  const A = value.arithmetic;
  const ones = () => wrap(A, A.lift(new Float64Array(sizeOf(value.shape)).fill(1), value.shape));
  const gradients = new Map<Variable<S>, Variable<S>>();
  const keep = (node: Variable<S>, ct: Variable<S>) => gradients.set(node, ct);
  const cotangentOf = pullBack(recording, value, cotangent ?? ones(), () => record(f, inputs), keep);

  const all = variablesOf<S>(own);
  for (const input of all) {
    const ct = cotangentOf(input);
    if (ct) keep(input, ct);
  }
  const names = new Map(all.map((input, i) => [input, nameOf<S>(own, i)]));
  const reached = new Set([...all, value]);
  // What is added on the way is gone through too.
  for (const node of reached) {
    if (node.order >= recording.start)
      for (const input of node.inputs) if (input.since >= recording.first) reached.add(input);
  }
  const nodes = [...reached].sort((a, b) => a.order - b.order);
  const ids = new Map(nodes.map((node, id) => [node, id]));
  return nodes.map((node, id) => {
    const gradient = gradients.get(node);
    const name = names.get(node);
    return {
      id,
      operation: node.operation,
      ...(name !== undefined && { name }),
      inputs: names.has(node) ? [] : node.inputs.flatMap((input) => ids.get(input) ?? []),
      shape: node.shape,
      values: [...A.lower(node.value)],
      ...(gradient && { gradient: [...A.lower(gradient.value)] }),
    };
  });
}

function nameOf<S>(inputs: Inputs<S>, place: number): string {
  return Array.isArray(inputs) || !("order" in inputs && typeof inputs.order === "number")
    ? Object.keys(inputs)[place]
    : "";
}
