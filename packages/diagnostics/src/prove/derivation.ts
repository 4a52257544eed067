import type { Arithmetic, Field, Tensor } from "@gradproof/arithmetic";

/** Named tensors, as a derivation takes and gives them. */
export type Named<S> = { readonly [name: string]: Tensor<S> };

/**
 * A derivation written on an arithmetic: from named inputs to named quantities, a gradient and whatever else is to be
 * compared. Two derivations are compared quantity by quantity in the order of the first, so that steps on the way, given
 * first, say where a wrong one begins to differ.
 *
 * @param field - what A is the dense kernels of, for a derivation that builds on it, as `dense(dual(field))` does.
 */
export type Derivation = <S>(A: Arithmetic<S>, inputs: Named<S>, field: Field<S>) => Named<S>;

/** Lengths of axes, by name: T, B, H or whatever a model has. */
export type Lengths = { readonly [axis: string]: number };

/** That two derivations compute the same, on every input of shapes that depend on some lengths. */
export interface Statement {
  /** What is stated, in a few words. */
  readonly name: string;
  readonly left: Derivation;
  readonly right: Derivation;
  /** The smallest and the largest length of each axis. */
  readonly lengths: { readonly [axis: string]: readonly [smallest: number, largest: number] };
  /** Shapes of the inputs for given lengths. */
  readonly shapes: (lengths: Lengths) => { readonly [input: string]: readonly number[] };
  /** What the derivations take for granted, each with the test that checks it. */
  readonly rules?: readonly Rule[];
}

/** An assumption of a proof: the derivative rule of a function, say. */
export interface Rule {
  readonly rule: string;
  /** Where it is tested. */
  readonly test: string;
}
