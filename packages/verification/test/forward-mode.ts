import {
  type Arithmetic,
  type DualStore,
  dense,
  dual,
  type PrimeField,
  reshape,
  type Tensor,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { forward, mapProblem, type RnnGradient, type RnnProblem } from "@gradproof/rnn";

type Residues = Tensor<Float64Array>;

/** A direction in the space of everything that the gradient is taken with respect to. */
export function drawDirection(F: PrimeField, gradient: RnnGradient<Residues>): Map<string, Residues> {
  return new Map(Object.entries(gradient).map(([name, { shape }]: [string, Residues]) => [name, F.uniform(shape)]));
}

/** ⟨∇J, v⟩ */
export function along(
  F: PrimeField,
  gradient: RnnGradient<Residues>,
  direction: ReadonlyMap<string, Residues>,
): Residues {
  const total = F.lift([0], [1]);
  for (const [name, tensor] of Object.entries(gradient) as [string, Residues][]) {
    const size = tensor.shape.reduce((product, length) => product * length, 1);
    const products = F.empty([size]);
    const flat = (t: Residues): Residues => {
      const own = F.empty(t.shape);
      F.copy(own, t);
      return reshape(own, [size]);
    };
    F.binary(op.multiply, products, flat(tensor), flat(direction.get(name) as Residues));
    F.sum(total, products, "accumulate");
  }
  return total;
}

/** A scalar that is computed from a problem. */
export type Quantity = <S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>) => Tensor<S>;

/**
 * dJ/dε at problem + ε v, or that of another quantity, by dual numbers through the program that computes it alone: no
 * reverse sweep, none of rnn's or autodiff's rules.
 */
export function forwardMode(
  F: PrimeField,
  problem: RnnProblem<Residues>,
  direction: ReadonlyMap<string, Residues>,
  quantity: Quantity = (A, lifted) => forward(A, lifted).loss,
): Residues {
  const field = dual(F.field);
  const D = dense(field);
  const lifted = mapProblem(problem, (value, name): Tensor<DualStore<Float64Array>> => {
    const t = D.lift(new Float64Array(F.lower(value).length), value.shape);
    const own = F.empty(value.shape);
    F.copy(own, value);
    const v = direction.get(name);
    F.lower(own).forEach((_, i) => {
      F.field.copy(t.store.base, 2 * (t.offset + i), own.store, own.offset + i);
      if (v) field.setDerivative(t.store, t.offset + i, v.store, v.offset + i);
    });
    return t;
  });
  const result = quantity(D, lifted);
  const derivative = F.empty([1]);
  F.field.copy(derivative.store, derivative.offset, result.store.base, 2 * result.offset + 1);
  return derivative;
}
