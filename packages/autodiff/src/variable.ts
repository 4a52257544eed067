import { type Arithmetic, broadcastTo, type Tensor } from "@gradproof/arithmetic";

/**
 * One product of an operation with the Jacobian of one input, itself differentiable. As a vjp, from the cotangent of the
 * output to that of the input, ȳ ↦ Jᵀ ȳ; as a jvp, from the tangent of the input to that of the output, ẋ ↦ J ẋ. It reads
 * inputs and output from its arguments: they are not the same objects in every transform.
 */
export type Rule<S> = (change: Variable<S>, inputs: readonly Variable<S>[], output: Variable<S>) => Variable<S>;

/** A {@link Rule} for cotangents, which may leave what it gives to be summed with those of other uses of the input. */
export type VjpRule<S> = (...given: Parameters<Rule<S>>) => Variable<S> | Term<S>;

/** One rule per input, or all cotangents at once. */
export type Vjps<S> =
  | readonly VjpRule<S>[]
  | ((cotangent: Variable<S>, inputs: readonly Variable<S>[], output: Variable<S>) => readonly Variable<S>[]);

/** One rule per input, the tangents being added; or the tangent from those of all inputs, undefined where one has none. */
export type Jvps<S> =
  | readonly Rule<S>[]
  | ((
      tangents: readonly (Variable<S> | undefined)[],
      inputs: readonly Variable<S>[],
      output: Variable<S>,
    ) => Variable<S>);

/** A value and how it was computed: a node of the graph, never changed once made. Gradients are not kept on it. */
export interface Variable<S> {
  readonly arithmetic: Arithmetic<S>;
  readonly value: Tensor<S>;
  readonly shape: readonly number[];
  /** The operation that made it, "variable" for a leaf, "input" for what a gradient is being taken with respect to. */
  readonly operation: string;
  /** What it was computed from, where an input of a gradient is behind it; else nothing, so that no history is kept in vain. */
  readonly inputs: readonly Variable<S>[];
  readonly vjps: Vjps<S>;
  /**
   * Its place in the order in which variables were made, inputs before outputs, if an input of a gradient is behind it;
   * else 0. A backward sweep is in the reverse order, so that sums have the same bits however the graph was found.
   */
  readonly order: number;
  /** The order of the first input of the innermost gradient among those with an input behind it; else 0. */
  readonly since: number;
  /** How cotangents of its uses are left as terms, if it is {@link shared}. */
  readonly sums?: Sums<S>;
  /** Its derivative along the direction of a {@link jvp} being taken. */
  readonly dual?: Dual<S> | undefined;
}

/** A value with its derivative along one direction: primal + ε tangent, ε² = 0, one ε for each jvp. */
export interface Dual<S> {
  /** Which ε: the jvp inside another has the greater number. */
  readonly tag: number;
  /** The value as it was outside the jvp. */
  readonly primal: Variable<S>;
  readonly tangent: Variable<S>;
  readonly forward: Forward;
}

/** What is done with variables that have tangents; given by jvp, so that only who takes one loads it. */
export interface Forward {
  /** The output of an operation, with its tangent, from the output without. */
  carry<S>(plain: Variable<S>, inputs: readonly Variable<S>[], vjps: Vjps<S>, jvps: Jvps<S>): Variable<S>;
  /** The variable and its tangent, each without history. */
  withoutHistory<S>(a: Variable<S>, dual: Dual<S>): Variable<S>;
}

/**
 * The cotangent that one use of a variable has for it, not formed yet: terms of one kind are summed at once, where many
 * uses would need a tensor for each.
 */
export interface Term<S> {
  /** The sum, of a variable's shape, of `base` and terms of this kind, which are in the order of the uses. */
  readonly total: (shape: readonly number[], terms: readonly Term<S>[], base?: Variable<S>) => Variable<S>;
}

/** Cotangents of one use of a variable as terms, or formed where there is nothing to sum. */
export interface Sums<S> {
  /** left right, summed down to the shape. */
  product(left: Variable<S>, right: Variable<S>, shape: readonly number[]): Variable<S> | Term<S>;
  /** What broadcasting repeated from that shape. */
  repeated(change: Variable<S>, shape: readonly number[]): Variable<S> | Term<S>;
}

/** A leaf holding a tensor, which must not change while the graph is in use. */
export function wrap<S>(arithmetic: Arithmetic<S>, value: Tensor<S>): Variable<S> {
  return node(arithmetic, "variable", value, [], [], []);
}

/**
 * A leaf holding the numbers exactly, in row-major order; a vector unless a shape is given.
 *
 * @throws LiftError where the arithmetic cannot hold one of the numbers.
 * @example
 * ```ts
 * const x = variable(float64, [1, 2, 3, 4], [2, 2]);
 * ```
 */
export function variable<S>(
  arithmetic: Arithmetic<S>,
  values: ArrayLike<number>,
  shape: readonly number[] = [values.length],
): Variable<S> {
  return wrap(arithmetic, arithmetic.lift(values, shape));
}

