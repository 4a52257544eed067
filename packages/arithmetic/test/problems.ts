import fc from "fast-check";
import type { Arithmetic, Mode } from "../src/arithmetic.ts";
import { addAt, logSumExp, softmax, take } from "../src/composed.ts";
import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import * as op from "../src/operations.ts";
import type { Tensor } from "../src/tensor.ts";
import { axisLength, shapes } from "./draws.ts";

/** A call of one kernel but for its tensors. */
export interface Problem {
  readonly kernel: Kernel;
  readonly out: readonly number[];
  readonly inputs: readonly (readonly number[])[];
  readonly unary?: UnaryOperation;
  readonly binary?: BinaryOperation;
  readonly mode?: Mode;
  readonly rows?: readonly number[];
}

export type Kernel = "copy" | "gemm" | "unary" | "binary" | "reduce" | "softmax" | "logSumExp" | "take" | "addAt";

/** Whether the kernel reads what is in its output. */
export function readsOutput({ kernel, mode }: Problem): boolean {
  return kernel === "addAt" || mode === "accumulate";
}

export function perform<S>(A: Arithmetic<S>, problem: Problem, out: Tensor<S>, [a, b]: readonly Tensor<S>[]): void {
  const { kernel, unary = "negate", binary = "add", mode = "write", rows = [] } = problem;
  if (kernel === "copy") A.copy(out, a);
  else if (kernel === "gemm") A.gemm(out, a, b, mode);
  else if (kernel === "unary") A.unary(op[unary], out, a);
  else if (kernel === "binary") A.binary(op[binary], out, a, b);
  else if (kernel === "reduce") A.sum(out, a, mode);
  else if (kernel === "softmax") softmax(A, out, a);
  else if (kernel === "logSumExp") logSumExp(A, out, a);
  else if (kernel === "take") take(A, out, a, rows);
  else addAt(A, out, rows, a);
}

/** What a number system can do. */
export interface Abilities {
  readonly unary: readonly UnaryOperation[];
  readonly binary: readonly BinaryOperation[];
  readonly rowKernels: boolean;
}

const modes = fc.constantFrom<Mode>("write", "accumulate");
const booleans = fc.array(fc.constantFrom(false, false, true), { minLength: 3, maxLength: 3 });

/** An input shape that broadcasts to `out`: leading axes dropped, some others of length 1. */
const narrowing = fc.record({ dropped: fc.constantFrom(0, 0, 0, 0, 1, 2, 3), ones: booleans });
function narrowed(out: readonly number[], { dropped, ones }: { dropped: number; ones: boolean[] }): number[] {
  return out.slice(Math.min(dropped, out.length)).map((length, axis) => (ones[axis] ? 1 : length));
}

export function gemms(length: fc.Arbitrary<number> = axisLength): fc.Arbitrary<Problem> {
  return fc.record({ m: length, k: length, n: length, mode: modes }).map(({ m, k, n, mode }) => ({
    kernel: "gemm",
    out: [m, n],
    inputs: [
      [m, k],
      [k, n],
    ],
    mode,
  }));
}

/** Calls of copy, unary and binary, inputs broadcast. */
export function elementwise(able: Abilities, minLength = 0): fc.Arbitrary<Problem> {
  const out = shapes({ min: minLength, max: 5 });
  const copies = fc
    .tuple(out, narrowing)
    .map(([out, n]): Problem => ({ kernel: "copy", out, inputs: [narrowed(out, n)] }));
  const unaries = fc
    .tuple(out, narrowing, fc.constantFrom(...able.unary))
    .map(([out, n, unary]): Problem => ({ kernel: "unary", unary, out, inputs: [narrowed(out, n)] }));
  const binaries = fc.tuple(out, narrowing, narrowing, fc.constantFrom(...able.binary)).map(
    ([out, n, m, binary]): Problem => ({
      kernel: "binary",
      binary,
      out,
      inputs: [narrowed(out, n), narrowed(out, m)],
    }),
  );
  return fc.oneof(
    { weight: 1, arbitrary: copies },
    { weight: 5, arbitrary: unaries },
    { weight: 3, arbitrary: binaries },
  );
}

function reductions(minLength: number): fc.Arbitrary<Problem> {
  return fc.tuple(shapes({ min: minLength, max: 5 }), booleans, modes).map(([a, ones, mode]) => ({
    kernel: "reduce",
    out: a.map((length, axis) => (ones[axis] ? 1 : length)),
    inputs: [a],
    mode,
  }));
}

function rowKernels(minLength: number): fc.Arbitrary<Problem> {
  return fc
    .tuple(shapes({ min: minLength, max: 4 }), fc.integer({ min: 1, max: 6 }), fc.boolean())
    .map(([lead, length, softmax]): Problem => {
      const a = [...lead.slice(0, 2), length];
      return softmax
        ? { kernel: "softmax", out: a, inputs: [a] }
        : { kernel: "logSumExp", out: [...lead.slice(0, 2), 1], inputs: [a] };
    });
}

function gathers(minLength: number): fc.Arbitrary<Problem> {
  return fc
    .tuple(
      fc.array(fc.nat(100), { minLength, maxLength: 6 }),
      fc.integer({ min: 1, max: 5 }),
      shapes({ min: minLength, max: 4 }),
      fc.boolean(),
    )
    .map(([draws, length, rest, take]): Problem => {
      const rows = draws.map((draw) => draw % length);
      const table = [length, ...rest.slice(0, 2)];
      const picked = [rows.length, ...rest.slice(0, 2)];
      return take
        ? { kernel: "take", out: picked, inputs: [table], rows }
        : { kernel: "addAt", out: table, inputs: [picked], rows };
    });
}

/** Calls of every kernel that the number system has. */
export function problems(able: Abilities, minLength = 0): fc.Arbitrary<Problem> {
  const length = minLength > 0 ? fc.integer({ min: minLength, max: 9 }) : axisLength;
  return fc.oneof(
    { weight: 5, arbitrary: elementwise(able, minLength) },
    { weight: 3, arbitrary: gemms(length) },
    { weight: 2, arbitrary: reductions(minLength) },
    { weight: able.rowKernels ? 2 : 0, arbitrary: rowKernels(minLength) },
    { weight: 2, arbitrary: gathers(minLength) },
  );
}
