import {
  logSumExp as logSumExpRows,
  ShapeError,
  softmax as softmaxRows,
  type Tensor,
  transpose as transposeView,
} from "@gradproof/arithmetic";
import { node, type Rule, type Variable } from "../variable.ts";
import { sumTo } from "./broadcasting.ts";
import { multiply, subtract } from "./elementwise.ts";
import { reshape } from "./layout.ts";
import type { ReductionOptions } from "./reduction.ts";
import { take } from "./selection.ts";
import { axisOf } from "./shape.ts";

/** Softmax and log-sum-exp along one axis, the last if none is given, and the loss made of them; finite for logits of any size. */

/** p = softmax a        da = p ⊙ (ȳ − Σ p ȳ) */
export function softmax<S>(a: Variable<S>, axis = -1): Variable<S> {
  const A = a.arithmetic;
  const along = axisOf("softmax", axis, a.shape);
  const value = A.empty(a.shape);
  softmaxRows(A, axisLast(value, along), axisLast(a.value, along));
  // The Jacobian is symmetric: one rule is vjp and jvp.
  const softmaxRule: Rule<S> = (change, _, p) => {
    const weighted = multiply(p, change);
    return subtract(weighted, multiply(p, sumTo(weighted, p.shape.with(along, 1))));
  };
  return node(A, "softmax", value, [a], [softmaxRule], [softmaxRule]);
}

/** log Σ exp a        da = softmax(a) ȳ */
export function logSumExp<S>(
  a: Variable<S>,
  axis = -1,
  { keepDimensions = false }: ReductionOptions = {},
): Variable<S> {
  const A = a.arithmetic;
  const along = axisOf("logSumExp", axis, a.shape);
  const value = A.empty(a.shape.with(along, 1));
  logSumExpRows(A, axisLast(value, along), axisLast(a.value, along));
  const logSumExpVjp: Rule<S> = (ct, [z]) => multiply(softmax(z, along), ct);
  const logSumExpJvp: Rule<S> = (tangent, [z], { shape }) => sumTo(multiply(softmax(z, along), tangent), shape);
  const total = node(A, "logSumExp", value, [a], [logSumExpVjp], [logSumExpJvp]);
  return keepDimensions ? total : reshape(total, a.shape.toSpliced(along, 1));
}

/**
 * −log softmax(logits)[class] of each row: logits [N, O], N classes, to [N].
 *
 * @throws ShapeError for logits of another rank or another number of classes.
 * @throws RangeError for a class that is not an integer in [0, O).
 */
export function softmaxCrossEntropy<S>(logits: Variable<S>, classes: ArrayLike<number>): Variable<S> {
  const [rows, width] = logits.shape;
  if (logits.shape.length !== 2 || classes.length !== rows) {
    throw new ShapeError("softmaxCrossEntropy", "logits [N, O] and N classes", logits.shape, [classes.length]);
  }
  const places = Array.from(classes, (label, row) => {
    if (!(Number.isInteger(label) && label >= 0 && label < width)) {
      throw new RangeError(`softmaxCrossEntropy: class ${label} at row ${row}; expected an integer in [0, ${width})`);
    }
    return row * width + label;
  });
  const chosen = take(reshape(logits, [rows * width]), places);
  return subtract(logSumExp(logits), chosen);
}

/** A view with that axis behind the others, where the kernels look for rows. */
function axisLast<S>(t: Tensor<S>, axis: number): Tensor<S> {
  return transposeView(t, [...[...t.shape.keys()].toSpliced(axis, 1), axis]);
}
