import { type ProgramSize, type ProgramSizeOptions, programSize } from "./size/program-size.ts";

/**
 * The degree of what a program computes over {@link primeField}, as a polynomial in its arbitrary inputs and in the
 * oracles' answers: each of them counts 1, a product adds, a sum takes the larger. Every reciprocal is a symbol of its own;
 * `largest` clears each of them once. That is the D of Schwartz and Zippel: a polynomial of degree D that is not 0 vanishes
 * at a uniformly random point of S^n with a chance of at most D / |S|.
 *
 * @example
 * ```ts
 * const D = degree();
 * const [w, x] = [D.uniform([2, 2], [1, 2, 3, 4]), D.uniform([2, 1], [1, 2])];
 * const h = D.empty([2, 1]);
 * D.gemm(h, w, x, "write");
 * console.log(D.largest(h)); // -> 2
 * D.unary(op.tanh, h, h);
 * D.unary(op.square, h, h);
 * console.log(D.largest(h), D.calls.count, D.calls.size); // -> 2 2 2
 * ```
 */
export function degree(options: ProgramSizeOptions = {}): ProgramSize {
  return programSize({ name: "degree", symbol: 1, number: () => 0, plus: Math.max }, options);
}
