import {
  type Arithmetic,
  type DualStore,
  dense,
  dual,
  type PrimeField,
  sizeOf,
  type Tensor,
} from "@gradproof/arithmetic";
import { copied } from "./matrices.ts";
import { type Net, type NetPart, netOf, netParts } from "./net.ts";

type Residues = Tensor<Float64Array>;

/**
 * ∂ program/∂ inputs[which] as [results, elements], by dual numbers column by column: forward mode through the program
 * itself, an oracle that knows none of the notes' chain rules.
 */
export function dualJacobian(
  F: PrimeField,
  inputs: readonly Residues[],
  which: number,
  program: <S>(A: Arithmetic<S>, inputs: readonly Tensor<S>[]) => Tensor<S>,
): Residues {
  const field = dual(F.field);
  const D = dense(field);
  const lifted = inputs.map((values): Tensor<DualStore<Float64Array>> => {
    const own = copied(F, values);
    const t = D.lift(new Float64Array(sizeOf(values.shape)), values.shape);
    for (let i = 0; i < sizeOf(values.shape); i++) {
      F.field.copy(t.store.base, 2 * (t.offset + i), own.store, own.offset + i);
    }
    return t;
  });
  const { store, offset, shape } = lifted[which];
  const columns = Array.from({ length: sizeOf(shape) }, (_, column) => {
    field.liftDerivative(store, offset + column, 1);
    const result = copied(D, program(D, lifted));
    field.liftDerivative(store, offset + column, 0);
    return result;
  });
  const results = sizeOf(columns[0].shape);
  const out = F.empty([results, columns.length]);
  columns.forEach((column, j) => {
    for (let i = 0; i < results; i++) {
      field.derivative(out.store, out.offset + i * columns.length + j, column.store, column.offset + i);
    }
  });
  return out;
}

/** The Jacobian of a program over a net with respect to one part of it, [results, elements of the part]. */
export function jacobian(
  F: PrimeField,
  net: Net<Float64Array>,
  part: NetPart,
  program: <S>(net: Net<S>) => Tensor<S>,
): Residues {
  const inputs = netParts.map((name) => net[name]);
  return dualJacobian(F, inputs, netParts.indexOf(part), (A, parts) =>
    program(netOf(A, (name) => parts[netParts.indexOf(name)])),
  );
}
