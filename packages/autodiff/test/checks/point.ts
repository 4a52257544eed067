import { type Arithmetic, sizeOf } from "@gradproof/arithmetic";
import fc from "fast-check";
import { type Variable, variable } from "../../src/variable.ts";
import { type Operation, range } from "../table/operation.ts";

/** Where rules are checked: multiples of 1/64 within the range, for the inputs, the output's cotangent and a direction. */
export interface Point {
  readonly shapes: readonly (readonly number[])[];
  readonly inputs: readonly number[][];
  readonly cotangent: readonly number[];
  readonly direction: readonly number[][];
}

/** Points of an operation, in one of the cases of its shapes. */
export function points({ shapes, distance = 0, positive = false, apart = false }: Operation): fc.Arbitrary<Point> {
  const steps = (length: number) =>
    fc.array(fc.integer({ min: -64 * range, max: 64 * range }), { minLength: length, maxLength: length });
  const away = (k: number) => (Math.abs(k) < 64 * distance ? k + Math.sign(k + 0.5) * 64 * distance : k);
  const inDomain = (k: number) => (positive ? Math.abs(away(k)) : away(k)) / 64;
  /** Different multiples of 1/8. */
  const different = (all: Point["shapes"]) => {
    const sizes = all.map(sizeOf);
    const length = sizes.reduce((total, size) => total + size, 0);
    return fc
      .uniqueArray(fc.integer({ min: -8 * range, max: 8 * range }), { minLength: length, maxLength: length })
      .map((values) => {
        const rest = values.map((k) => inDomain(8 * k));
        return sizes.map((size) => rest.splice(0, size));
      });
  };
  return fc.constantFrom(...shapes).chain((all) =>
    fc.record({
      shapes: fc.constant(all),
      inputs: apart
        ? different(all)
        : fc.tuple(...all.map((shape) => steps(sizeOf(shape)).map((values) => values.map(inDomain)))),
      // As long as any output; never 0, for what it multiplies would not be seen.
      cotangent: steps(24).map((values) => values.map((k) => (k || 64) / 64)),
      direction: fc.tuple(...all.map((shape) => steps(sizeOf(shape)).map((values) => values.map((k) => k / 64)))),
    }),
  );
}

/** Numbers of a point as variables. */
export function lifted<S>(A: Arithmetic<S>, shapes: Point["shapes"], values: readonly number[][]): Variable<S>[] {
  return shapes.map((shape, i) => variable(A, values[i], shape));
}
