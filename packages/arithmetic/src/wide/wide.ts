import * as op from "../operations.ts";
import { Heap } from "../simd/heap.ts";
import { bytesOf, kernelsIn, supports } from "../simd/kernels.ts";
import { arithmeticOf, bitsOf, type SimdArithmetic, simd } from "../simd/simd.ts";
import type { Module } from "../simd/web-assembly.ts";
import { compiledWholly, flagsOfV8 } from "./flagged-module.ts";

/** An arithmetic, and whether its vectors are wide. */
export interface WideResult {
  /** That of wide vectors, or where they are refused `simd` of the same format. */
  readonly arithmetic: SimdArithmetic;
  /** How many times faster a product was than with vectors of 128 bits; 1 where wide vectors are refused. */
  readonly speedup: number;
  /** Why wide vectors are refused; absent where they are not. */
  readonly refusal?: string;
}

/** A product has to be this much faster for wide vectors to be worth an experimental compiler. */
const leastSpeedup = 1.02;
const rounds = 40;

/**
 * `simd(format)` compiled by V8 with its experimental re-vectorisation: pairs of 128-bit operations become one of 256 bits. In
 * Node alone. Before it is used it is checked here and now: every element of products of several shapes, and its tanh, has to have the
 * bits that 128-bit vectors give, and a product has to be faster.
 *
 * @example
 * ```ts
 * import { wide } from "@gradproof/arithmetic/wide";
 *
 * const { arithmetic: A, refusal } = wide("float32");
 * const out = A.empty([1, 2]);
 * A.gemm(out, A.lift([1, 2], [1, 2]), A.lift([3, 4, 5, 6], [2, 2]), "write");
 * console.log(A.lower(out).join(" "), refusal === undefined || refusal.length > 0); // -> 13 16 true
 * ```
 */
export function wide(format: "float32" | "float64"): WideResult {
  const refused = (refusal: string): WideResult => ({ arithmetic: simd(format), speedup: 1, refusal });
  const flags = flagsOfV8();
  if (!flags) return refused("there is no V8 that takes flags; expected Node 20.16 or newer");
  if (!supports("relaxed")) return refused("this engine has no relaxed SIMD, whose kernels wide vectors are made of");
  const narrow = arithmeticFrom(format, compiledWholly(bytesOf("relaxed"), false, flags));
  const broad = arithmeticFrom(format, compiledWholly(bytesOf("relaxed"), true, flags));
  const wrong = firstDifference(broad, narrow);
  if (wrong) return refused(wrong);
  const speedup = speedupOf(broad, narrow);
  if (speedup < leastSpeedup) {
    return refused(`a product is ${speedup.toFixed(2)} times as fast; expected at least ${leastSpeedup}`);
  }
  return { arithmetic: broad, speedup };
}

function arithmeticFrom(format: "float32" | "float64", module: Module): SimdArithmetic {
  const bits = bitsOf(format);
  const heap = new Heap(bits);
  const { kernels, tensorsStart } = kernelsIn(heap.memory, bits, "relaxed", module);
  heap.reserve(tensorsStart);
  return arithmeticOf(format, "relaxed", heap, kernels);
}

/** Blocks whole and not, few rows, one column, and several panels; [rows, columns, inner]. */
const shapes = [
  [48, 128, 128],
  [13, 33, 300],
  [3, 70, 9],
  [50, 1, 64],
] as const;

/** Multiples of 2⁻¹⁰ in [-½, ½], of which long sums round. */
function operand(A: SimdArithmetic, rows: number, columns: number, from: number) {
  const numbers = Float64Array.from({ length: rows * columns }, (_, i) => (((i + from) * 7919) % 1021) / 1024 - 0.5);
  return A.lift(numbers, [rows, columns]);
}

/** Where kernels give other bits than those of another arithmetic, as a sentence; nothing where they do not. */
export function firstDifference(A: SimdArithmetic, reference: SimdArithmetic): string | undefined {
  for (const [rows, columns, inner] of shapes) {
    const [actual, expected] = [A, reference].map((on) => {
      const numbers: number[] = [];
      on.scope(() => {
        const out = on.empty([rows, columns]);
        on.gemm(out, operand(on, rows, inner, 1), operand(on, inner, columns, 5), "write");
        numbers.push(...on.lower(out));
        on.unary(op.tanh, out, out);
        numbers.push(...on.lower(out));
      });
      return numbers;
    });
    const at = expected.findIndex((number, i) => !Object.is(number, actual[i]));
    if (at >= 0) {
      return `element ${at} of a product and its tanh, ${rows} x ${columns} x ${inner} is ${actual[at]}; expected ${expected[at]}`;
    }
  }
  return undefined;
}

/** The least time of a product with the reference over that with A, in turn. */
function speedupOf(A: SimdArithmetic, reference: SimdArithmetic): number {
  const [rows, columns, inner] = shapes[0];
  const timers = [A, reference].map((on) => {
    const [out, a, b] = [on.empty([rows, columns]), operand(on, rows, inner, 1), operand(on, inner, columns, 5)];
    return () => {
      const start = performance.now();
      for (let call = 0; call < 5; call++) on.gemm(out, a, b, "write");
      return performance.now() - start;
    };
  });
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++) {
    timers.forEach((time, i) => {
      least[i] = Math.min(least[i], time());
    });
  }
  return least[1] / least[0];
}
