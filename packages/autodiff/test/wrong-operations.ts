import { at } from "@gradproof/arithmetic";
import { reshape, sumTo, take } from "../src/movement.ts";
import { add, matmul, multiply, negate, softmax, square, subtract, tanh } from "../src/operations.ts";
import { detach, node, type Variable, type Vjp, wrap } from "../src/variable.ts";
import { type Operation, operations } from "./operation-table.ts";

/** An operation with a wrong rule, and which checks must refuse it; the others must not. */
export interface WrongOperation {
  readonly mistake: string;
  readonly operation: Operation;
  readonly first: boolean;
  readonly second: boolean;
}

const wrong = (
  name: string,
  mistake: string,
  apply: Operation["apply"],
  changes: Partial<Operation> = {},
): WrongOperation => {
  const right = operations.find((operation) => operation.name === name);
  if (!right) throw new RangeError(`wrong: no operation ${name}`);
  return { mistake: `${name}: ${mistake}`, operation: { ...right, apply, ...changes }, first: true, second: true };
};

/** The same node with other rules. */
function withRules<S>(out: Variable<S>, inputs: readonly Variable<S>[], vjps: readonly Vjp<S>[]): Variable<S> {
  return node(out.arithmetic, out.operation, out.value, inputs, vjps);
}

const one = <S>(like: Variable<S>) => wrap(like.arithmetic, like.arithmetic.ratio(1, 1));

export const wrongOperations: readonly WrongOperation[] = [
  wrong("square", "a ȳ", ([a]) => withRules(square(a), [a], [(ct) => multiply(ct, a)])),
  wrong("subtract", "db = ȳ", ([a, b]) =>
    withRules(subtract(a, b), [a, b], [(ct) => sumTo(ct, a.shape), (ct) => sumTo(ct, b.shape)]),
  ),
  wrong(
    "multiply",
    "a broadcast summed along the other axis",
    ([a, b]) =>
      withRules(
        multiply(a, b),
        [a, b],
        [(ct) => multiply(ct, b), (ct) => reshape(sumTo(multiply(ct, a), [3, 1]), [1, 3])],
      ),
    {
      shapes: [
        [
          [3, 3],
          [1, 3],
        ],
      ],
    },
  ),
  wrong(
    "matmul",
    "da = ȳ b",
    ([a, b]) => withRules(matmul(a, b), [a, b], [(ct) => matmul(ct, b), (ct) => matmul(reshapeTransposed(a), ct)]),
    {
      shapes: [
        [
          [3, 3],
          [3, 3],
        ],
      ],
    },
  ),
  wrong("tanh", "(1 − f′²) ȳ", ([a]) => {
    const out = tanh(a);
    const slope = () => subtract(one(a), square(out));
    return withRules(out, [a], [(ct) => multiply(ct, subtract(one(a), square(slope())))]);
  }),
  wrong("softmax", "the diagonal alone", ([a]) => {
    const p = softmax(a);
    return withRules(p, [a], [(ct) => multiply(ct, multiply(p, subtract(one(a), p)))]);
  }),
  wrong("take", "a row that repeats counted once", ([a]) => {
    const rows = [2, 0, 2, 2];
    return withRules(
      take(a, rows),
      [a],
      [
        (ct) => {
          const A = a.arithmetic;
          const value = A.empty(a.shape);
          A.copy(value, A.ratio(0, 1));
          rows.forEach((row, i) => {
            A.copy(at(value, row), at(ct.value, i));
          });
          return wrap(A, value);
        },
      ],
    );
  }),
  {
    // The first derivative is right; TensorFlow.js 4.22 has this mistake.
    ...wrong("tanh", "a rule with its value taken for a constant", ([a]) => {
      const out = tanh(a);
      return withRules(out, [a], [(ct) => subtract(ct, multiply(ct, square(detach(out))))]);
    }),
    first: false,
  },
  {
    // −ȳ + 0 · a: the value of a rule is right, its own derivative is not.
    ...wrong("negate", "a rule that depends on what it should not", ([a]) => {
      const extra = (ct: typeof a) => multiply(ct, subtract(a, detach(a)));
      return withRules(negate(a), [a], [(ct) => add(negate(ct), extra(ct))]);
    }),
    first: false,
  },
];

function reshapeTransposed<S>(a: Variable<S>): Variable<S> {
  const [rows, columns] = a.shape;
  const order = Array.from({ length: rows * columns }, (_, i) => (i % rows) * columns + Math.floor(i / rows));
  return reshape(take(reshape(a, [rows * columns]), order), [columns, rows]);
}
