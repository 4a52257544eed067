import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { mapParameters, parameterNames, type RnnParameters } from "@gradproof/rnn";

/** What a rule sees of one parameter at one step: tensors of the parameter's shape unless said otherwise. */
export interface Slot<S> {
  /** w, overwritten. */
  readonly parameter: Tensor<S>;
  /** g = ∂J/∂w, left as it is. */
  readonly gradient: Tensor<S>;
  /** η [] */
  readonly learningRate: Tensor<S>;
  /** What the rule keeps of this parameter from step to step, by name; overwritten. */
  readonly memory: Readonly<Record<string, Tensor<S>>>;
  /** β^t [] of every β that the rule names; t = 1 at the first step. */
  readonly powers: Readonly<Record<string, Tensor<S>>>;
}

/** A rule of descent over one number system: equations on one parameter, the same for all of them. */
export interface Rule<S> {
  /** What it keeps of each parameter; 0 before the first step. */
  readonly memory: readonly string[];
  /** The scalars β [] of which it needs the t-th power, by name. */
  readonly powers: Readonly<Record<string, Tensor<S>>>;
  readonly update: (A: Arithmetic<S>, slot: Slot<S>) => void;
}

/** What a rule keeps from step to step. */
export interface OptimiserState<V> {
  /** By the rule's name for it, then by parameter. */
  readonly memory: Readonly<Record<string, RnnParameters<V>>>;
  /** β^t [] after t steps, by name. */
  readonly powers: Readonly<Record<string, V>>;
}

/** The state before the first step, on tensors that outlive a scope only if this is called outside one. */
export function initialState<S>(
  A: Arithmetic<S>,
  rule: Rule<S>,
  parameters: RnnParameters<Tensor<S>>,
): OptimiserState<Tensor<S>> {
  const filled = (shape: readonly number[], value: number): Tensor<S> => {
    const tensor = A.empty(shape);
    A.scope(() => A.copy(tensor, A.ratio(value, 1)));
    return tensor;
  };
  return {
    memory: Object.fromEntries(
      rule.memory.map((name) => [name, mapParameters(parameters, ({ shape }) => filled(shape, 0))]),
    ),
    powers: Object.fromEntries(Object.keys(rule.powers).map((name) => [name, filled([], 1)])),
  };
}

/**
 * One step against the gradient: every parameter that is there and the state are overwritten.
 *
 * @param learningRate - η, a scalar [].
 * @example
 * ```ts
 * const rule = optimiser(float64, { kind: "momentum", momentum: 0.5 });
 * const Wxh = float64.lift([1], [1, 1]);
 * const Whh = float64.lift([2], [1, 1]);
 * const parameters = { Wxh, Whh };
 * const state = initialState(float64, rule, parameters);
 * for (let step = 0; step < 2; step++) descend(float64, rule, parameters, parameters, state, float64.ratio(1, 8));
 * console.log(float64.lower(Wxh)[0], float64.lower(Whh)[0]); // -> 0.703125 1.40625
 * ```
 */
export function descend<S>(
  A: Arithmetic<S>,
  rule: Rule<S>,
  parameters: RnnParameters<Tensor<S>>,
  gradient: RnnParameters<Tensor<S>>,
  { memory, powers }: OptimiserState<Tensor<S>>,
  learningRate: Tensor<S>,
): void {
  for (const [name, power] of Object.entries(powers)) A.binary(op.multiply, power, power, rule.powers[name]);
  for (const name of parameterNames) {
    const [parameter, g] = [parameters[name], gradient[name]];
    if (!parameter || !g) continue;
    const kept = Object.fromEntries(rule.memory.map((kind) => [kind, memory[kind][name] as Tensor<S>]));
    A.scope(() => rule.update(A, { parameter, gradient: g, learningRate, memory: kept, powers }));
  }
}
