import fc from "fast-check";
import type { Arithmetic } from "../../src/arithmetic.ts";
import { take } from "../../src/composed.ts";
import * as op from "../../src/operations.ts";
import { sameShape, type Tensor } from "../../src/tensor.ts";
import { drawn, filled } from "../arithmetics.ts";
import type { Numbers } from "../draws.ts";
import { elementAt, offsetsOf } from "../layouts.ts";
import { elementwise, type Problem, perform, problems, readsOutput } from "../problems.ts";
import { followedBy, precededBy } from "./defects.ts";
import { Broken, expectSame, isSeen } from "./expectations.ts";
import { type Case, type Laid, laid, numbersAt, placed } from "./kernels.ts";
import type { Law } from "./law.ts";

type T = Tensor<unknown>;

function copyOf(A: Arithmetic<unknown>, t: T): T {
  const copied = A.empty(t.shape);
  A.copy(copied, t);
  return copied;
}

/** A kernel changes its output's elements alone: neither memory around and between them nor its inputs. */
export const onlyTheOutput: Law<Laid> = {
  name: "only the output changes",
  runs: 1000,
  cases: laid,
  check(subject, drawnCase) {
    const { arithmetic: A } = subject;
    const { problem } = drawnCase;
    const { out, inputs } = placed(subject, drawnCase);
    const before = copyOf(A, out.memory);
    const inputsBefore = inputs.map(({ memory }) => copyOf(A, memory));
    perform(
      A,
      problem,
      out.tensor,
      inputs.map(({ tensor }) => tensor),
    );
    inputs.forEach(({ memory }, i) => {
      expectSame(A, memory, inputsBefore[i], `input ${i} of ${JSON.stringify(problem)}`);
    });
    const written = new Set(offsetsOf(out.tensor));
    for (let i = 0; i < out.memory.shape[0]; i++) {
      const offset = out.memory.offset + i;
      if (written.has(offset)) continue;
      expectSame(
        A,
        elementAt(out.memory, offset),
        elementAt(before, before.offset + i),
        `memory beside ${JSON.stringify(problem)}`,
      );
    }
  },
  defects: ({ arithmetic: A }) => ({
    "writes the element behind its last": followedBy(A, (out) => {
      const offsets = offsetsOf(out);
      if (offsets.length > 0) addOne(A, elementAt(out, Math.max(...offsets) + 1));
    }),
    "changes what lies between its elements": followedBy(A, (out) => {
      const offsets = offsetsOf(out);
      const inside = offsets.length > 0 ? Math.max(...offsets) - Math.min(...offsets) + 1 : 0;
      for (let i = 0; i < inside; i++) {
        const offset = Math.min(...offsets) + i;
        if (!offsets.includes(offset)) addOne(A, elementAt(out, offset));
      }
    }),
    "uses its input as scratch": followedBy(A, (_, [a]) => {
      addOne(A, a);
    }),
  }),
};

function addOne(A: Arithmetic<unknown>, t: T): void {
  if (!isSeen(() => A.lower(t))) A.binary(op.add, t, t, A.ratio(1, 1));
}

/** Where a kernel writes, what was there before makes no difference, memory never written included. */
export const writesAfresh: Law<Case> = {
  name: "write ignores what was there",
  runs: 500,
  cases: (subject) =>
    fc.record({ problem: problems(subject).filter((problem) => !readsOutput(problem)), numbers: subject.numbers }),
  check(subject, { problem, numbers }) {
    const { arithmetic: A } = subject;
    const inputs = problem.inputs.map((shape, i) => drawn(subject, numbersAt(numbers, i + 1), shape));
    const [unwritten, full] = [A.empty(problem.out), drawn(subject, numbers, problem.out)];
    perform(A, problem, full, inputs);
    try {
      perform(A, problem, unwritten, inputs);
    } catch (error) {
      throw new Broken(`${JSON.stringify(problem)} onto unwritten memory: ${error}`);
    }
    expectSame(A, full, unwritten, JSON.stringify(problem));
  },
  defects: ({ arithmetic: A }) => ({
    "gemm always accumulates": { gemm: (out, a, b) => A.gemm(out, a, b, "accumulate") },
    "sum always accumulates": { sum: (out, a) => A.sum(out, a, "accumulate") },
    "take leaves the last row as it was": {
      take: (out, a, rows) => {
        const kept = Math.max(rows.length - 1, 1);
        take(
          A,
          { ...out, shape: [Math.min(kept, rows.length), ...out.shape.slice(1)] },
          a,
          Array.from(rows).slice(0, kept),
        );
      },
    },
  }),
};

