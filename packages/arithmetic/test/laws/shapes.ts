import fc from "fast-check";
import type { Arithmetic } from "../../src/arithmetic.ts";
import { addAt, logSumExp, softmax, take } from "../../src/composed.ts";
import { ShapeError } from "../../src/errors.ts";
import * as op from "../../src/operations.ts";
import type { Tensor } from "../../src/tensor.ts";
import { filled, type Subject } from "../arithmetics.ts";
import { Broken } from "./expectations.ts";
import type { Law } from "./law.ts";

type Shape = readonly number[];

/** A call that must be refused: the operation and the shapes that its error names. */
interface Refused {
  readonly operation: string;
  readonly shapes: readonly Shape[];
  /** The shapes that the error names, where they are not all, in their order. */
  readonly named?: readonly Shape[];
  call(A: Arithmetic<unknown>, ...tensors: readonly Tensor<unknown>[]): void;
}

/** One way to call a kernel on tensors of several shapes. */
function refused(operation: string, call: Refused["call"], ...calls: readonly (readonly Shape[])[]): Refused[] {
  return calls.map((shapes) => ({ operation, call, shapes }));
}

/** The same of a kernel whose inputs are broadcast to the output: what does not fit, and the output. */
function notBroadcast(operation: string, call: Refused["call"], ...calls: readonly (readonly Shape[])[]): Refused[] {
  return calls.map(([out, ...inputs]) => {
    const wrong = inputs.find((input) => !isRepeated(input, out));
    if (!wrong) throw new TypeError(`${operation}: ${JSON.stringify(inputs)} can be broadcast to ${out}`);
    return { operation, call, shapes: [out, ...inputs], named: [wrong, out] };
  });
}

function isRepeated(from: Shape, to: Shape): boolean {
  const aligned = to.slice(to.length - from.length);
  return from.length <= to.length && from.every((length, axis) => length === 1 || length === aligned[axis]);
}

const calls: readonly Refused[] = [
  ...notBroadcast(
    "copy",
    (A, out, a) => A.copy(out, a),
    [[2, 3], [2]],
    [[2], [1, 2]],
    [[], [1]],
    [[1], [0]],
    [
      [2, 3],
      [2, 2],
    ],
  ),
  ...notBroadcast(
    "negate",
    (A, out, a) => A.unary(op.negate, out, a),
    [
      [2, 3],
      [3, 2],
    ],
    [[3], [2, 3]],
    [
      [1, 3],
      [2, 3],
    ],
    [[0], [2]],
  ),
  ...notBroadcast("relu", (A, out, a) => A.unary(op.relu, out, a), [
    [2, 3, 4],
    [3, 1, 4],
  ]),
  ...notBroadcast(
    "add",
    (A, out, a, b) => A.binary(op.add, out, a, b),
    [[2, 3], [2, 3], [2]],
    [[2, 3], [2], [2, 3]],
    [[3], [2, 3], [2, 3]],
    [
      [1, 3],
      [1, 3],
      [2, 3],
    ],
    [[], [1], []],
    [
      [2, 2],
      [2, 2],
      [2, 2, 2],
    ],
  ),
  ...notBroadcast("multiply", (A, out, a, b) => A.binary(op.multiply, out, a, b), [[4], [4], [3]]),
  ...refused(
    "gemm",
    (A, out, a, b) => A.gemm(out, a, b, "write"),
    [
      [2, 3],
      [2, 4],
      [3, 4],
    ],
    [
      [3, 2],
      [2, 4],
      [4, 3],
    ],
    [
      [2, 3],
      [2, 4],
      [5, 3],
    ],
    [
      [2, 3],
      [1, 4],
      [4, 3],
    ],
    [
      [2, 1],
      [2, 4],
      [4, 3],
    ],
    [[2], [2, 3], [3]],
    [
      [2, 3],
      [2, 4],
      [1, 4, 3],
    ],
    [
      [0, 3],
      [0, 2],
      [0, 3],
    ],
  ),
  ...notBroadcast(
    "sum",
    (A, a, out) => A.sum(out, a, "accumulate"),
    [[2, 3], [2]],
    [
      [2, 2],
      [2, 3],
    ],
    [[], [1]],
    [
      [1, 3],
      [2, 3],
    ],
    [[2], [0]],
  ),
  ...refused(
    "softmax",
    (A, out, a) => softmax(A, out, a),
    [[3], [1, 3]],
    [
      [2, 3],
      [3, 2],
    ],
    [[], []],
    [
      [2, 0],
      [2, 0],
    ],
    [[0], [0]],
  ),
  ...refused(
    "logSumExp",
    (A, out, a) => logSumExp(A, out, a),
    [[2], [2, 3]],
    [
      [1, 3],
      [2, 3],
    ],
    [
      [2, 3],
      [2, 3],
    ],
    [[], []],
    [
      [2, 1],
      [2, 0],
    ],
    [[1], [0]],
  ),
  ...refused(
    "take",
    (A, out, a) => take(A, out, a, [0, 1]),
    [
      [3, 4],
      [5, 4],
    ],
    [
      [2, 4],
      [5, 3],
    ],
    [[2], [5, 4]],
    [[2], []],
    [
      [2, 4, 1],
      [5, 4],
    ],
  ),
  ...refused(
    "addAt",
    (A, a, out) => addAt(A, out, [0, 1], a),
    [
      [3, 4],
      [5, 4],
    ],
    [
      [2, 4],
      [5, 3],
    ],
    [[2], [5, 4]],
    [[2], []],
  ),
  ...["lift", "round"].flatMap((operation) => {
    const put = (shape: Shape, count: number): Refused => ({
      operation,
      shapes: [shape],
      call: (A) => A[operation as "lift" | "round"](new Array<number>(count).fill(1), shape),
    });
    return [put([2, 3], 5), put([], 0), put([0, 3], 1), put([-1], 1), put([-1, -2], 2), put([0.5, 2], 1)];
  }),
  ...[[-1], [2.5], [Number.NaN, 2]].map(
    (shape): Refused => ({ operation: "empty", shapes: [shape], call: (A) => A.empty(shape) }),
  ),
];

