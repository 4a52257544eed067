import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Arithmetic, Mode } from "../../src/arithmetic.ts";
import { logSumExp, softmax } from "../../src/composed.ts";
import type { BinaryOperation, UnaryOperation } from "../../src/field.ts";
import * as op from "../../src/operations.ts";
import { random } from "../../src/random.ts";
import { type SimdArithmetic, simd } from "../../src/simd/simd.ts";
import type { Tensor } from "../../src/tensor.ts";
import { threaded, threadedFrom } from "../../src/threads/threaded.ts";
import { slice, transpose } from "../../src/view.ts";
import { seed } from "../seed.ts";

const formats = ["float32", "float64"] as const;
const unary: readonly UnaryOperation[] = ["negate", "square", "reciprocal", "tanh", "sigmoid", "exp", "log1p", "relu"];
const binary: readonly BinaryOperation[] = ["add", "subtract", "multiply", "divide", "maximum"];
const modes: readonly Mode[] = ["write", "accumulate"];
/** Around one, two and three blocks of six and four rows, and vectors; [rows, columns, inner]. */
const products = [1, 5, 13, 25, 97].flatMap((rows) =>
  [1, 15, 33, 70].flatMap((columns) => [1, 97].map((inner) => [rows, columns, inner] as const)),
);

/** Results of many calls of every kernel that is cut, by what was called. */
function results<S>(A: Arithmetic<S>): Map<string, Float64Array> {
  const source = random(seed);
  const found = new Map<string, Float64Array>();
  const drawn = (...shape: number[]): Tensor<S> =>
    A.round(
      Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 4 * source.unit() - 2),
      shape,
    );
  /** The same elements, lying by columns. */
  const turned = (rows: number, columns: number) => transpose(drawn(columns, rows));
  const keep = (name: string, call: () => Tensor<S>) => A.scope(() => void found.set(name, A.lower(call())));

  for (const [rows, columns, inner] of products) {
    for (const mode of modes) {
      for (const layout of [0, 1, 2, 4, 7]) {
        keep(`gemm ${rows} ${columns} ${inner} ${mode} ${layout}`, () => {
          const place = (bit: number) => (layout & bit ? turned : drawn);
          const out = place(4)(rows, columns);
          A.gemm(out, place(2)(rows, inner), place(1)(inner, columns), mode);
          return out;
        });
      }
    }
  }
  for (const [rows, columns] of [
    [1, 200],
    [2, 3],
    [7, 33],
    [64, 40],
  ] as const) {
    for (const operation of unary) {
      keep(`${operation} ${rows} ${columns}`, () => {
        const out = A.empty([rows, columns]);
        A.unary(op[operation], out, turned(rows, columns));
        A.unary(op[operation], out, out);
        return out;
      });
    }
    for (const operation of binary) {
      keep(`${operation} ${rows} ${columns}`, () => {
        const out = A.empty([3, rows, columns]);
        A.binary(op[operation], out, drawn(3, rows, columns), drawn(columns));
        A.binary(op[operation], out, out, slice(drawn(5, rows, 1), 1, 4));
        return out;
      });
    }
    keep(`softmax ${rows} ${columns}`, () => {
      const out = A.empty([rows, columns]);
      softmax(A, out, turned(rows, columns));
      return out;
    });
    keep(`logSumExp ${rows} ${columns}`, () => {
      const out = A.empty([rows, 1]);
      logSumExp(A, out, drawn(rows, columns));
      return out;
    });
  }
  for (const [steps, rows, columns] of [
    [3, 1, 9],
    [4, 5, 16],
    [5, 8, 33],
    [3, 26, 12],
  ] as const) {
    for (const f of ["tanh", "relu", "timesOneMinusSquare"] as const) {
      keep(`recurrence ${f} ${steps} ${rows} ${columns}`, () => {
        const [states, sums] = [drawn(steps + 1, rows, columns), drawn(steps, rows, columns)];
        const beside = f === "timesOneMinusSquare" ? drawn(steps, rows, columns) : undefined;
        A.recurrence?.(f, states, sums, turned(columns, columns), beside);
        return states;
      });
    }
  }
  return found;
}

function differing(actual: Map<string, Float64Array>, expected: Map<string, Float64Array>): string[] {
  return [...expected.keys()].filter((name) => {
    const [x, y] = [actual.get(name), expected.get(name)];
    return x?.length !== y?.length || y?.some((value, i) => !Object.is(value, x?.[i]));
  });
}

