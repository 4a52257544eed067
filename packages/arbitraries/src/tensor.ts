import fc from "fast-check";
import { drawn, smallerLengths } from "./drawn.ts";
import { gridOf, type NumberOptions, type TensorOptions } from "./number-options.ts";
import { type NumericArray, type Shape, sizeOf } from "./numeric-array.ts";
import { scaledIntegers } from "./scaled-integers.ts";
import { shape as shapeArbitrary } from "./shape.ts";
import { staged } from "./staged.ts";

/**
 * A number k / 2^n: exact in float64, and in float32 if asked, so that every number system can take it; most are of a
 * size between 0.05 and 1, none is a denormal, -0, infinite or NaN. It shrinks towards 1 over other integers and other
 * fractions; never to 0.
 *
 * @throws RangeError for options that allow no number, or one that is not exact.
 * @example
 * ```ts
 * import { scaledInteger } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const small = fc.property(scaledInteger(), (x) => x < 1.7);
 * console.log(fc.check(small, { seed: 1 }).counterexample); // -> [ 2 ]
 * const outside = fc.property(scaledInteger(), (x) => x < 0.2 || x > 0.4);
 * console.log(fc.check(outside, { seed: 1 }).counterexample); // -> [ 0.25 ]
 * ```
 */
export function scaledInteger(options: NumberOptions = {}): fc.Arbitrary<number> {
  const domain = scaledIntegers(gridOf("scaledInteger", options));
  const plan = {
    blocks: { x: { shape: [], domain } },
    build: ({ x }: Readonly<Record<string, readonly number[]>>) => x[0],
  };
  return staged(fc.constant(undefined), () => plan);
}

export type ShapedTensorOptions = TensorOptions & {
  /** One shape, or an arbitrary of shapes; {@link shape} with its defaults unless given. */
  readonly shape?: Shape | fc.Arbitrary<Shape>;
};

/**
 * A tensor of scaled integers. It shrinks towards few and short axes, then its numbers towards 1, 2, 3, ..., or halves,
 * quarters, ... of them where the limit is lower: no element becomes equal to another one, and none becomes 0.
 *
 * @throws RangeError for options that allow too few numbers.
 * @example
 * ```ts
 * import { tensor } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const matrices = tensor({ shape: fc.constantFrom([2, 2], [2, 3]), nonZero: true });
 * const equal = fc.property(matrices, ({ data }) => data[0] === data[1]);
 * const [{ shape, data }] = fc.check(equal, { seed: 1 }).counterexample!;
 * console.log(shape, [...data]); // -> [ 2, 2 ] [ 1, 2, 3, 4 ]
 * ```
 */
export function tensor(options: ShapedTensorOptions = {}): fc.Arbitrary<NumericArray> {
  const { shape = shapeArbitrary(), ...numbers } = options;
  return drawTensors(
    "tensor",
    constantOr(shape).map((drawnShape) => [drawnShape] as const),
    (shapes) => shapes,
    numbers,
  ).map(({ tensors: [one] }) => one);
}

/**
 * Several tensors at once, whose numbers are different ones also from tensor to tensor when shrunk.
 *
 * @example
 * ```ts
 * import { mutuallyBroadcastableShapes, tensors } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const pairs = tensors(mutuallyBroadcastableShapes({ minAxes: 1 }).map(({ shapes }) => shapes));
 * const fewer = fc.property(pairs, ([a, b]) => a.data.length >= b.data.length);
 * const [[one, other]] = fc.check(fewer, { seed: 1 }).counterexample!;
 * console.log(one.shape, other.shape, [...one.data], [...other.data]); // -> [ 1 ] [ 2 ] [ 1 ] [ 2, 3 ]
 * ```
 */
export function tensors<const S extends readonly Shape[]>(
  shapes: S | fc.Arbitrary<S>,
  options: TensorOptions = {},
): fc.Arbitrary<{ readonly [N in keyof S]: NumericArray }> {
  return drawTensors("tensors", constantOr<S>(shapes), (drawnShapes) => drawnShapes, options).map(
    ({ tensors }) => tensors,
  );
}

/** Shapes of several tensors, in a list or by name. */
export type Shapes = readonly Shape[] | Readonly<Record<string, Shape>>;

/** A setting and the tensors that it asks for. */
export interface WithTensors<K, S extends Shapes> {
  readonly setting: K;
  readonly tensors: { readonly [N in keyof S]: NumericArray };
}