function errorOf(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

const rowKernels = new Set(["softmax", "logSumExp"]);

/** Shapes that do not fit are refused by a ShapeError that names the operation, the shapes and what was expected. */
export const shapesAreChecked: Law<Refused> = {
  name: "shapes that do not fit",
  runs: 300,
  cases: (subject) => fc.constantFrom(...refusedBy(subject)),
  check({ arithmetic: A }, { operation, shapes, named = shapes, call }) {
    const asked = `${operation} of ${JSON.stringify(shapes)}`;
    const isCall = !["lift", "round", "empty"].includes(operation);
    const tensors = isCall ? shapes.map((shape) => filled(A, shape, 1)) : [];
    const before = tensors.map((t) => A.lower(t).join());
    const error = errorOf(() => call(A, ...tensors));
    if (!(error instanceof ShapeError)) throw new Broken(`${asked}: ${error ?? "was not refused"}`);
    const text = named.map((shape) => `[${shape.join(", ")}]`).join(" and ");
    const [subject, expected] = error.message.split("; expected ");
    if (subject !== `${operation}: shapes ${text}` || !expected) throw new Broken(`${asked}: ${error.message}`);
    if (JSON.stringify(error.shapes) !== JSON.stringify(named)) throw new Broken(`${asked}: ${error.shapes}`);
    const touched = tensors.findIndex((t, i) => A.lower(t).join() !== before[i]);
    if (touched >= 0) throw new Broken(`${asked}: tensor ${touched} has changed`);
  },
  defects: ({ arithmetic: A }) => ({
    "gemm does what it can": { gemm: () => {} },
    "sum blames another": {
      sum: (out, a) => {
        A.copy(out, a);
        A.copy(a, out);
      },
    },
    "add writes before it looks": {
      binary(operation, out, a, b) {
        A.copy(out, A.ratio(0, 1));
        A.binary(operation, out, a, b);
      },
    },
  }),
};

/** Every wrong call that the arithmetic has the kernel for; printed counts say how many were drawn. */
export function refusedBy({ rowKernels: able }: Subject): readonly Refused[] {
  return calls.filter(({ operation }) => able || !rowKernels.has(operation));
}

const wrongRows = [-1, 3, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32];

/** A row out of range is a RangeError that names the kernel, the place and the row, before anything is written. */
export const rowsAreChecked: Law<{ readonly row: number; readonly at: number; readonly take: boolean }> = {
  name: "rows out of range",
  cases: () => fc.record({ row: fc.constantFrom(...wrongRows), at: fc.nat(2), take: fc.boolean() }),
  check({ arithmetic: A }, { row, at, take: takes }) {
    const rows = [0, 2, 1].with(at, row);
    const [table, picked] = [filled(A, [3, 2], 1), filled(A, [3, 2], 2)];
    const error = errorOf(() => (takes ? take(A, picked, table, rows) : addAt(A, table, rows, picked)));
    const expected = `${takes ? "take" : "addAt"}: row ${at} is ${row}; expected an integer in [0, 3)`;
    if (!(error instanceof RangeError && error.message === expected)) throw new Broken(`${expected}, but ${error}`);
    const untouched = `${A.lower(table)};${A.lower(picked)}`;
    if (untouched !== "1,1,1,1,1,1;2,2,2,2,2,2") throw new Broken(`written before it looked: ${untouched}`);
  },
  defects: ({ arithmetic: A }) => ({
    "take counts from the end": {
      take: (out, a, rows) =>
        take(
          A,
          out,
          a,
          Array.from(rows, (row) => (row < 0 ? row + a.shape[0] : row)),
        ),
    },
    "addAt leaves rows out that it has not": {
      addAt(out, rows, a) {
        const inside = Array.from(rows, (row, i) => ({ row, i })).filter(({ row }) => row >= 0 && row < out.shape[0]);
        for (const { row, i } of inside) {
          addAt(A, out, [row], { ...a, offset: a.offset + i * a.strides[0], shape: [1, ...a.shape.slice(1)] });
        }
      },
    },
  }),
};

/** What is no operation, such as its name alone, is refused, also from JavaScript, where no type stops it. */
export const operationsAreChecked: Law<{ readonly kernel: "unary" | "binary"; readonly given: unknown }> = {
  name: "what is no operation",
  cases: () =>
    fc.record({
      kernel: fc.constantFrom("unary", "binary"),
      given: fc.constantFrom<unknown>("tanh", "add", "", { name: "Tanh" }, { name: "max" }),
    }),
  check({ arithmetic: A }, { kernel, given }) {
    const [out, a] = [filled(A, [2], 1), filled(A, [2], 2)];
    const error = errorOf(() => {
      if (kernel === "unary") A.unary(given as op.Unary, out, a);
      else A.binary(given as op.Binary, out, a, a);
    });
    if (!(error instanceof Error && / operation/.test(error.message))) {
      throw new Broken(`${kernel} ${JSON.stringify(given)}: ${error ?? "was not refused"}`);
    }
  },
  defects: ({ arithmetic: A }) => ({
    "unary does nothing instead": { unary: () => {} },
    "binary adds instead": { binary: (_, out, a, b) => A.binary(op.add, out, a, b) },
  }),
};
