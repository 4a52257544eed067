import {
  type Arithmetic,
  addAt,
  broadcastTo,
  degree,
  dense,
  height,
  reshape,
  sizeOf,
  type Tensor,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { grad, multiply, sum, type Variable, wrap } from "@gradproof/autodiff";
import {
  backward,
  bptt,
  forward,
  mapParameters,
  mapProblem,
  type NumericArray,
  type RnnProblem,
  type Segment,
} from "@gradproof/rnn";
import { describe, expect, test } from "vitest";
import { autodiffGradient } from "../../src/autodiff-gradient.ts";
import { roads } from "../../src/proof/roads.ts";
import { type LossInputs, rnnLoss } from "../../src/rnn-loss.ts";
import { seed } from "../settings.ts";
import { degreeOf, type LineStore, lineField } from "./line-field.ts";

const [B, I, H, O] = [2, 2, 2, 2];

function problemOf(T: number, loss: "mse" | "cross_entropy"): RnnProblem<NumericArray> {
  const array = (...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => ((i % 7) + 1) / 16),
  });
  return {
    nonlinearity: "tanh",
    reduction: "sum",
    parameters: { Wxh: array(H, I), Whh: array(H, H), Why: array(O, H) },
    x: array(T, B, I),
    h0: array(B, H),
    ...(loss === "mse"
      ? { loss, target: array(T, B, O) }
      : { loss, target: Int32Array.from({ length: T * B }, (_, i) => i % O) }),
  };
}

/** The largest degree of an element of ∂J/∂W_hh along a random line, computed and not bounded. */
function measured(T: number, loss: "mse" | "cross_entropy", of: Quantity): number {
  const { field, arbitrary } = lineField(seed);
  const A = dense(field);
  const problem = mapProblem(problemOf(T, loss), ({ shape }) => {
    const t = A.empty(shape);
    for (let i = 0; i < sizeOf(shape); i++) t.store[t.offset + i] = arbitrary();
    return t;
  });
  const { store, offset, shape } = of(A, problem);
  return Math.max(...Array.from({ length: sizeOf(shape) }, (_, i) => degreeOf((store as LineStore)[offset + i])));
}

function bounded(T: number, loss: "mse" | "cross_entropy", of: Quantity, A = degree()): number {
  const problem = mapProblem(problemOf(T, loss), ({ shape, data }) => A.uniform(shape, data));
  return A.largest(of(A, problem));
}

type Quantity = <S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>) => Tensor<S>;

const derivations: Readonly<Record<string, Quantity>> = {
  autodiff: (A, problem) => autodiffGradient(A, problem).gradient.Whh,
  ...Object.fromEntries(
    roads.map(({ name, gradient }): [string, Quantity] => [
      name,
      (A, problem) => gradient(A, problem, forward(A, problem)).Whh as never,
    ]),
  ),
};

describe.each(Object.entries(derivations))("∂J/∂W_hh by %s", (_, of) => {
  test.each([1, 2, 3, 4])(
    "has degree 3T + 3 with a squared error, T = %d: as bounded, and along a random line",
    (T) => {
      expect([bounded(T, "mse", of), measured(T, "mse", of)]).toEqual([3 * T + 3, 3 * T + 3]);
    },
  );

  test.each([1, 2, 3, 4])("and 3T + 2 with softmax as one vector oracle, T = %d", (T) => {
    expect([bounded(T, "cross_entropy", of), measured(T, "cross_entropy", of)]).toEqual([3 * T + 2, 3 * T + 2]);
  });
});

/** BPTT with e_t = e^z / Σ e^z − onehot, an oracle for each exp and a quotient for each row. */
const byExponentials: Quantity = (A, problem) => {
  const equations = {
    ...bptt<StoreOf<typeof problem>>(),
    outputError(_: typeof A, { outputError, trajectory }: Segment<StoreOf<typeof problem>>) {
      if (!outputError || !trajectory.outputs || problem.loss !== "cross_entropy") throw new TypeError("no classes");
      const T = outputError.shape[0];
      const rows = reshape(outputError, [T * B, O]);
      const sums = A.empty([T * B, 1]);
      A.unary(op.exp, outputError, trajectory.outputs);
      A.sum(sums, rows, "write");
      A.binary(op.divide, rows, rows, sums);
      const places = problem.target.map((label, row) => row * O + label);
      addAt(A, reshape(outputError, [T * B * O]), places, broadcastTo(A.ratio(-1, 1), [T * B]));
    },
  };
  return backward(A, problem, forward(A, problem), equations).Whh;
};
type StoreOf<P> = P extends RnnProblem<Tensor<infer S>> ? S : never;

test.each([1, 2, 3])("with an oracle for each exp it is 3T + TB + 1, each row's sum cleared once, T = %d", (T) => {
  const expected = 3 * T + T * B + 1;
  expect([bounded(T, "cross_entropy", byExponentials), measured(T, "cross_entropy", byExponentials)]).toEqual([
    expected,
    expected,
  ]);
});

/** ∂⟨∂J/∂W_hh, V⟩/∂W_hh by autodiff of autodiff. */
const hessianVectorProduct: Quantity = (A, problem) => {
  type S = StoreOf<typeof problem>;
  const leaf = (value: Tensor<S>): Variable<S> => wrap(A, value);
  const fixed = { ...mapParameters(problem.parameters, leaf), h0: leaf(problem.h0), x: leaf(problem.x) };
  const loss = (Whh: Variable<S>) => rnnLoss(A, problem, { ...fixed, Whh } as LossInputs<S>).loss;
  const along = (Whh: Variable<S>) => sum(multiply(grad(loss)(Whh), leaf(problem.h0)));
  return grad(along)(leaf(problem.parameters.Whh)).value;
};

test.each([1, 2, 3])("a Hessian-vector product with a squared error has degree 6T + 3, T = %d", (T) => {
  const [bound, found] = [bounded(T, "mse", hessianVectorProduct), measured(T, "mse", hessianVectorProduct)];
  expect([bound, found]).toEqual([6 * T + 3, 6 * T + 3]);
});

test("the height of ∂J/∂W_hh grows with T by some two bits a step", () => {
  const bits = [1, 2, 3, 4, 5].map((T) => bounded(T, "mse", derivations.autodiff, height()));
  for (let T = 1; T < bits.length; T++) {
    expect(bits[T] - bits[T - 1]).toBeGreaterThan(1.5);
    expect(bits[T] - bits[T - 1]).toBeLessThan(3);
  }
});
