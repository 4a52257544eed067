import fc from "fast-check";
import { addAt, take } from "../../src/composed.ts";
import * as op from "../../src/operations.ts";
import { sameShape, type Tensor } from "../../src/tensor.ts";
import { drawn, filled, type Subject } from "../arithmetics.ts";
import { type Numbers, numbersOf, smallIntegers, withSpecials } from "../draws.ts";
import { elementAt, type Layout, layouts, offsetsOf, place, storedShape, writable } from "../layouts.ts";
import { plainResult, plainUnary } from "../plain-kernels.ts";
import { elementwise, gemms, type Problem, perform, problems } from "../problems.ts";
import { followedBy } from "./defects.ts";
import { expectBits, expectSame } from "./expectations.ts";
import type { Law } from "./law.ts";

type T = Tensor<unknown>;

export interface Case {
  readonly problem: Problem;
  readonly numbers: Numbers;
}

export interface Laid extends Case {
  readonly layouts: readonly Layout[];
}

const threeLayouts = fc.array(layouts, { minLength: 3, maxLength: 3 });

/** Other numbers for each tensor of a call: the output's are those of place 0. */
export function numbersAt({ k, halvings }: Numbers, index: number): Numbers {
  return { k: k.map((_, i) => k[(i + 5 * index) % k.length]), halvings };
}

/** On small integers a kernel gives what plain loops over numbers give. */
export const plainLoops: Law<Case> = {
  name: "plain loops on small integers",
  runs: 1000,
  cases: (subject) => {
    const exact = subject.binary.filter((operation) => operation !== "divide");
    const able = { unary: plainUnary, binary: exact, rowKernels: false };
    return fc.record({ problem: problems(able), numbers: smallIntegers });
  },
  check({ arithmetic: A }, { problem, numbers }) {
    const values = [problem.out, ...problem.inputs].map((shape, i) => numbersOf(numbersAt(numbers, i), shape));
    const [out, ...inputs] = [problem.out, ...problem.inputs].map((shape, i) => A.lift(values[i], shape));
    perform(A, problem, out, inputs);
    const expected = plainResult(problem, values[0], values.slice(1));
    A.binary(op.add, out, out, A.ratio(0, 1));
    expectSame(
      A,
      out,
      A.lift(
        expected.map((x) => x + 0),
        problem.out,
      ),
      JSON.stringify(problem),
    );
  },
  defects: ({ arithmetic: A }) => ({
    "gemm forgets the last product": {
      gemm: (out, a, b, mode) => {
        const inner = Math.max(a.shape[1] - 1, 0);
        A.gemm(out, { ...a, shape: [a.shape[0], inner] }, { ...b, shape: [inner, b.shape[1]] }, mode);
      },
    },
    "write accumulates": { sum: (out, a) => A.sum(out, a, "accumulate") },
    "take takes the first rows": {
      take: (out, a, rows) =>
        take(
          A,
          out,
          a,
          Array.from(rows, () => 0),
        ),
    },
    "addAt overwrites": {
      addAt(out, rows, a) {
        addAt(A, out, rows, a);
        if (rows.length > 0) A.copy(rowOf(out, rows[0]), rowOf(a, 0));
      },
    },
    "step is 1 at 0": {
      unary(operation, out, a) {
        if (operation.name !== "step") return A.unary(operation, out, a);
        A.unary(op.negate, out, a);
        A.unary(op.step, out, out);
        A.unary(op.oneMinus, out, out);
      },
    },
  }),
};

function rowOf(t: T, index: number): T {
  return { ...t, offset: t.offset + index * t.strides[0], shape: t.shape.slice(1), strides: t.strides.slice(1) };
}

export function laid(subject: Subject): fc.Arbitrary<Laid> {
  return fc.record({ problem: problems(subject), numbers: subject.numbers, layouts: threeLayouts });
}

/** The tensors of a call in their layouts, and the same elements contiguous. */
export function placed(subject: Subject, { problem, numbers, layouts }: Laid) {
  const A = subject.arithmetic;
  const shapes = [problem.out, ...problem.inputs];
  const all = shapes.map((shape, i) => {
    const layout = i === 0 ? writable(layouts[0]) : layouts[i];
    const elements = drawn(subject, numbersAt(numbers, i), storedShape(shape, layout));
    const { tensor, memory } = place(A, shape, layout, elements);
    const compact = A.empty(shape);
    A.copy(compact, tensor);
    return { tensor, memory, compact };
  });
  return { out: all[0], inputs: all.slice(1) };
}

