import type { Arithmetic, Tensor } from "@gradproof/arithmetic";

/** Numbers in row-major order. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/**
 * Weights of h_t = f(W_xh x_t + b_xh + W_hh h_{t-1} + b_hh), ŷ_t = W_hy h_t + b_y.
 * The biases are optional; torch.nn.RNN has two, and so has this.
 */
export interface RnnParameters<V> {
  /** [H, I] */
  readonly Wxh: V;
  /** [H, H] */
  readonly Whh: V;
  /** [O, H]; may be absent where the loss is a linear function of the states alone. */
  readonly Why?: V | undefined;
  /** [H] */
  readonly bxh?: V | undefined;
  /** [H] */
  readonly bhh?: V | undefined;
  /** [O] */
  readonly by?: V | undefined;
}

export const parameterNames = ["Wxh", "Whh", "Why", "bxh", "bhh", "by"] as const;
export type ParameterName = (typeof parameterNames)[number];

export type Nonlinearity = "tanh" | "relu";
export type Reduction = "sum" | "mean";

/** J and what it compares with; masks weigh the terms of a step, and `mean` divides by T·B or T·B·O, masked or not. */
export type Loss<V> =
  /** Σ -log softmax(ŷ)[target]; classes [T, B] in row-major order; mean over T·B. */
  | { readonly loss: "cross_entropy"; readonly reduction: Reduction; readonly target: Int32Array }
  /** Σ (ŷ - y)²; target [T, B, O]; mean over T·B·O. */
  | { readonly loss: "mse"; readonly reduction: Reduction; readonly target: V }
  /** Σ ½ (ŷ - y)², the lecture notes' loss; target [T, B, O]; mean over T·B·O. */
  | { readonly loss: "half_squared_error"; readonly reduction: Reduction; readonly target: V }
  /** ⟨outputs, ŷ⟩ + ⟨states, h⟩: a loss known by its gradient; outputs [T, B, O], states [T, B, H] for h_1 to h_T. */
  | { readonly loss: "linear"; readonly reduction: "sum"; readonly target: LinearTarget<V> };

export interface LinearTarget<V> {
  readonly outputs?: V | undefined;
  readonly states?: V | undefined;
}

/**
 * One training problem of a vanilla (Elman) RNN over T steps, B sequences, I inputs, H hidden units and O outputs:
 * plain numbers as {@link NumericArray}, or tensors of an arithmetic.
 */
export type RnnProblem<V> = Loss<V> & {
  readonly nonlinearity: Nonlinearity;
  readonly parameters: RnnParameters<V>;
  /** x [T, B, I] */
  readonly x: V;
  /** h_0 [B, H] */
  readonly h0: V;
  /** Weight of each step of each sequence in the loss [T, B]; 1 where absent. */
  readonly mask?: V | undefined;
};

/** The gradient of J with respect to each parameter that the problem has, to h_0 and to x; shapes as theirs. */
export type RnnGradient<V> = RnnParameters<V> & { readonly h0: V; readonly x: V };

export interface Dimensions {
  /** steps */
  readonly T: number;
  /** sequences in the batch */
  readonly B: number;
  /** inputs */
  readonly I: number;
  /** hidden units */
  readonly H: number;
  /** outputs; 0 without a readout */
  readonly O: number;
}

export function dimensions(problem: RnnProblem<{ readonly shape: readonly number[] }>): Dimensions {
  const [T, B, I] = problem.x.shape;
  return { T, B, I, H: problem.h0.shape[1], O: problem.parameters.Why?.shape[0] ?? 0 };
}

/** The parameters that are there, each replaced. */
export function mapParameters<V, W>(
  parameters: RnnParameters<V>,
  replace: (value: V, name: ParameterName) => W,
): RnnParameters<W> {
  const mapped: { [name in ParameterName]?: W } = {};
  for (const name of parameterNames) {
    const value = parameters[name];
    if (value !== undefined) mapped[name] = replace(value, name);
  }
  return mapped as RnnParameters<W>;
}

/** The problem with every array replaced. */
export function mapProblem<V, W>(problem: RnnProblem<V>, replace: (value: V, name: string) => W): RnnProblem<W> {
  const optional = (value: V | undefined, name: string) => (value === undefined ? undefined : replace(value, name));
  const common = {
    nonlinearity: problem.nonlinearity,
    parameters: mapParameters(problem.parameters, replace),
    x: replace(problem.x, "x"),
    h0: replace(problem.h0, "h0"),
    mask: optional(problem.mask, "mask"),
  };
  switch (problem.loss) {
    case "cross_entropy":
      return { ...common, loss: problem.loss, reduction: problem.reduction, target: problem.target };
    case "linear": {
      const { outputs, states } = problem.target;
      const target = { outputs: optional(outputs, "target.outputs"), states: optional(states, "target.states") };
      return { ...common, loss: problem.loss, reduction: problem.reduction, target };
    }
    default:
      return { ...common, loss: problem.loss, reduction: problem.reduction, target: replace(problem.target, "target") };
  }
}

