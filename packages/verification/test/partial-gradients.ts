import { type PrimeField, sizeOf, type Tensor } from "@gradproof/arithmetic";
import type { RnnGradient } from "@gradproof/rnn";

type Residues = Tensor<Float64Array>;
type Partly = { readonly [name in keyof RnnGradient<unknown>]?: Residues | undefined };

/** The quantities of a gradient, or of a part of one, that are not those expected. */
export function differencesOf(F: PrimeField, gradient: Partly, expected: Partly): string[] {
  return entries(gradient).flatMap(([name, value]) => (F.same(value, expected[name] as Residues) ? [] : [name]));
}

/** How many numbers a gradient has. */
export function elementsOf(gradient: Partly): number {
  return entries(gradient).reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
}

function entries(gradient: Partly): [keyof Partly, Residues][] {
  return Object.entries(gradient).filter(([, value]) => value !== undefined) as never;
}
