import {
  type Arithmetic,
  complex,
  complexParts,
  dense,
  setImaginary,
  sizeOf,
  type Tensor,
} from "@gradproof/arithmetic";
import { ArgumentError } from "./errors.ts";

/** Numbers in row-major order. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Named tensors of one arithmetic. */
export type Tensors<S, Names extends string> = { readonly [name in Names]: Tensor<S> };

/** A function of named tensors to one number, written once for every arithmetic. */
export type ScalarProgram<Names extends string> = <S>(A: Arithmetic<S>, inputs: Tensors<S, Names>) => Tensor<S>;

export interface ComplexStepGradient<Names extends string> {
  readonly value: number;
  /** By input, in the order of its data. */
  readonly gradient: { readonly [name in Names]: Float64Array };
}

/** So small that its square vanishes beside any real part, and so large that a derivative of 1e-270 still shows. */
const step = 2 ** -100;

/**
 * The gradient of a program written on an arithmetic, by the complex step: f(x + ih) = f(x) + ih f′(x) + O(h²), and with
 * h = 2^-100 the imaginary part over h is the derivative to as many digits as f itself is computed to. No difference is
 * taken, so nothing cancels and no step has to be chosen (Squire and Trapp, SIAM Review 40, 1998). One evaluation for
 * each element; at a kink the derivative is what the branch taken gives, with relu′(0) = 0.
 *
 * @throws ArgumentError where the program does not return one number, or the data does not fit its shape.
 * @example
 * ```ts
 * const cube: ScalarProgram<"x"> = (A, { x }) => {
 *   const [y, sum] = [A.empty(x.shape), A.empty([1])];
 *   A.unary(op.square, y, x);
 *   A.binary(op.multiply, y, y, x);
 *   A.sum(sum, y, "write");
 *   return sum;
 * };
 * const { value, gradient } = complexStep(cube, { x: { shape: [2], data: [1, 2] } });
 * console.log(value, gradient.x); // -> 9 Float64Array(2) [ 3, 12 ]
 * ```
 */
export function complexStep<Names extends string>(
  program: ScalarProgram<Names>,
  at: { readonly [name in Names]: NumericArray },
): ComplexStepGradient<Names> {
  const A = dense(complex);
  const along = (imaginary: Imaginary<Names>) => evaluate("complexStep", A, program, at, imaginary);
  const gradients = namesOf(at).map((name) => {
    const derivatives = Float64Array.from({ length: at[name].data.length }, (_, element) => {
      const [, im] = along((other, i) => (other === name && i === element ? step : 0));
      return im / step;
    });
    return [name, derivatives];
  });
  const [value] = along(() => 0);
  return { value, gradient: Object.fromEntries(gradients) };
}

/**
 * The derivative of a program along a direction, ⟨gradient, v⟩, by one complex step.
 *
 * @param direction - as many numbers for each input as its data has.
 * @throws ArgumentError as {@link complexStep} does, and where the direction does not fit or is not finite.
 * @example
 * ```ts
 * const product: ScalarProgram<"a" | "b"> = (A, { a, b }) => {
 *   const y = A.empty([]);
 *   A.binary(op.multiply, y, a, b);
 *   return y;
 * };
 * const point = { a: { shape: [], data: [3] }, b: { shape: [], data: [5] } };
 * console.log(complexStepAlong(product, point, { a: [1], b: [2] })); // -> 11
 * ```
 */
export function complexStepAlong<Names extends string>(
  program: ScalarProgram<Names>,
  at: { readonly [name in Names]: NumericArray },
  direction: { readonly [name in Names]: ArrayLike<number> },
): number {
  const caller = "complexStepAlong";
  for (const name of namesOf(at)) {
    const [expected, given] = [at[name].data.length, direction[name]?.length];
    if (given !== expected) {
      const found = given === undefined ? "is missing" : `has ${given} numbers`;
      throw new ArgumentError(caller, `direction.${name}`, `${found}; expected ${expected}, as ${name} has`);
    }
    const bad = Array.from(direction[name]).findIndex((rate) => !Number.isFinite(rate));
    if (bad >= 0) {
      throw new ArgumentError(
        caller,
        `direction.${name}[${bad}]`,
        `is ${direction[name][bad]}; expected a finite number`,
      );
    }
  }
  const [, im] = evaluate(caller, dense(complex), program, at, (name, i) => step * direction[name][i]);
  return im / step;
}

function namesOf<Names extends string>(at: { readonly [name in Names]: NumericArray }): Names[] {
  return Object.keys(at) as Names[];
}

/** The imaginary part of an element of an input. */
type Imaginary<Names extends string> = (name: Names, element: number) => number;

function evaluate<Names extends string>(
  caller: string,
  A: Arithmetic<Float64Array>,
  program: ScalarProgram<Names>,
  at: { readonly [name in Names]: NumericArray },
  imaginary: Imaginary<Names>,
): [re: number, im: number] {
  let parts: [number, number] = [Number.NaN, Number.NaN];
  A.scope(() => {
    const tensors = namesOf(at).map((name) => {
      const { shape, data } = at[name];
      if (data.length !== sizeOf(shape)) {
        const expected = `expected ${sizeOf(shape)}, as its shape [${shape}]`;
        throw new ArgumentError(caller, name, `has ${data.length} numbers; ${expected}`);
      }
      const tensor = A.lift(data, shape);
      for (let i = 0; i < data.length; i++) setImaginary(tensor.store, tensor.offset + i, imaginary(name, i));
      return [name, tensor];
    });
    const result = program(A, Object.fromEntries(tensors));
    if (sizeOf(result.shape) !== 1) {
      throw new ArgumentError(caller, "program", `returned shape [${result.shape}]; expected one number`);
    }
    parts = complexParts(result.store, result.offset);
  });
  return parts;
}
