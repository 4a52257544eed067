import { type ProgramSize, type ProgramSizeOptions, programSize } from "./size/program-size.ts";

/**
 * The height of what a program computes over {@link primeField}: the sum of the absolute values of its integer
 * coefficients, as that of {@link degree}'s polynomial, in bits. A number of k bits adds k, an indeterminate 0. If every
 * coefficient is divisible by a prime p, the program is 0 modulo p; at most height / log2 p primes can do that.
 *
 * @example
 * ```ts
 * const H = height();
 * const x = H.uniform([3], [1, 2, 3]);
 * const sum = H.empty([1]);
 * H.sum(sum, x, "write");
 * H.unary(op.square, sum, sum);
 * console.log(H.largest(sum).toFixed(3)); // -> 3.170
 * ```
 */
export function height(options: ProgramSizeOptions = {}): ProgramSize {
  return programSize({ name: "height", symbol: 0, number: (x) => Math.log2(Math.abs(x)), plus: logOfSum }, options);
}

/** log2(2^a + 2^b), a little too large: what rounding takes away is added, and an integer bound stays one. */
function logOfSum(a: number, b: number): number {
  const larger = Math.max(a, b);
  if (larger === Number.NEGATIVE_INFINITY) return larger;
  return larger + Math.log2(1 + 2 ** (Math.min(a, b) - larger)) * (1 + 2 ** -50);
}
