import { type Arithmetic, softmax as softmaxRows, type Tensor, transpose } from "@gradproof/arithmetic";
import { logSumExp, softmax, softmaxCrossEntropy } from "../../src/operations/softmax.ts";
import { assemble, binary, elements } from "../tensors.ts";
import { type ClosedForm, type Operation, range } from "./operation.ts";

const rows = [[[2, 4]], [[3]], [[2, 1, 3]]];
const classes = [2, 0, 2];

// Differences of inputs are up to 2 range: an error of theirs is an error of the exponent.
const finite = { magnitude: 2 * range, roundings: 16 } as const;

/** Row by row Jᵀ ȳ with J = diag(p) − p pᵀ, entry by entry. */
const softmaxCotangent: ClosedForm = (A, [x], y, ct) => {
  const [p, c] = [elements(y), elements(ct)];
  const width = x.shape[x.shape.length - 1];
  const scalars = p.map((pi, i) => {
    const start = i - (i % width);
    let total = A.ratio(0, 1);
    for (let j = start; j < start + width; j++) {
      const delta = A.ratio(i === j ? 1 : 0, 1);
      const entry = binary(A, "multiply", pi, binary(A, "subtract", delta, p[j]));
      total = binary(A, "add", total, binary(A, "multiply", entry, c[j]));
    }
    return total;
  });
  return [assemble(A, scalars, x.shape)];
};

/** softmax(x) ȳ, for ȳ of one element a row */
const logSumExpCotangent: ClosedForm = (A, [x], _y, ct) => {
  const p = A.empty(x.shape);
  softmaxRows(A, p, x);
  const width = x.shape[x.shape.length - 1];
  const c = elements(ct);
  const scalars = elements(p).map((pi, i) => binary(A, "multiply", pi, c[Math.floor(i / width)]));
  return [assemble(A, scalars, x.shape)];
};

/** (softmax(x) − onehot) ȳ */
const crossEntropyCotangent: ClosedForm = (A, [x], _y, ct) => {
  const p = A.empty(x.shape);
  softmaxRows(A, p, x);
  const width = x.shape[1];
  const c = elements(ct);
  const scalars = elements(p).map((pi, i) => {
    const row = Math.floor(i / width);
    const onehot = A.ratio(classes[row] === i % width ? 1 : 0, 1);
    return binary(A, "multiply", binary(A, "subtract", pi, onehot), c[row]);
  });
  return [assemble(A, scalars, x.shape)];
};

/** The closed form of a matrix's rows for its columns. */
const onColumns =
  (closedForm: ClosedForm): ClosedForm =>
  (A, [x], y, ct) =>
    closedForm(A, [turned(A, x)], turned(A, y), turned(A, ct)).map((t) => transpose(t));

/** A matrix transposed, in memory of its own; a vector as it is. */
function turned<S>(A: Arithmetic<S>, t: Tensor<S>): Tensor<S> {
  if (t.shape.length < 2) return t;
  return assemble(A, elements(transpose(t)), transpose(t).shape);
}

export const softmaxOperations: readonly Operation[] = [
  { ...finite, name: "softmax", apply: ([a]) => softmax(a), shapes: rows, exact: softmaxCotangent },
  {
    ...finite,
    name: "softmax, along axis 0",
    apply: ([a]) => softmax(a, 0),
    shapes: [[[3, 2]], [[3, 3]]],
    exact: onColumns(softmaxCotangent),
  },
  { ...finite, name: "logSumExp", apply: ([a]) => logSumExp(a), shapes: rows, exact: logSumExpCotangent },
  {
    ...finite,
    name: "logSumExp, along axis 0",
    apply: ([a]) => logSumExp(a, 0),
    shapes: [[[3, 2]], [[3, 3]]],
    exact: onColumns(logSumExpCotangent),
  },
  {
    ...finite,
    name: "logSumExp, along an axis that stays",
    apply: ([a]) => logSumExp(a, -1, { keepDimensions: true }),
    shapes: rows,
    exact: logSumExpCotangent,
  },
  {
    name: "softmaxCrossEntropy",
    apply: ([a]) => softmaxCrossEntropy(a, classes),
    shapes: [[[3, 4]]],
    magnitude: 2 * range + 2,
    roundings: 20,
    exact: crossEntropyCotangent,
  },
];
