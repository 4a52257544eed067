import { determinant, logDeterminant } from "../../src/operations/determinant.ts";
import { divide, multiply } from "../../src/operations/elementwise.ts";
import { abs, max, maximum, min, minimum, sign } from "../../src/operations/extremes.ts";
import { cos, exp, log, log1p, sigmoid, silu, sin, softplus, sqrt, tanh } from "../../src/operations/functions.ts";
import { reshape } from "../../src/operations/layout.ts";
import { norm } from "../../src/operations/norm.ts";
import { greater, relu, where } from "../../src/operations/piecewise.ts";
import { pow } from "../../src/operations/power.ts";
import { cumprod, prod } from "../../src/operations/products.ts";
import { logSumExp, softmax } from "../../src/operations/softmax.ts";
import { type Variable, variable } from "../../src/variable.ts";

/** What an operation gives at a kink or an edge of its domain. */
export interface Edge {
  /** In words, as the documentation has it. */
  readonly says: string;
  readonly apply: <S>(a: Variable<S>) => Variable<S>;
  /** The input, a vector, or a scalar if it is one number. */
  readonly at: number | readonly number[];
  readonly value: number | readonly number[];
  /** The gradient of the sum of the value. */
  readonly gradient: number | readonly number[];
}

/** What the documentation says of an operation; its edges are tested in every floating-point arithmetic and both modes. */
export interface Reference {
  readonly name: string;
  readonly value: string;
  /** The cotangent of the input, ȳ being that of the output. */
  readonly vjp: string;
  /** The tangent of the output; "as vjp" where the Jacobian is symmetric, so that ẋ stands for ȳ. */
  readonly jvp: string;
  /** Where it is defined, if not everywhere. */
  readonly domain?: string;
  readonly edges?: readonly Edge[];
}

const infinity = Number.POSITIVE_INFINITY;
const symmetric = "as vjp";

const edge = (
  says: string,
  apply: Edge["apply"],
  at: Edge["at"],
  value: Edge["value"],
  gradient: Edge["gradient"],
): Edge => ({ says, apply, at, value, gradient });

const atTwo = <S>(a: Variable<S>): Variable<S> => variable(a.arithmetic, [2], []);

const elementwise: readonly Reference[] = [
  { name: "add", value: "a + b", vjp: "ȳ, ȳ", jvp: "ȧ + ḃ" },
  { name: "subtract", value: "a − b", vjp: "ȳ, −ȳ", jvp: "ȧ − ḃ" },
  { name: "multiply", value: "a b", vjp: "b ȳ, a ȳ", jvp: "ȧ b + a ḃ" },
  {
    name: "divide",
    value: "y = a / b",
    vjp: "ȳ / b, −y ȳ / b",
    jvp: "ȧ / b − y ḃ / b",
    domain: "b ≠ 0",
    edges: [edge("a / a: 0", (a) => divide(a, a), 3, 1, 0)],
  },
  { name: "negate", value: "−a", vjp: "−ȳ", jvp: symmetric },
  {
    name: "square",
    value: "a²",
    vjp: "2 a ȳ",
    jvp: symmetric,
    edges: [edge("0 at 0", (a) => multiply(a, a), 0, 0, 0)],
  },
  {
    name: "pow",
    value: "aᵇ",
    vjp: "b aᵇ⁻¹ ȳ, aᵇ log(a) ȳ",
    jvp: "b aᵇ⁻¹ ȧ + aᵇ log(a) ḃ",
    domain: "every a for an integer b, else a ≥ 0",
    edges: [
      edge("a⁰ = 1 for every a, with derivative 0", (a) => pow(a, 0), [0, -2], [1, 1], [0, 0]),
      edge("a¹ at 0: 1", (a) => pow(a, 1), 0, 0, 1),
      edge("a² at 0: 0", (a) => pow(a, 2), 0, 0, 0),
      edge("a³ at 0: 0", (a) => pow(a, 3), 0, 0, 0),
      edge("a^0.5 at 0: infinite", (a) => pow(a, 0.5), 0, 0, infinity),
      edge("a^1.5 at 0: 0", (a) => pow(a, 1.5), 0, 0, 0),
      edge("a⁻¹ at 0: −∞", (a) => pow(a, -1), 0, infinity, -infinity),
      edge("0ᵇ for b > 0: by b 0", (b) => pow(variable(b.arithmetic, [0], []), b), 2, 0, 0),
      edge("0⁰ by a variable b: 1, by b 0", (b) => pow(variable(b.arithmetic, [0], []), b), 0, 1, 0),
      edge("2ᵇ: by b 2ᵇ log 2", (b) => pow(atTwo(b), b), 0, 1, Math.LN2),
    ],
  },
];

