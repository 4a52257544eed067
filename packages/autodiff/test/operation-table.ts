import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { at, broadcastTo, reshape, slice, sum, sumTo, take, transpose } from "../src/movement.ts";
import {
  add,
  logSumExp,
  matmul,
  multiply,
  negate,
  relu,
  softmax,
  softmaxCrossEntropy,
  square,
  subtract,
  tanh,
} from "../src/operations.ts";
import type { Variable } from "../src/variable.ts";
import { assemble, binary, elements } from "./tensors.ts";

/** Inputs are multiples of 1/64 in [-range, range]. */
export const range = 2;

export interface Operation {
  readonly name: string;
  readonly apply: <S>(inputs: readonly Variable<S>[]) => Variable<S>;
  /** The shapes of the inputs, case by case. */
  readonly shapes: readonly (readonly (readonly number[])[])[];
  /** The largest value on the way for inputs within the range. */
  readonly magnitude: number;
  /** Roundings of an output element on the way, an elementary function counted as four. */
  readonly roundings: number;
  /** Inputs keep this distance from 0, where the operation has a kink. */
  readonly kink?: number;
  /**
   * How the rule is known exactly over a prime field. Polynomials of degree 2 or less, in all inputs together and between
   * kinks, have f(x + v) − f(x − v) = 2 J v; for the others the cotangents in closed form, from inputs and outputs.
   */
  readonly exact: "polynomial" | ClosedForm;
}

type ClosedForm = <S>(A: Arithmetic<S>, x: Tensor<S>, y: Tensor<S>, ct: Tensor<S>) => Tensor<S>;

const elementwise = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[], [2]],
];
const one = [[[2, 3]], [[]]];
const rows = [[[2, 4]], [[3]], [[2, 1, 3]]];
const classes = [2, 0, 2];

export const operations: readonly Operation[] = [
  {
    name: "add",
    apply: ([a, b]) => add(a, b),
    shapes: elementwise,
    magnitude: 2 * range,
    roundings: 1,
    exact: "polynomial",
  },
  {
    name: "subtract",
    apply: ([a, b]) => subtract(a, b),
    shapes: elementwise,
    magnitude: 2 * range,
    roundings: 1,
    exact: "polynomial",
  },
  {
    name: "multiply",
    apply: ([a, b]) => multiply(a, b),
    shapes: elementwise,
    magnitude: range ** 2,
    roundings: 1,
    exact: "polynomial",
  },
  { name: "negate", apply: ([a]) => negate(a), shapes: one, magnitude: range, roundings: 0, exact: "polynomial" },
  { name: "square", apply: ([a]) => square(a), shapes: one, magnitude: range ** 2, roundings: 1, exact: "polynomial" },
  { name: "tanh", apply: ([a]) => tanh(a), shapes: one, magnitude: 1, roundings: 4, exact: tanhCotangent },
  {
    name: "relu",
    apply: ([a]) => relu(a),
    shapes: one,
    magnitude: range,
    roundings: 0,
    kink: 1 / 8,
    exact: "polynomial",
  },
  {
    name: "matmul",
    apply: ([a, b]) => matmul(a, b),
    shapes: [
      [
        [2, 3],
        [3, 2],
      ],
      [
        [1, 3],
        [3, 1],
      ],
      [
        [3, 3],
        [3, 3],
      ],
    ],
    magnitude: 3 * range ** 2,
    roundings: 6,
    exact: "polynomial",
  },
  // Differences of inputs are up to 2 range: an error of theirs is an error of the exponent.
  {
    name: "softmax",
    apply: ([a]) => softmax(a),
    shapes: rows,
    magnitude: 2 * range,
    roundings: 16,
    exact: softmaxCotangent,
  },
  {
    name: "logSumExp",
    apply: ([a]) => logSumExp(a),
    shapes: rows,
    magnitude: 2 * range,
    roundings: 16,
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
  {
    name: "transpose",
    apply: ([a]) => transpose(a),
    shapes: [[[2, 3]], [[2, 2, 3]]],
    magnitude: range,
    roundings: 0,
    exact: "polynomial",
  },
  {
    name: "reshape",
    apply: ([a]) => reshape(a, [3, 1, 2]),
    shapes: [[[2, 3]], [[6]]],
    magnitude: range,
    roundings: 0,
    exact: "polynomial",
  },
  {
    name: "broadcastTo",
    apply: ([a]) => broadcastTo(a, [2, 2, 3]),
    shapes: [[[1, 3]], [[2, 1, 1]], [[]], [[2, 2, 3]]],
    magnitude: range,
    roundings: 0,
    exact: "polynomial",
  },
  {
    name: "sumTo",
    apply: ([a]) => sumTo(a, [1, 3]),
    shapes: [[[2, 2, 3]], [[4, 3]], [[1, 3]]],
    magnitude: 4 * range,
    roundings: 4,
    exact: "polynomial",
  },
  {
    name: "sum",
    apply: ([a]) => sum(a),
    shapes: [[[2, 3]], [[]]],
    magnitude: 6 * range,
    roundings: 6,
    exact: "polynomial",
  },
  {
    name: "slice",
    apply: ([a]) => slice(a, 1, 3),
    shapes: [[[4, 2]], [[3]]],
    magnitude: range,
    roundings: 0,
    exact: "polynomial",
  },
  {
    name: "at",
    apply: ([a]) => at(a, 1),
    shapes: [[[3, 2]], [[2]]],
    magnitude: range,
    roundings: 0,
    exact: "polynomial",
  },
  {
    name: "take",
    apply: ([a]) => take(a, [2, 0, 2, 2]),
    shapes: [[[3, 2]], [[4]]],
    magnitude: range,
    roundings: 0,
    exact: "polynomial",
  },
];

/** (1 − y²) ȳ */
function tanhCotangent<S>(A: Arithmetic<S>, _x: Tensor<S>, y: Tensor<S>, ct: Tensor<S>): Tensor<S> {
  const slope = binary(A, "subtract", binary(A, "multiply", y, A.ratio(0, 1)), binary(A, "multiply", y, y));
  return binary(A, "multiply", binary(A, "add", slope, A.ratio(1, 1)), ct);
}

/** Row by row Jᵀ ȳ with J = diag(p) − p pᵀ, entry by entry. */
function softmaxCotangent<S>(A: Arithmetic<S>, x: Tensor<S>, y: Tensor<S>, ct: Tensor<S>): Tensor<S> {
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
  return assemble(A, scalars, x.shape);
}

/** softmax(x) ȳ */
function logSumExpCotangent<S>(A: Arithmetic<S>, x: Tensor<S>, _y: Tensor<S>, ct: Tensor<S>): Tensor<S> {
  const p = A.empty(x.shape);
  A.softmax(p, x);
  const width = x.shape[x.shape.length - 1];
  const c = elements(ct);
  const scalars = elements(p).map((pi, i) => binary(A, "multiply", pi, c[Math.floor(i / width)]));
  return assemble(A, scalars, x.shape);
}

/** (softmax(x) − onehot) ȳ */
function crossEntropyCotangent<S>(A: Arithmetic<S>, x: Tensor<S>, _y: Tensor<S>, ct: Tensor<S>): Tensor<S> {
  const p = A.empty(x.shape);
  A.softmax(p, x);
  const width = x.shape[1];
  const c = elements(ct);
  const scalars = elements(p).map((pi, i) => {
    const row = Math.floor(i / width);
    const onehot = A.ratio(classes[row] === i % width ? 1 : 0, 1);
    return binary(A, "multiply", binary(A, "subtract", pi, onehot), c[row]);
  });
  return assemble(A, scalars, x.shape);
}