/** Zeros of the variable's shape. */
export function zerosLike<S>(a: Variable<S>): Variable<S> {
  return wrap(a.arithmetic, broadcastTo(a.arithmetic.ratio(0, 1), a.shape));
}

/**
 * A node of the graph: what an operation returns. It remembers its inputs only while a gradient is being recorded, and if
 * an input of one is behind one of them: those are made when a gradient is asked for, so that nothing made before can come
 * to depend on them.
 */
export function node<S>(
  arithmetic: Arithmetic<S>,
  operation: string,
  value: Tensor<S>,
  inputs: readonly Variable<S>[],
  vjps: Vjps<S>,
  jvps: Jvps<S>,
): Variable<S> {
  let since = 0;
  let own = arithmetic;
  for (const { order, since: before, arithmetic: other } of inputs) {
    if (order > made) throw copyError(operation);
    if (recording && before > since) since = before;
    if (other !== own && standsFor(other) === own) own = other;
  }
  const plain: Variable<S> = {
    arithmetic: own,
    value,
    shape: value.shape,
    operation,
    inputs: since ? inputs : none,
    vjps: since ? vjps : none,
    order: since ? next(operation) : 0,
    since,
    dual: undefined,
  };
  for (const { dual } of inputs) if (dual) return dual.forward.carry(plain, inputs, vjps, jvps);
  return plain;
}

/** Who loads the package twice differentiates with one copy what the other does not see being differentiated. */
function copyError(operation: string): Error {
  return new TypeError(`${operation}: an input of another copy of @gradproof/autodiff`);
}

/** How many variables with a history were made. */
let made = 0;

/** What the next variable with a history will have as its order. */
export function nextOrder(): number {
  return made + 1;
}

/** Told the operation of each variable with a history as it is made. */
let watcher: ((operation: string) => void) | undefined;

function next(operation: string): number {
  watcher?.(operation);
  return ++made;
}

/** Runs `body`, `told` being called from within what makes a variable with a history. */
export function watched(told: (operation: string) => void, body: () => void): void {
  watcher = told;
  try {
    body();
  } finally {
    watcher = undefined;
  }
}

/** Whether a gradient is being taken of what runs now: outside of one, and in a backward sweep that none is around, nobody asks for a history. */
let recording = false;

export function isRecording(): boolean {
  return recording;
}

/** Runs `body` with histories being kept. */
export function recorded<T>(body: () => T): T {
  const before = recording;
  recording = true;
  try {
    return body();
  } finally {
    recording = before;
  }
}

const none: readonly never[] = [];

/** An input of a gradient: the same value, with the cotangent passed on to what it stands for. */
export function source<S>(a: Variable<S>, since: number): Variable<S> {
  const operation = "input";
  return { ...a, operation, inputs: [a], vjps: [same], order: next(operation), since };
}

function same<S>(change: Variable<S>): Variable<S> {
  return change;
}

/** Whether it is part of a gradient or a jvp that is being taken. */
export function isDifferentiated<S>({ order, dual }: Variable<S>): boolean {
  return order > 0 || dual !== undefined;
}

/** The value without its history: a constant to every gradient, also to one of a gradient, and to every jvp. */
export function stopGradient<S>(a: Variable<S>): Variable<S> {
  return !isDifferentiated(a) ? a : wrap(a.arithmetic, a.value);
}

/** An arithmetic that takes another one's place while a function is compiled. */
export interface StandIn<S> extends Arithmetic<S> {
  readonly standsFor: Arithmetic<S>;
}

function standsFor<S>(arithmetic: Arithmetic<S>): Arithmetic<S> | undefined {
  return (arithmetic as Partial<StandIn<S>>).standsFor;
}

/** Whether a function is being recorded with it. */
export function isStandIn<S>(arithmetic: Arithmetic<S>): boolean {
  return standsFor(arithmetic) !== undefined;
}

/** The arithmetic of two variables that meet in an operation; the stand-in, where a constant meets what is compiled. */
export function commonArithmetic<S>(operation: string, a: Variable<S>, b: Variable<S>): Arithmetic<S> {
  if (a.arithmetic === b.arithmetic || standsFor(a.arithmetic) === b.arithmetic) return a.arithmetic;
  if (standsFor(b.arithmetic) === a.arithmetic) return b.arithmetic;
  throw new TypeError(
    `${operation}: variables of ${a.arithmetic.name} and ${b.arithmetic.name}; expected the same instance`,
  );
}

/** The arithmetic of several variables, at least one, that meet in an operation. */
export function arithmeticOf<S>(operation: string, variables: readonly Variable<S>[]): Arithmetic<S> {
  let chosen = variables[0];
  for (const next of variables) {
    if (commonArithmetic(operation, chosen, next) !== chosen.arithmetic) chosen = next;
  }
  return chosen.arithmetic;
}
