import type { Tensor } from "@gradproof/arithmetic";
import type { Arbitrary } from "@gradproof/diagnostics";
import type { RnnGradient, RnnProblem, Trajectory } from "@gradproof/rnn";
import type { ProofShape } from "../proof-shape.ts";

/** A gradient, or the part of it that a derivation gives; other quantities under names of their own. */
export type PartialGradient<S> = { readonly [name in keyof RnnGradient<unknown>]?: Tensor<S> | undefined } & {
  readonly [quantity: string]: Tensor<S> | undefined;
};

/** What a derivation is run on. */
export interface Setting<S> {
  readonly A: Arbitrary<S>;
  readonly shape: ProofShape;
  readonly problem: RnnProblem<Tensor<S>>;
  readonly trajectory: Trajectory<S>;
  /** Of whatever else is to be drawn: the same in every arithmetic. */
  readonly seed: number;
}

/** One derivation's answer, what autodiff says, and a mistake. */
export interface Sides<S> {
  readonly given: PartialGradient<S>;
  readonly expected: PartialGradient<S>;
  /** The derivation with something wrong in it. */
  readonly control: () => PartialGradient<S>;
  /** Whether the mistake changes nothing here. */
  readonly inert: boolean;
}

/** A derivation that `rnn` ships. */
export interface RnnDerivation {
  readonly name: string;
  readonly source: string;
  /** What is wrong in the control. */
  readonly mistake: string;
  /** The shape nearest to the one drawn that the derivation is for, and worth its cost. */
  readonly fit: (drawn: ProofShape) => ProofShape;
  readonly sides: <S>(setting: Setting<S>) => Sides<S>;
}