/**
 * The problem in a number system, every number exact.
 *
 * @throws ProblemError where shapes disagree; LiftError where the arithmetic cannot hold a number.
 */
export function liftProblem<S>(A: Arithmetic<S>, problem: RnnProblem<NumericArray>): RnnProblem<Tensor<S>> {
  checkProblem(problem);
  return mapProblem(problem, ({ data, shape }) => A.lift(data, shape));
}

/** A problem whose parts do not fit together. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly part: string;
  constructor(part: string, problem: string) {
    super(`problem: ${part} ${problem}`);
    this.part = part;
  }
}

/**
 * @throws ProblemError that names the first part whose shape or value does not fit x [T, B, I] and h_0 [B, H], or that
 * holds a number which is not finite.
 */
export function checkProblem(problem: RnnProblem<NumericArray>): void {
  if (problem.x.shape.length !== 3) throw new ProblemError("x", `has shape [${problem.x.shape}]; expected [T, B, I]`);
  if (problem.h0.shape.length !== 2) throw new ProblemError("h0", `has shape [${problem.h0.shape}]; expected [B, H]`);
  const { T, B, I, H, O } = dimensions(problem);
  if (Math.min(T, B, I, H) < 1) {
    throw new ProblemError("x and h0", "have an axis of length 0; expected T, B, I, H >= 1");
  }
  checkChoice("nonlinearity", problem.nonlinearity, ["tanh", "relu"]);
  checkChoice("loss", problem.loss, ["cross_entropy", "mse", "half_squared_error", "linear"]);
  checkChoice("reduction", problem.reduction, problem.loss === "linear" ? ["sum"] : ["sum", "mean"]);
  checkReadout(problem, O);
  const shapes: Record<string, readonly number[]> = {
    Wxh: [H, I],
    Whh: [H, H],
    Why: [O, H],
    bxh: [H],
    bhh: [H],
    by: [O],
    x: [T, B, I],
    h0: [B, H],
    mask: [T, B],
    target: [T, B, O],
    "target.outputs": [T, B, O],
    "target.states": [T, B, H],
  };
  mapProblem(problem, ({ shape, data }, part) => {
    const expected = shapes[part];
    if (shape.length !== expected.length || shape.some((length, axis) => length !== expected[axis])) {
      throw new ProblemError(part, `has shape [${shape.join(", ")}]; expected [${expected.join(", ")}]`);
    }
    const size = expected.reduce((product, length) => product * length, 1);
    if (data.length !== size) throw new ProblemError(part, `has ${data.length} numbers; expected ${size}`);
    const wrong = data.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      throw new ProblemError(part, `has ${data[wrong]} at [${indexOf(wrong, shape)}]; expected finite numbers`);
    }
  });
  checkLoss(problem, T * B, O);
}

/** What the types say, for those who come without them: another value would be taken for one of these. */
function checkChoice(part: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw new ProblemError(part, `is "${value}"; expected ${choices.join(" or ")}`);
}

function checkReadout(problem: RnnProblem<NumericArray>, outputs: number): void {
  const { Why, by } = problem.parameters;
  const needsReadout = problem.loss !== "linear" || problem.target.outputs !== undefined;
  if (needsReadout && !Why) throw new ProblemError("Why", `is missing; expected for the loss ${problem.loss}`);
  if (by && !Why) throw new ProblemError("by", "is there without Why; expected both or neither");
  if (Why && outputs < 1) throw new ProblemError("Why", `has shape [${Why.shape.join(", ")}]; expected O >= 1`);
}

function checkLoss(problem: RnnProblem<NumericArray>, steps: number, classes: number): void {
  if (problem.loss === "linear" && !problem.target.outputs && !problem.target.states) {
    throw new ProblemError("target", "is empty; expected outputs or states");
  }
  if (problem.loss !== "cross_entropy") return;
  if (problem.target.length !== steps) {
    throw new ProblemError("target", `has ${problem.target.length} classes; expected T·B = ${steps}`);
  }
  const wrong = problem.target.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new ProblemError("target", `has class ${problem.target[wrong]} at ${wrong}; expected 0 to ${classes - 1}`);
  }
}

/** The index, axis by axis, of an element given by its place in row-major order. */
function indexOf(place: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = place;
  for (const length of [...shape].reverse()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index.join(", ");
}