const functions: readonly Reference[] = [
  { name: "exp", value: "y = eᵃ", vjp: "y ȳ", jvp: symmetric, edges: [edge("0 at −∞", exp, -infinity, 0, 0)] },
  {
    name: "log",
    value: "log a",
    vjp: "ȳ / a",
    jvp: symmetric,
    domain: "a > 0",
    edges: [edge("infinite at 0", log, 0, -infinity, infinity)],
  },
  {
    name: "log1p",
    value: "log(1 + a)",
    vjp: "ȳ / (1 + a)",
    jvp: symmetric,
    domain: "a > −1",
    edges: [
      edge("a itself where a is tiny", log1p, 2 ** -60, 2 ** -60, 1),
      edge("infinite at −1", log1p, -1, -infinity, infinity),
    ],
  },
  {
    name: "sqrt",
    value: "y = √a",
    vjp: "ȳ / 2y",
    jvp: symmetric,
    domain: "a ≥ 0",
    edges: [edge("infinite at 0, and NaN there for ȳ = 0", sqrt, 0, 0, infinity)],
  },
  { name: "sin", value: "sin a", vjp: "cos(a) ȳ", jvp: symmetric, edges: [edge("1 at 0", sin, 0, 0, 1)] },
  { name: "cos", value: "cos a", vjp: "−sin(a) ȳ", jvp: symmetric, edges: [edge("0 at 0", cos, 0, 1, 0)] },
  {
    name: "tanh",
    value: "y = tanh a",
    vjp: "(1 − y²) ȳ",
    jvp: symmetric,
    edges: [edge("0 where it saturates", tanh, [800, -800], [1, -1], [0, 0])],
  },
  {
    name: "sigmoid",
    value: "y = 1 / (1 + e⁻ᵃ)",
    vjp: "y (1 − y) ȳ",
    jvp: symmetric,
    edges: [edge("0 where it saturates", sigmoid, [800, -800], [1, 0], [0, 0])],
  },
  {
    name: "softplus",
    value: "log(1 + eᵃ)",
    vjp: "sigmoid(a) ȳ",
    jvp: symmetric,
    edges: [
      edge("½ at 0", softplus, 0, Math.LN2, 0.5),
      edge("a above, 0 below", softplus, [800, -800], [800, 0], [1, 0]),
    ],
  },
  {
    name: "silu",
    value: "a sigmoid(a) = a s",
    vjp: "s (1 + a (1 − s)) ȳ",
    jvp: symmetric,
    edges: [edge("a above, 0 below", silu, [800, -800], [800, 0], [1, 0])],
  },
];

const choices: readonly Reference[] = [
  {
    name: "relu",
    value: "max(a, 0)",
    vjp: "ȳ where a > 0",
    jvp: symmetric,
    edges: [edge("relu′(0) = 0", relu, [0, 1, -1], [0, 1, 0], [0, 1, 0])],
  },
  {
    name: "abs",
    value: "|a|",
    vjp: "sign(a) ȳ",
    jvp: symmetric,
    edges: [edge("abs′(0) = 0", abs, [0, 2, -2], [0, 2, 2], [0, 1, -1])],
  },
  {
    name: "sign",
    value: "1, 0 or −1",
    vjp: "a constant",
    jvp: "a constant",
    edges: [edge("0 at 0", sign, [0, 3, -3], [0, 1, -1], [0, 0, 0])],
  },
  {
    name: "maximum",
    value: "the larger of a and b",
    vjp: "ȳ to the larger",
    jvp: "that of the larger",
    edges: [
      edge("a tie shares equally: max(a, a) has 1", (a) => maximum(a, a), [3, infinity], [3, infinity], [1, 1]),
      edge("½ for max(a, 2) at 2", (a) => maximum(a, atTwo(a)), 2, 2, 0.5),
    ],
  },
  {
    name: "minimum",
    value: "the smaller of a and b",
    vjp: "ȳ to the smaller",
    jvp: "that of the smaller",
    edges: [edge("a tie shares equally", (a) => minimum(a, atTwo(a)), [2, 1, 3], [2, 1, 2], [0.5, 1, 0])],
  },
  {
    name: "max",
    value: "the largest over axes",
    vjp: "ȳ to the largest",
    jvp: "that of the largest",
    domain: "at least one element, else RangeError",
    edges: [
      edge("n that tie have 1/n each", (a) => max(a), [2, 1, 2, 2, 2], 2, [0.25, 0, 0.25, 0.25, 0.25]),
      edge("infinities too", (a) => max(a), [-infinity, -infinity], -infinity, [0.5, 0.5]),
    ],
  },
  {
    name: "min",
    value: "the smallest over axes",
    vjp: "ȳ to the smallest",
    jvp: "that of the smallest",
    domain: "at least one element, else RangeError",
    edges: [edge("n that tie have 1/n each", (a) => min(a), [2, 1, 1], 1, [0, 0.5, 0.5])],
  },
  {
    name: "greater",
    value: "1 where a > b, else 0",
    vjp: "a constant",
    jvp: "a constant",
    edges: [edge("0 where they are equal", (a) => greater(a, atTwo(a)), [2, 3], [0, 1], [0, 0])],
  },
  {
    name: "where",
    value: "a where the condition is above 0, else b",
    vjp: "ȳ to what was taken",
    jvp: "that of what was taken",
    edges: [
      edge(
        "an infinity that is not taken counts for nothing",
        (a) => where(a, a, logOfZero(a)),
        [1, 2],
        [1, 2],
        [1, 1],
      ),
    ],
  },
];

