import { float64 } from "@gradproof/arithmetic";
import { type Variable, variable } from "@gradproof/autodiff";
import type { Matrix } from "../protocol/given.ts";

export type Floats = Variable<Float64Array>;

export function scalar(value: number): Floats {
  return variable(float64, [value], []);
}

export function floats(values: ArrayLike<number>, shape?: readonly number[]): Floats {
  return variable(float64, values, shape);
}

export function fromMatrix({ values, shape }: Matrix): Floats {
  return variable(float64, values, shape);
}

/** The elements in row-major order. */
export function numbers(a: Floats): number[] {
  return Array.from(float64.lower(a.value));
}

/** The value of a variable with one element. */
export function numberOf(a: Floats): number {
  return float64.lower(a.value)[0];
}

/** The rows of a matrix. */
export function rowsOf(a: Floats): number[][] {
  const [rows, columns] = a.shape;
  const all = numbers(a);
  return Array.from({ length: rows }, (_, i) => all.slice(i * columns, (i + 1) * columns));
}