interface Aliased {
  readonly problem: Problem;
  readonly numbers: Numbers;
  /** Which inputs are the output. */
  readonly aliases: readonly boolean[];
}

/** unary, binary and softmax may write onto an input, binary onto both. */
export const mayBeAnInput: Law<Aliased> = {
  name: "the output may be an input",
  runs: 500,
  cases: (subject) => {
    const { unary, binary, rowKernels } = subject;
    const calls = elementwise(subject).filter(({ kernel }) => kernel !== "copy");
    const softmaxes = problems({ unary, binary, rowKernels }).filter(({ kernel }) => kernel === "softmax");
    return fc.record({
      problem: rowKernels ? fc.oneof({ weight: 3, arbitrary: calls }, softmaxes) : calls,
      numbers: subject.numbers,
      aliases: fc.constantFrom([true, false], [false, true], [true, true]),
    });
  },
  check(subject, { problem, numbers, aliases }) {
    const { arithmetic: A } = subject;
    const out = drawn(subject, numbers, problem.out);
    const same = problem.inputs.map((shape, i) => (aliases[i] ?? true) && sameShape(shape, problem.out));
    const others = problem.inputs.map((shape, i) => drawn(subject, numbersAt(numbers, i + 1), shape));
    const expected = A.empty(problem.out);
    perform(
      A,
      problem,
      expected,
      same.map((alias, i) => (alias ? copyOf(A, out) : others[i])),
    );
    perform(
      A,
      problem,
      out,
      same.map((alias, i) => (alias ? out : others[i])),
    );
    expectSame(A, out, expected, `${JSON.stringify(problem)} onto ${same}`);
  },
  defects: ({ arithmetic: A }) => ({
    "clears its output first": precededBy(A, (out) => {
      A.copy(out, A.ratio(0, 1));
    }),
    "binary reads what it has written": {
      binary(operation, out, a, b) {
        A.binary(operation, out, a, b);
        if (b === out) A.binary(operation, out, a, b);
      },
    },
  }),
};

/** What was never written is never lost in a result: it comes out as NaN, or the kernel or the reader throws. */
export const poisonShows: Law<Case & { readonly unwritten: number }> = {
  name: "unwritten memory shows",
  runs: 500,
  cases: (subject) => fc.record({ problem: problems(subject, 1), numbers: subject.numbers, unwritten: fc.nat(2) }),
  check(subject, { problem, numbers, unwritten }) {
    const { arithmetic: A } = subject;
    const at = readsOutput(problem) ? unwritten % (problem.inputs.length + 1) : 1 + (unwritten % problem.inputs.length);
    const [out, ...inputs] = [problem.out, ...problem.inputs].map((shape, i) =>
      i === at ? A.empty(shape) : drawn(subject, numbersAt(numbers, i), shape),
    );
    const seen = isSeen(() => {
      perform(A, problem, out, inputs);
      return A.lower(out);
    });
    if (!seen) throw new Broken(`${JSON.stringify(problem)} of an unwritten tensor gives ${A.lower(out)}`);
  },
  defects: ({ arithmetic: A }) => ({
    "empty is full of zeros": { empty: (shape) => filled(A, shape, 0) },
    "relu takes it for negative": {
      unary(operation, out, a) {
        if (operation.name === "relu" && isSeen(() => A.lower(a))) A.copy(out, A.ratio(0, 1));
        else A.unary(operation, out, a);
      },
    },
  }),
};