/** Where the elements lie in memory makes no difference: transposed, sliced and repeated views are computed alike. */
export const layoutIndependence: Law<Laid> = {
  name: "any layout gives the same",
  runs: 1000,
  cases: laid,
  check(subject, drawnCase) {
    const { arithmetic: A } = subject;
    const { problem } = drawnCase;
    const { out, inputs } = placed(subject, drawnCase);
    perform(
      A,
      problem,
      out.tensor,
      inputs.map(({ tensor }) => tensor),
    );
    perform(
      A,
      problem,
      out.compact,
      inputs.map(({ compact }) => compact),
    );
    expectSame(A, out.tensor, out.compact, JSON.stringify(problem));
  },
  defects: ({ arithmetic: A }) => ({
    "gemm reads b as if it were not transposed": {
      gemm: (out, a, b, mode) => A.gemm(out, a, { ...b, strides: [b.shape[1], 1] }, mode),
    },
    "unary writes as if the output were contiguous": {
      unary: (operation, out, a) =>
        A.unary(operation, { ...out, strides: out.strides.map((s, i) => (i === out.strides.length - 1 ? 1 : s)) }, a),
    },
  }),
};

/** Inputs of a call broadcast by NumPy's rule, each element looked up by its index. */
function broadcastByIndex(subject: Subject, shape: readonly number[], t: T): T {
  const { arithmetic: A } = subject;
  const out = A.empty(shape);
  const lead = shape.length - t.shape.length;
  offsetsOf(out).forEach((offset, i) => {
    let rest = i;
    let from = t.offset;
    for (let axis = shape.length - 1; axis >= lead; axis--) {
      const index = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
      if (t.shape[axis - lead] !== 1) from += index * t.strides[axis - lead];
    }
    A.copy(elementAt(out, offset), elementAt(t, from));
  });
  return out;
}

/** Operands are aligned at their last axes and repeated along axes of length 1 and missing ones: NumPy's rule. */
export const broadcasting: Law<Case> = {
  name: "broadcasting is NumPy's",
  runs: 500,
  cases: (subject) => fc.record({ problem: elementwise(subject), numbers: subject.numbers }),
  check(subject, { problem, numbers }) {
    const A = subject.arithmetic;
    const inputs = problem.inputs.map((shape, i) => drawn(subject, numbersAt(numbers, i + 1), shape));
    const whole = inputs.map((t) => broadcastByIndex(subject, problem.out, t));
    const [out, expected] = [A.empty(problem.out), A.empty(problem.out)];
    perform(A, problem, out, inputs);
    perform(A, problem, expected, whole);
    expectSame(A, out, expected, JSON.stringify(problem));
  },
  defects: ({ arithmetic: A }) => ({
    "aligned at the first axes": {
      copy: (out, a) => A.copy(out, alignedAtFirst(out, a)),
      unary: (operation, out, a) => A.unary(operation, out, alignedAtFirst(out, a)),
    },
    "an operand that is repeated is repeated from its first element": {
      binary: (operation, out, a, b) =>
        A.binary(operation, out, a, sameShape(b.shape, out.shape) ? b : elementAt(b, b.offset)),
    },
  }),
};

/** `a` with axes of length 1 put behind its own instead of before, where that fits too. */
function alignedAtFirst(out: T, a: T): T {
  const missing = new Array<number>(out.shape.length - a.shape.length).fill(1);
  const shape = [...a.shape, ...missing];
  const fits = shape.every((length, axis) => length === 1 || length === out.shape[axis]);
  return fits ? { ...a, shape, strides: [...a.strides, ...missing] } : a;
}

function naively(subject: Subject, problem: Problem, out: ArrayLike<number>, inputs: readonly ArrayLike<number>[]) {
  const N = subject.reference!;
  const [result, ...operands] = [problem.out, ...problem.inputs].map((shape, i) => N.round([out, ...inputs][i], shape));
  perform(N, problem, result, operands);
  return N.lower(result);
}

const hasReference = ({ reference }: Subject): boolean => reference !== undefined;

/** Kernels made fast give the bits of the naive ones, wherever the elements lie and however the operations round. */
export const naiveBits: Law<Laid> = {
  name: "the naive kernels' bits",
  runs: 3000,
  appliesTo: hasReference,
  cases: (subject) =>
    fc.record({
      problem: problems(subject),
      numbers: subject.numbers,
      layouts: threeLayouts,
    }),
  check(subject, drawnCase) {
    const { arithmetic: A } = subject;
    const { problem } = drawnCase;
    const { out, inputs } = placed(subject, drawnCase);
    const expected = naively(
      subject,
      problem,
      A.lower(out.tensor),
      inputs.map(({ tensor }) => A.lower(tensor)),
    );
    perform(
      A,
      problem,
      out.tensor,
      inputs.map(({ tensor }) => tensor),
    );
    expectBits(A.lower(out.tensor), expected, JSON.stringify(problem));
  },
  defects: ({ arithmetic: A }) => ({
    "gemm sums from the last product to the first": {
      gemm: (out, a, b, mode) => {
        const [inner, last] = [a.shape[1], Math.max(a.shape[1] - 1, 0)];
        const from = { ...a, offset: a.offset + last * a.strides[1], strides: [a.strides[0], -a.strides[1]] };
        const to = { ...b, offset: b.offset + last * b.strides[0], strides: [-b.strides[0], b.strides[1]] };
        A.gemm(out, inner > 0 ? from : a, inner > 0 ? to : b, mode);
      },
    },
    "softmax does not subtract the largest": {
      softmax(out, a) {
        A.unary(op.exp, out, a);
        const sum = A.empty([...out.shape.slice(0, -1), 1]);
        A.sum(sum, out, "write");
        A.binary(op.divide, out, out, sum);
      },
    },
  }),
};

