import {
  type Arithmetic,
  addAt,
  broadcastTo,
  logSumExp,
  reshape,
  slice,
  softmax,
  type Tensor,
  take,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { dimensions, type RnnProblem } from "./problem.ts";

/** What the reduction divides by: 1, T·B or T·B·O. */
function divisor(problem: RnnProblem<Tensor<unknown>>): number {
  if (problem.reduction === "sum") return 1;
  const { T, B, O } = dimensions(problem);
  return problem.loss === "cross_entropy" ? T * B : T * B * O;
}

/** Where each step's class stands in outputs [L, B, O] seen as one row of numbers, for steps [start, end). */
function classRows(target: Int32Array, start: number, end: number, B: number, O: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < (end - start) * B; row++) rows.push(target[start * B + row] + row * O);
  return rows;
}

function maskRows<S>(mask: Tensor<S>, start: number, end: number): Tensor<S> {
  const part = slice(mask, start, end);
  return reshape(part, [part.shape[0] * part.shape[1], 1]);
}

/** loss ← J(ŷ, h), a scalar; and probabilities ← softmax(ŷ) of cross entropy, if it is asked for. */
export function evaluateLoss<S>(
  A: Arithmetic<S>,
  loss: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  states: Tensor<S>,
  outputs: Tensor<S> | undefined,
  probabilities?: Tensor<S>,
): void {
  const { T, B, O } = dimensions(problem);
  const [rows, total] = [T * B, reshape(loss, [1, 1])];
  if (problem.loss === "linear") {
    A.copy(loss, A.ratio(0, 1));
    if (problem.target.outputs && outputs) addInner(A, total, problem.target.outputs, outputs, problem.mask);
    if (problem.target.states) addInner(A, total, problem.target.states, slice(states, 1, T + 1), problem.mask);
    return;
  }
  if (!outputs) return;
  const terms = A.empty([rows, 1]);
  if (problem.loss === "cross_entropy") {
    const chosen = A.empty([rows]);
    const y = reshape(outputs, [rows, O]);
    if (probabilities) A.softmaxAndLogSumExp?.(reshape(probabilities, [rows, O]), terms, y);
    else logSumExp(A, terms, y);
    take(A, chosen, reshape(outputs, [rows * O]), classRows(problem.target, 0, T, B, O));
    A.binary(op.subtract, terms, terms, reshape(chosen, [rows, 1]));
  } else {
    const error = A.empty([T, B, O]);
    A.binary(op.subtract, error, outputs, problem.target);
    A.unary(op.square, error, error);
    A.sum(terms, reshape(error, [rows, O]), "write");
  }
  if (problem.mask) A.binary(op.multiply, terms, terms, maskRows(problem.mask, 0, T));
  A.sum(total, terms, "write");
  const halves = problem.loss === "half_squared_error" ? 2 : 1;
  A.binary(op.multiply, loss, loss, A.ratio(1, halves * divisor(problem)));
}

/** total [1, 1] ← total + Σ mask a b, for a and b [T, B, N]. */
function addInner<S>(
  A: Arithmetic<S>,
  total: Tensor<S>,
  a: Tensor<S>,
  b: Tensor<S>,
  mask: Tensor<S> | undefined,
): void {
  const products = A.empty(a.shape);
  A.binary(op.multiply, products, a, b);
  const rows = reshape(products, [a.shape[0] * a.shape[1], a.shape[2]]);
  if (mask) A.binary(op.multiply, rows, rows, maskRows(mask, 0, a.shape[0]));
  A.sum(total, rows, "accumulate");
}

/**
 * error [L, B, O] ← ∂J/∂ŷ_t for the steps [start, end):
 * softmax(ŷ) - onehot(y) for cross entropy, 2 (ŷ - y) for mse, ŷ - y for half the squared error, the given cotangent for a
 * linear loss; times the mask and 1 / (T·B) or 1 / (T·B·O) where the reduction is mean.
 *
 * @param probabilities - softmax(ŷ) [T, B, O] of all steps, where it is known.
 */
export function outputError<S>(
  A: Arithmetic<S>,
  error: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  outputs: Tensor<S>,
  start: number,
  end: number,
  probabilities?: Tensor<S>,
): void {
  const { B, O } = dimensions(problem);
  const rows = (end - start) * B;
  if (problem.loss === "cross_entropy") {
    if (probabilities) A.copy(error, slice(probabilities, start, end));
    else softmax(A, error, slice(outputs, start, end));
    const minusOne = broadcastTo(A.ratio(-1, 1), [rows]);
    addAt(A, reshape(error, [rows * O]), classRows(problem.target, start, end, B, O), minusOne);
  } else if (problem.loss === "linear") {
    A.copy(error, problem.target.outputs ? slice(problem.target.outputs, start, end) : A.ratio(0, 1));
  } else {
    A.binary(op.subtract, error, slice(outputs, start, end), slice(problem.target, start, end));
  }
  const twice = problem.loss === "mse" ? 2 : 1;
  if (twice !== 1 || divisor(problem) !== 1) A.binary(op.multiply, error, error, A.ratio(twice, divisor(problem)));
  if (problem.mask) {
    const masked = reshape(error, [rows, O]);
    A.binary(op.multiply, masked, masked, maskRows(problem.mask, start, end));
  }
}

/** error [L, B, H] ← error + the part of ∂J/∂h_t that does not pass through ŷ_t: a linear loss's cotangent of the states. */
export function addStateCotangent<S>(
  A: Arithmetic<S>,
  error: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  start: number,
  end: number,
): void {
  if (problem.loss !== "linear" || !problem.target.states) return;
  const cotangent = A.empty(error.shape);
  A.copy(cotangent, slice(problem.target.states, start, end));
  if (problem.mask) {
    const rows = reshape(cotangent, [error.shape[0] * error.shape[1], error.shape[2]]);
    A.binary(op.multiply, rows, rows, maskRows(problem.mask, start, end));
  }
  A.binary(op.add, error, error, cotangent);
}

/**
 * out [T, B, O] ← (∂e_t/∂ŷ_t) v: how e_t = ∂J/∂ŷ_t changes as ŷ_t moves along v, the loss's second derivative.
 * c (p ⊙ v − p ⟨p, v⟩) with p = softmax(ŷ) for cross entropy, 2 c v for mse, c v for half the squared error, 0 for a linear
 * loss; c has the mask and 1 / (T·B) or 1 / (T·B·O) where the reduction is mean.
 */
export function outputErrorDerivative<S>(
  A: Arithmetic<S>,
  out: Tensor<S>,
  problem: RnnProblem<Tensor<S>>,
  outputs: Tensor<S>,
  v: Tensor<S>,
): void {
  const [T, B, O] = out.shape;
  if (problem.loss === "linear") {
    A.copy(out, A.ratio(0, 1));
    return;
  }
  A.copy(out, v);
  if (problem.loss === "cross_entropy") {
    const [p, inner] = [A.empty(out.shape), A.empty([T, B, 1])];
    softmax(A, p, outputs);
    A.binary(op.multiply, out, out, p);
    A.sum(inner, out, "write");
    A.binary(op.multiply, p, p, inner);
    A.binary(op.subtract, out, out, p);
  }
  A.binary(op.multiply, out, out, A.ratio(problem.loss === "mse" ? 2 : 1, divisor(problem)));
  if (problem.mask) {
    const masked = reshape(out, [T * B, O]);
    A.binary(op.multiply, masked, masked, maskRows(problem.mask, 0, T));
  }
}
