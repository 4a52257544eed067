import { type Arithmetic, random } from "@gradproof/arithmetic";
import { affine } from "../../src/operations/affine.ts";
import { add, multiply, square, subtract } from "../../src/operations/elementwise.ts";
import { sigmoid, tanh } from "../../src/operations/functions.ts";
import { stack } from "../../src/operations/joining.ts";
import { reshape, transpose } from "../../src/operations/layout.ts";
import { matmul } from "../../src/operations/matmul.ts";
import { sum } from "../../src/operations/reduction.ts";
import { at, unstack } from "../../src/operations/selection.ts";
import { shared } from "../../src/operations/sharing.ts";
import { logSumExp, softmaxCrossEntropy } from "../../src/operations/softmax.ts";
import { valueAndGrad } from "../../src/transforms/reverse.ts";
import { type Variable, wrap } from "../../src/variable.ts";

/** A function of variables, and the shapes that it takes. */
export interface Network {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly run: <S>(inputs: readonly Variable<S>[]) => Variable<S>;
}

const [T, B, I, H, O] = [5, 3, 2, 4, 3];

/** Loops over time with shared weights, among other things: what a planner can get wrong. */
export const networks: readonly Network[] = [
  {
    name: "recurrent, cross entropy at every step",
    shapes: [[T, B, I], [B, H], [H, I], [H, H], [H], [O, H], [O]],
    run([x, h0, Wxh, Whh, bh, Why, by]) {
      let h = h0;
      const [Wx, Wh, b, Wy, c] = [transpose(Wxh), transpose(Whh), bh, transpose(Why), by].map(shared);
      let loss = wrap(h.arithmetic, h.arithmetic.ratio(0, 1));
      for (let t = 0; t < T; t++) {
        h = tanh(add(add(matmul(at(x, t), Wx), matmul(h, Wh)), b));
        const outputs = add(matmul(h, Wy), c);
        const classes = Array.from({ length: B }, (_, b) => (t + b) % O);
        loss = add(loss, sum(softmaxCrossEntropy(outputs, classes)));
      }
      return loss;
    },
  },
  {
    name: "recurrent, squared error of stacked states",
    shapes: [
      [T, B, I],
      [B, H],
      [I, H],
      [H, H],
      [T, B, H],
    ],
    run([x, h0, Wx, Wh, target]) {
      const states: (typeof x)[] = [];
      let h = h0;
      for (let t = 0; t < T; t++) {
        h = tanh(add(matmul(at(x, t), Wx), matmul(h, Wh)));
        states.push(h);
      }
      return sum(square(subtract(stack(states), target)));
    },
  },
  {
    name: "gated, one sequence",
    shapes: [
      [T, 1, I],
      [1, H],
      [I, H],
      [H, H],
      [I, H],
      [H, H],
    ],
    run([x, h0, Wz, Uz, Wc, Uc]) {
      let h = h0;
      for (let t = 0; t < T; t++) {
        const z = sigmoid(add(matmul(at(x, t), Wz), matmul(h, Uz)));
        const c = tanh(add(matmul(at(x, t), Wc), matmul(h, Uc)));
        h = add(h, multiply(z, subtract(c, h)));
      }
      return sum(logSumExp(h));
    },
  },
  {
    name: "a value used many times, a constant result beside it",
    shapes: [[2, 3], [3]],
    run([a, b]) {
      let total = sum(multiply(a, b));
      for (let i = 0; i < 6; i++) total = add(total, multiply(total, sum(reshape(a, [6]))));
      return total;
    },
  },
  {
    name: "recurrent, products added to what is there, more steps than a segment of sums",
    shapes: [[70, 1, I], [1, H], [I, H], [H, H], [H], [H, 2], [70, 2]],
    run([x, h0, Wx, Wh, b, Wo, target]) {
      let h = h0;
      const states = unstack(reshape(affine(reshape(x, [70, I]), Wx, b), [70, 1, H])).map((u) => {
        h = tanh(affine(h, Wh, u));
        return h;
      });
      return sum(square(subtract(matmul(reshape(stack(states), [70, H]), Wo), target)));
    },
  },
];

/** Residues or numbers for the inputs, other ones for another seed. */
export function inputsOf<S>(A: Arithmetic<S>, { shapes }: Network, seed: number): Variable<S>[] {
  const source = random(seed);
  return shapes.map((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    // Multiples of 1/16 other than 0.
    const values = Array.from(
      { length: size },
      () => ((source.integer(0, 1) === 0 ? -1 : 1) * source.integer(1, 20)) / 16,
    );
    return wrap(A, A.lift(values, shape));
  });
}

/** Value and gradient of a network with respect to all of its inputs. */
export function gradientOf<S>({ run }: Network) {
  return (inputs: readonly Variable<S>[]) => valueAndGrad((own: readonly Variable<S>[]) => run(own))(inputs);
}
