import { ArgumentError } from "./errors.ts";

/** Numbers that a function of this package is a function of. */
export type FloatArray = Float64Array | Float32Array;

/** Where a function is looked at: one array, or several by name. */
export type Point = FloatArray | { readonly [name: string]: FloatArray };

/** One number for each element of a point. */
export type Along<P extends Point> = P extends FloatArray
  ? ArrayLike<number>
  : { readonly [name in keyof P]: ArrayLike<number> };

/** A point taken apart. */
export interface Inputs {
  readonly names: readonly string[];
  readonly arrays: readonly FloatArray[];
}

/** What a single array is called in reports. */
export const onlyName = "x";

/** @throws ArgumentError where an element is not a finite number or there is none. */
export function inputsOf(caller: string, at: Point): Inputs {
  if (ArrayBuffer.isView(at) && !isArray(at)) {
    const kind = (at as ArrayBufferView).constructor.name;
    throw new ArgumentError(
      caller,
      "the point",
      `is of type ${kind}; expected Float64Array, Float32Array or a record of them`,
    );
  }
  const inputs = isArray(at)
    ? { names: [onlyName], arrays: [at] }
    : { names: Object.keys(at), arrays: Object.values(at) };
  inputs.arrays.forEach((array, i) => {
    const name = inputs.names[i];
    if (!isArray(array))
      throw new ArgumentError(caller, name, `is ${describe(array)}; expected a Float64Array or Float32Array`);
    const bad = array.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new ArgumentError(caller, `${name}[${bad}]`, `is ${array[bad]}; expected a finite number`);
  });
  if (inputs.arrays.every(({ length }) => length === 0)) {
    throw new ArgumentError(caller, "the point", "has no elements; expected at least one");
  }
  return inputs;
}

/** The point that these arrays make, built as `like` is. */
export function pointOf<P extends Point>(like: P, { names }: Inputs, arrays: readonly FloatArray[]): P {
  if (isArray(like)) return arrays[0] as P;
  return Object.fromEntries(names.map((name, i) => [name, arrays[i]])) as P;
}

/** The numbers along a point as doubles, in the order of its inputs. @throws ArgumentError where they do not fit it. */
export function alongOf(caller: string, what: string, values: unknown, at: Point, inputs: Inputs): Float64Array[] {
  return inputs.names.map((name, i) => {
    const label = isArray(at) ? what : `${what}.${name}`;
    const part = isArray(at) ? values : (values as Record<string, unknown> | null | undefined)?.[name];
    const { length } = inputs.arrays[i];
    if (!isListOfNumbers(part))
      throw new ArgumentError(caller, label, `is ${describe(part)}; expected ${length} numbers`);
    if (part.length !== length) {
      throw new ArgumentError(caller, label, `has ${part.length} elements; expected ${length}, as ${name} has`);
    }
    return Float64Array.from(part);
  });
}

/** Whether every number is one that float32 holds. */
export function areSingle(values: ArrayLike<number>): boolean {
  if (values instanceof Float32Array) return true;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i]) && Math.fround(values[i]) !== values[i]) return false;
  }
  return true;
}

/** The significant bits of the longest number. */
export function significantBits(values: ArrayLike<number>): number {
  let bits = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0 || !Number.isFinite(values[i])) continue;
    let scaled = values[i] / 2 ** Math.floor(Math.log2(Math.abs(values[i])));
    let own = 1;
    for (; !Number.isInteger(scaled) && own < 54; own++) scaled *= 2;
    bits = Math.max(bits, own);
  }
  return bits;
}

/** (√5 - 1) / 2, whose multiples have no short fractions. */
const golden = 0.6180339887498949;

/** The arrays a little way off, where no number is simple: what tells float32 arithmetic from double. */
export function generic({ arrays }: Inputs): FloatArray[] {
  return arrays.map((array) =>
    array.map((x, i) => {
      const fraction = ((i + 1) * golden) % 1;
      return (x || 1 / 16) * (1 + 2 ** -12 * fraction) - (x ? 0 : 1 / 16);
    }),
  );
}

export function isArray(value: unknown): value is FloatArray {
  return value instanceof Float64Array || value instanceof Float32Array;
}

function isListOfNumbers(value: unknown): value is ArrayLike<number> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function describe(value: unknown): string {
  return value === undefined ? "missing" : value === null ? "null" : `a ${typeof value}`;
}