/**
 * The tensors of a model whose dimensions and structure are drawn too. It shrinks in that order: the setting, by whatever
 * arbitrary it comes from, keeping the numbers that are left; then the numbers, as {@link tensors}.
 *
 * @param settings - dimensions and structure of what is tested; dimensions first where one shrinks before the other.
 * @param shapes - of the tensors, from the setting; in a list or by name.
 * @example
 * ```ts
 * import { withTensors } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const layers = withTensors(
 *   fc.record({ inputs: fc.integer({ min: 1, max: 5 }), units: fc.integer({ min: 1, max: 5 }) }),
 *   ({ inputs, units }) => ({ weight: [units, inputs], bias: [units] }),
 * );
 * const single = fc.property(layers, ({ setting }) => setting.units < 2);
 * const [{ setting, tensors }] = fc.check(single, { seed: 1 }).counterexample!;
 * console.log(setting, [...tensors.weight.data], [...tensors.bias.data]); // -> { inputs: 1, units: 2 } [ 1, 2 ] [ 3, 4 ]
 * ```
 */
export function withTensors<K, const S extends Shapes>(
  settings: fc.Arbitrary<K>,
  shapes: (setting: K) => S,
  options: TensorOptions = {},
): fc.Arbitrary<WithTensors<K, S>> {
  return drawTensors("withTensors", settings, shapes, options);
}

/**
 * Square matrices [n, n], n at least 2, in which no two elements are equal: each differs from its transpose everywhere
 * off the diagonal, so that a derivation which forgets a transpose shows on it.
 *
 * @throws RangeError for lengths below 2: every matrix [1, 1] is symmetric.
 * @example
 * ```ts
 * import { asymmetricMatrix } from "@gradproof/arbitraries";
 * import fc from "fast-check";
 *
 * const symmetric = fc.property(asymmetricMatrix(), ({ shape: [n], data }) => data[1] === data[n]);
 * console.log([...fc.check(symmetric, { seed: 1 }).counterexample![0].data]); // -> [ 1, 2, 3, 4 ]
 * ```
 */
export function asymmetricMatrix(
  options: TensorOptions & { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<NumericArray> {
  const { minLength = 2, maxLength = Math.max(4, minLength), ...numbers } = options;
  if (!(Number.isInteger(minLength) && Number.isInteger(maxLength) && 2 <= minLength && minLength <= maxLength)) {
    throw new RangeError(
      `asymmetricMatrix: minLength is ${minLength} and maxLength ${maxLength}; ` +
        "expected integers, 2 <= minLength <= maxLength",
    );
  }
  const lengths = drawn<number>({
    draw: (random) => random.nextInt(minLength, maxLength),
    simpler: (length) => smallerLengths(length, minLength),
  });
  const distinct = { ...numbers, tieFree: Math.max(numbers.tieFree ?? 0, Number.MIN_VALUE) };
  return drawTensors("asymmetricMatrix", lengths, (n) => [[n, n]] as const, distinct).map(({ tensors: [one] }) => one);
}

function constantOr<S extends Shape | readonly Shape[]>(given: S | fc.Arbitrary<S>): fc.Arbitrary<S> {
  return "generate" in given ? given : fc.constant(given);
}

function drawTensors<K, const S extends Shapes>(
  operation: string,
  settings: fc.Arbitrary<K>,
  shapesOf: (setting: K) => S,
  options: TensorOptions,
): fc.Arbitrary<WithTensors<K, S>> {
  const grid = gridOf(operation, options);
  return staged(settings, (setting) => {
    const shapes = shapesOf(setting);
    const total = Object.values(shapes).reduce((sum: number, shape: Shape) => sum + sizeOf(shape), 0);
    let first = 0;
    const blocks = Object.entries(shapes).map(([name, shape]: [string, Shape]) => {
      const domain = scaledIntegers(grid, { first, total });
      first += sizeOf(shape);
      return [name, { shape, domain }] as const;
    });
    return {
      blocks: Object.fromEntries(blocks),
      build(numbers) {
        const built = blocks.map(([name, { shape }]): [string, NumericArray] => [
          name,
          { shape, data: Float64Array.from(numbers[name]) },
        ]);
        const tensors = Array.isArray(shapes) ? built.map(([, one]) => one) : Object.fromEntries(built);
        return { setting, tensors: tensors as unknown as WithTensors<K, S>["tensors"] };
      },
    };
  });
}