/** The naive kernels' bits where NaN, infinities, subnormals and zeros of both signs are among the elements. */
export const specialBits: Law<Laid> = {
  ...naiveBits,
  name: "the naive bits of special numbers",
  runs: 2000,
  // A comparison is the one operation that a shadow of NaN does not go through.
  appliesTo: (subject) => hasReference(subject) && !subject.field,
  cases: (subject) =>
    fc.record({
      problem: fc.oneof({ weight: 3, arbitrary: elementwise(subject) }, { weight: 1, arbitrary: problems(subject) }),
      numbers: withSpecials(subject.bits),
      layouts: threeLayouts,
    }),
  defects: ({ arithmetic: A }) => ({
    "relu of NaN is 0": {
      unary(operation, out, a) {
        A.unary(operation, out, a);
        if (operation.name !== "relu") return;
        const values = A.lower(out).map((x) => (Number.isNaN(x) ? 0 : x));
        A.copy(out, A.round(values, out.shape));
      },
    },
    "a result of 0 loses its sign": followedBy(A, (out) => {
      A.binary(op.add, out, out, A.ratio(0, 1));
    }),
  }),
};

/** The naive kernel's bits for every shape around the blocks of gemm, with operands transposed and not. */
export const gemmBlocks: Law<Laid> = {
  ...naiveBits,
  name: "the naive gemm's bits",
  runs: 2000,
  cases: (subject) => {
    const edge = fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9);
    return fc.record({ problem: gemms(edge), numbers: subject.numbers, layouts: threeLayouts });
  },
  defects: ({ arithmetic: A }) => ({
    "the odd last row is left out": {
      gemm(out, a, b, mode) {
        const rows = out.shape[0] > 2 ? out.shape[0] - (out.shape[0] % 2) : out.shape[0];
        A.gemm({ ...out, shape: [rows, out.shape[1]] }, { ...a, shape: [rows, a.shape[1]] }, b, mode);
      },
    },
    "columns past a block accumulate": {
      gemm(out, a, b, mode) {
        const whole = out.shape[1] - (out.shape[1] % 4);
        const part = (t: T, start: number, end: number): T => ({
          ...t,
          offset: t.offset + start * t.strides[1],
          shape: [t.shape[0], end - start],
        });
        A.gemm(part(out, 0, whole), a, part(b, 0, whole), mode);
        A.gemm(part(out, whole, out.shape[1]), a, part(b, whole, out.shape[1]), "accumulate");
      },
    },
  }),
};

/** Accumulating adds to what was there what writing would write, and from 0 is writing. */
export const accumulation: Law<Case> = {
  name: "accumulate adds what write writes",
  runs: 500,
  cases: (subject) =>
    fc.record({
      problem: problems(subject).filter(({ kernel }) => kernel === "gemm" || kernel === "reduce"),
      numbers: smallIntegers,
    }),
  check(subject, { problem, numbers }) {
    const A = subject.arithmetic;
    const exact = (shape: readonly number[], i: number): T =>
      subject.drawExact(numbersOf(numbersAt(numbers, i), shape), shape);
    const inputs = problem.inputs.map((shape, i) => exact(shape, i + 1));
    const before = exact(problem.out, 0);
    const [written, fromZero, sum] = [A.empty(problem.out), filled(A, problem.out, 0), A.empty(problem.out)];
    perform(A, { ...problem, mode: "write" }, written, inputs);
    perform(A, { ...problem, mode: "accumulate" }, fromZero, inputs);
    expectSame(A, fromZero, written, `${JSON.stringify(problem)} from 0`);
    A.binary(op.add, sum, before, written);
    perform(A, { ...problem, mode: "accumulate" }, before, inputs);
    // A sum that ends at 0 may do so with either sign.
    A.binary(op.add, sum, sum, A.ratio(0, 1));
    A.binary(op.add, before, before, A.ratio(0, 1));
    expectSame(A, before, sum, JSON.stringify(problem));
  },
  defects: ({ arithmetic: A }) => ({
    "accumulate writes": {
      gemm: (out, a, b) => A.gemm(out, a, b, "write"),
      sum: (out, a) => A.sum(out, a, "write"),
    },
    "accumulate adds twice": {
      gemm(out, a, b, mode) {
        A.gemm(out, a, b, mode);
        if (mode === "accumulate") A.gemm(out, a, b, mode);
      },
    },
  }),
};
