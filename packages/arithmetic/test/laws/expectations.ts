import type { Arithmetic } from "../../src/arithmetic.ts";
import { LiftError, OperationError } from "../../src/errors.ts";
import type { Tensor } from "../../src/tensor.ts";

/** A law does not hold. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** Throws unless both tensors are the same, saying where they are not. */
export function expectSame<S>(A: Arithmetic<S>, actual: Tensor<S>, expected: Tensor<S>, what: string): void {
  let same: boolean;
  try {
    same = A.same(actual, expected);
  } catch (error) {
    throw new Broken(`${what}: ${error}`);
  }
  if (same) return;
  throw new Broken(`${what}: [${actual.shape}] ${A.lower(actual)} is not [${expected.shape}] ${A.lower(expected)}`);
}

/** Throws unless the bits of both are the same, NaN being NaN. */
export function expectBits(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  const first = Array.from(expected).findIndex((x, i) => !Object.is(x, actual[i]));
  if (actual.length !== expected.length || first >= 0) {
    const [a, e] = [actual, expected].map((values) => Array.from(values, (x) => (Object.is(x, -0) ? "-0" : String(x))));
    throw new Broken(`${what}: element ${first} is ${a[first]}, expected ${e[first]}; [${a}] and [${e}]`);
  }
}

/** Whether `read` answers NaN or throws an OperationError or LiftError: how an element that was never written shows. */
export function isSeen(read: () => ArrayLike<number>): boolean {
  try {
    return Array.from(read()).some(Number.isNaN);
  } catch (error) {
    if (error instanceof OperationError || error instanceof LiftError) return true;
    throw error;
  }
}