const sums: readonly Reference[] = [
  { name: "sum", value: "Σ a over axes", vjp: "ȳ repeated", jvp: "Σ ȧ" },
  { name: "mean", value: "Σ a / n over axes", vjp: "ȳ / n repeated", jvp: "Σ ȧ / n", domain: "n ≥ 1, else NaN" },
  { name: "sumTo", value: "Σ a down to a shape", vjp: "broadcastTo ȳ", jvp: "sumTo ȧ" },
  {
    name: "norm",
    value: "y = √Σ a² over axes",
    vjp: "a ȳ / y",
    jvp: "Σ a ȧ / y",
    edges: [edge("0 at 0", (a) => norm(a), [0, 0], 0, [0, 0])],
  },
  {
    name: "prod",
    value: "Π a over axes",
    vjp: "ȳ times the other factors",
    jvp: "Σ ȧ times the other factors",
    edges: [
      edge("one factor 0: [6, 0, 0] for [0, 2, 3]", (a) => prod(a), [0, 2, 3], 0, [6, 0, 0]),
      edge("two factors 0: all 0", (a) => prod(a), [0, 2, 0], 0, [0, 0, 0]),
    ],
  },
  { name: "cumsum", value: "yᵢ = a₀ + … + aᵢ", vjp: "ȳᵢ + … to the last", jvp: "cumsum ȧ" },
  {
    name: "cumprod",
    value: "yᵢ = a₀ … aᵢ",
    vjp: "Σₖ ȳₖ times the other factors",
    jvp: "the product rule, step by step",
    edges: [edge("a factor 0 is like any other", (a) => cumprod(a), [2, 0, 3], [2, 0, 0], [1, 8, 0])],
  },
  { name: "matmul", value: "a b, matrix by matrix", vjp: "ȳ bᵀ, aᵀ ȳ", jvp: "ȧ b + a ḃ" },
  { name: "affine", value: "a b + c, of matrices, c broadcast", vjp: "ȳ bᵀ, aᵀ ȳ, ȳ", jvp: "ȧ b + a ḃ + ċ" },
  { name: "tensordot", value: "Σ a b over pairs of axes", vjp: "by matmul", jvp: "by matmul" },
  { name: "einsum", value: "Σ of products over letters", vjp: "by matmul", jvp: "by matmul" },
  {
    name: "softmax",
    value: "p = eᵃ / Σ eᵃ along an axis",
    vjp: "p (ȳ − Σ p ȳ)",
    jvp: symmetric,
    edges: [edge("finite for any size", softmax, [1000, 1000, -1000], [0.5, 0.5, 0], [0, 0, 0])],
  },
  {
    name: "logSumExp",
    value: "log Σ eᵃ along an axis",
    vjp: "softmax(a) ȳ",
    jvp: "Σ softmax(a) ȧ",
    edges: [edge("finite for any size", logSumExp, [1000, -1000], 1000, [1, 0])],
  },
  {
    name: "softmaxCrossEntropy",
    value: "−log softmax at each row's class",
    vjp: "(softmax − one-hot) ȳ",
    jvp: "Σ (softmax − one-hot) ȧ",
    domain: "classes in [0, O), else RangeError",
  },
];