/** Until all threads look for parts: what is asked of them before does the caller alone. */
async function started<A extends { readonly threads: number; readonly started: number }>(A: A): Promise<A> {
  await vi.waitFor(() => expect(A.started).toBe(A.threads), { timeout: 20_000 });
  return A;
}

afterEach(() => vi.unstubAllGlobals());

describe.each(formats)("%s", (format) => {
  test.each([true, false])(
    "deterministic %s: every kernel has the bits of simd, cut into 2 and into 3 parts",
    async (deterministic) => {
      const expected = results(simd(format, { deterministic }));
      for (const threads of [2, 3]) {
        const A = await started(threadedFrom(format, { deterministic, threads }, 0));
        expect(differing(results(A), expected)).toEqual([]);
        A.close();
      }
      expect(expected.size).toBeGreaterThan(400);
    },
  );
});

test("a kernel whose parts overlap by a row is not equal", () => {
  const A = simd("float32");
  const overlapping: SimdArithmetic = {
    ...A,
    gemm(out, a, b, mode) {
      A.gemm(out, a, b, mode);
      A.gemm(slice(out, 0, 1), slice(a, 0, 1), b, mode);
    },
  };
  expect(differing(results(overlapping), results(A)).length).toBeGreaterThan(50);
});

test("memory grows in the middle of a step, and threads see what was put there", async () => {
  const [one, two] = [simd("float32"), await started(threadedFrom("float32", { threads: 3 }, 0))];
  const step = (A: SimdArithmetic): { readonly sums: string; readonly bytes: number } => {
    const parts: Float64Array[] = [];
    A.scope(() => {
      for (let turn = 1; turn < 8; turn++) {
        const large = A.empty([turn * 200, 256]);
        A.copy(large, A.ratio(turn, 3));
        const out = A.empty([turn * 200, turn * 200]);
        A.gemm(out, large, transpose(large), "write");
        parts.push(A.lower(slice(out, turn * 200 - 1, turn * 200)));
      }
    });
    return { sums: parts.map((part) => part.join()).join(), bytes: A.memoryBytes() };
  };
  const before = two.memoryBytes();
  const [expected, actual] = [step(one), step(two)];
  expect(actual.sums === expected.sums).toBe(true);
  expect(actual.bytes).toBeGreaterThan(4 * before);
  two.close();
});

test("after close the caller goes on alone, with the same tensors", async () => {
  const A = await started(threadedFrom("float64", { threads: 2 }, 0));
  const t = A.lift([1, 2, 3, 4], [2, 2]);
  A.close();
  A.close();
  const out = A.empty([2, 2]);
  A.gemm(out, t, t, "write");
  expect(Array.from(A.lower(out))).toEqual([7, 10, 15, 22]);
  expect(A.started).toBe(1);
});

test("as many threads as the machine has processors, where it is not said", () => {
  vi.stubGlobal("navigator", { hardwareConcurrency: 3 });
  const A = threaded("float32");
  expect(A.threads).toBe(3);
  A.close();
});

test.each([0, 65, 1.5, Number.NaN])("%d threads are refused", (threads) => {
  expect(() => threaded("float32", { threads })).toThrow(
    `threaded: ${threads} threads; expected a whole number from 1`,
  );
});

test("where memory cannot be shared it says what a page needs", () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect(() => threaded("float32")).toThrow(/cross-origin isolated, by the headers Cross-Origin-Opener-Policy/);
});

test("where the caller must not wait it says where to call it", () => {
  const wait = () => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  };
  vi.stubGlobal("Atomics", { wait });
  expect(() => threaded("float32")).toThrow(/main thread must not wait.* in a worker/);
});

test("where no threads can be started it says so", () => {
  vi.stubGlobal("process", {});
  expect(() => threaded("float32", { threads: 2 })).toThrow(/starts no threads; expected Node 20.16/);
});

test("Node ends although nobody has closed the threads", () => {
  const entry = JSON.stringify(new URL("../../src/threads/index.ts", import.meta.url).href);
  const program = `const { threaded } = await import(${entry});
    const A = threaded("float32", { threads: 3 });
    while (A.started < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    console.log("started");`;
  const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(stdout).toBe("started\n");
  expect(status).toBe(0);
});
