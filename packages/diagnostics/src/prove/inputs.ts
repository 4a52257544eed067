import { type Arithmetic, type Field, type Random, sizeOf, type Tensor } from "@gradproof/arithmetic";

/** An input of a proof: arbitrary numbers, of which only the shadows are known; an element whose shadow is 0 is 0. */
export interface Shadowed {
  readonly shape: readonly number[];
  /** Row-major; what comparisons look at. */
  readonly data: ArrayLike<number>;
}

/** An arithmetic that arbitrary numbers can be drawn in: `primeField`, `degree`, `height`. */
export interface Arbitrary<S> extends Arithmetic<S> {
  readonly field: Field<S>;
  uniform(shape: readonly number[], shadows: ArrayLike<number>): Tensor<S>;
}

/** Arbitrary elements, and exact zeros where the shadow is 0. */
export function arbitrary<S>(A: Arbitrary<S>, { shape, data }: Shadowed): Tensor<S> {
  const t = A.uniform(shape, data);
  for (let i = 0; i < data.length; i++) if (data[i] === 0) A.field.lift(t.store, t.offset + i, 0);
  return t;
}

/** Shadows other than 0: multiples of 2^-10 in (-1, 1). */
export function drawShadows(shape: readonly number[], source: Random): Shadowed {
  const draw = () => (source.integer(0, 1) === 0 ? 1 : -1) * (source.integer(1, 1023) / 1024);
  return { shape, data: Float64Array.from({ length: sizeOf(shape) }, draw) };
}