const moves: readonly Reference[] = [
  { name: "transpose", value: "axes in another order", vjp: "the order back", jvp: "transpose ȧ" },
  { name: "reshape", value: "another shape", vjp: "the shape back", jvp: "reshape ȧ" },
  { name: "broadcastTo", value: "repeated to a shape", vjp: "sumTo ȳ", jvp: "broadcastTo ȧ" },
  {
    name: "slice",
    value: "a part of an axis",
    vjp: "ȳ among zeros",
    jvp: "slice ȧ",
    domain: "from 0 on or from −1 back, else ShapeError",
  },
  {
    name: "at",
    value: "an element of an axis",
    vjp: "ȳ among zeros",
    jvp: "at ȧ",
    domain: "from 0 on or from −1 back, else ShapeError",
  },
  { name: "unstack", value: "all elements of an axis", vjp: "stack ȳ", jvp: "unstack ȧ" },
  {
    name: "take",
    value: "a[indices] along an axis",
    vjp: "scatterAdd ȳ; repeats accumulate",
    jvp: "take ȧ",
    domain: "indices that are there, else RangeError",
  },
  {
    name: "scatterAdd",
    value: "zeros, a added at indices",
    vjp: "take ȳ",
    jvp: "scatterAdd ȧ",
    domain: "indices that are there, else RangeError",
  },
  {
    name: "gather",
    value: "an index for each element",
    vjp: "added back; repeats accumulate",
    jvp: "gather ȧ",
    domain: "indices that are there, else RangeError",
  },
  { name: "shared", value: "a, for many uses", vjp: "ȳ, summed in place", jvp: "ȧ" },
  { name: "concat", value: "one behind the other", vjp: "slices of ȳ", jvp: "concat ȧ" },
  { name: "stack", value: "beside each other", vjp: "elements of ȳ", jvp: "stack ȧ" },
  { name: "flip", value: "from end to beginning", vjp: "flip ȳ", jvp: "flip ȧ" },
  {
    name: "pad",
    value: "zeros, or the mirrored elements, around",
    vjp: "ȳ inside, and what was mirrored added",
    jvp: "pad ȧ",
  },
  { name: "diagonal", value: "the diagonal, or a matrix with it", vjp: "diagonal ȳ", jvp: "diagonal ȧ" },
  {
    name: "oneHot",
    value: "rows with a 1 in their class",
    vjp: "a constant",
    jvp: "a constant",
    domain: "classes in [0, N), else RangeError",
  },
];

const matrices: readonly Reference[] = [
  {
    name: "triangularSolve",
    value: "x = T⁻¹ b",
    vjp: "b̄ = T⁻ᵀ x̄, ā = −(b̄ xᵀ) in the triangle",
    jvp: "T⁻¹ (ḃ − Ṫ x)",
    domain: "no 0 on the diagonal",
  },
  { name: "solve", value: "x = a⁻¹ b", vjp: "b̄ = a⁻ᵀ x̄, ā = −b̄ xᵀ", jvp: "a⁻¹ (ḃ − ȧ x)", domain: "a not singular" },
  { name: "inverse", value: "y = a⁻¹", vjp: "−yᵀ ȳ yᵀ", jvp: "−y ȧ y", domain: "a not singular" },
  {
    name: "cholesky",
    value: "L Lᵀ = (a + aᵀ) / 2",
    vjp: "½ (S + Sᵀ), S = L⁻ᵀ Φ(Lᵀ L̄) L⁻¹",
    jvp: "L Φ(L⁻¹ ȧ L⁻ᵀ)",
    domain: "positive definite, else RangeError",
  },
  {
    name: "determinant",
    value: "det a",
    vjp: "ȳ times the cofactors",
    jvp: "Σ ȧ times the cofactors",
    edges: [
      edge("a singular matrix has its cofactors", (a) => determinant(asMatrix(a)), [1, 2, 2, 4], 0, [4, -2, -2, 1]),
      edge("one of rank 0 has none", (a) => determinant(asMatrix(a)), [0, 0, 0, 0], 0, [0, 0, 0, 0]),
    ],
  },
  {
    name: "logDeterminant",
    value: "log |det a|",
    vjp: "a⁻ᵀ ȳ",
    jvp: "Σ ȧ a⁻ᵀ",
    domain: "a not singular",
    edges: [
      edge(
        "the sign of det a does not matter",
        (a) => logDeterminant(asMatrix(a)),
        [0, 1, 2, 0],
        Math.LN2,
        [0, 1, 0.5, 0],
      ),
    ],
  },
];

const logOfZero = <S>(a: Variable<S>): Variable<S> => log(variable(a.arithmetic, [0], []));

function asMatrix<S>(a: Variable<S>): Variable<S> {
  return reshape(a, [2, 2]);
}

/** The families of operations, as the documentation lists them. */
export const reference: Readonly<Record<string, readonly Reference[]>> = {
  "Element by element": elementwise,
  Functions: functions,
  Choices: choices,
  "Sums and products": sums,
  "Parts and layout": moves,
  Matrices: matrices,
};
