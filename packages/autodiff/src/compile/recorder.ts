import { type Arithmetic, reshape, sizeOf, type Tensor } from "@gradproof/arithmetic";
import type { StandIn } from "../variable.ts";
import type { Buffer, Call, Kernel, Origin, View } from "./call.ts";

/**
 * Stands for an arithmetic while a function runs: notes the calls of its kernels and computes nothing, so that the
 * function's tensors have no elements. What is made of numbers alone is computed at once, a constant.
 */
export interface Recorder<S> {
  readonly arithmetic: StandIn<S>;
  /** A tensor for an input of that shape. */
  input(shape: readonly number[]): Tensor<S>;
  /** A tensor of the function, or one made outside, as a view. */
  viewOf(t: Tensor<S>): View<S>;
  /** The calls so far. */
  calls(): Call<S>[];
}

/** A recorder of the arithmetic's calls; to be used where no scope ends its constants. */
export function recorder<S>(base: Arithmetic<S>): Recorder<S> {
  let inputs = 0;
  const calls: Call<S>[] = [];
  /** Copies of constants that a call writes to: what every run has to begin with. */
  const beginnings: Call<S>[] = [];
  const buffers = new Map<S, Buffer<S>>();
  const own = new Set<Buffer<S>>();
  /** Equal quotients are one constant, so that calls at different steps are seen to have the same operand. */
  const ratios = new Map<string, Buffer<S>>();

  function made(shape: readonly number[], origin: Origin<S>): Tensor<S> {
    return tensorIn({ elements: sizeOf(shape), origin }, shape);
  }

  function tensorIn(buffer: Buffer<S>, shape: readonly number[]): Tensor<S> {
    const store = unreadable<S>(base.name);
    buffers.set(store, buffer);
    own.add(buffer);
    return reshape({ store, offset: 0, shape: [buffer.elements], strides: [1] }, shape);
  }

  function constant({ store, offset, shape }: Tensor<S>): Tensor<S> {
    return made(shape, { kind: "constant", store, offset });
  }

  function bufferOf(store: S): Buffer<S> {
    let buffer = buffers.get(store);
    if (!buffer) {
      buffer = { elements: Number.POSITIVE_INFINITY, origin: { kind: "constant", store, offset: 0 } };
      buffers.set(store, buffer);
    }
    return buffer;
  }

  function viewOf({ store, offset, shape, strides }: Tensor<S>): View<S> {
    return { store: bufferOf(store), offset, shape, strides };
  }

  /** The view of a tensor to be written; a constant becomes memory that begins as a copy of it. */
  function written(kernel: Kernel, t: Tensor<S>): View<S> {
    const buffer = bufferOf(t.store);
    if (buffer.origin.kind === "computed") return viewOf(t);
    if (buffer.origin.kind === "input" || !own.has(buffer)) {
      const what = buffer.origin.kind === "input" ? "an input" : "a tensor made outside of it";
      throw new Error(`compile: the function writes to ${what}, by ${kernel.name}; expected it to write to its own`);
    }
    const whole = { offset: 0, shape: [buffer.elements], strides: [1] };
    const copied: Buffer<S> = { elements: buffer.elements, origin: { kind: "computed" } };
    // Earlier calls read the constant; from here on the tensor is the copy.
    beginnings.push({
      kernel: { name: "copy" },
      out: { store: copied, ...whole },
      inputs: [{ store: buffer, ...whole }],
    });
    buffers.set(t.store, copied);
    own.add(copied);
    return viewOf(t);
  }

  function call(kernel: Kernel, out: Tensor<S>, ...read: Tensor<S>[]): void {
    const from = read.map(viewOf);
    calls.push({ kernel, out: written(kernel, out), inputs: from });
  }

  /** The tensor with its elements, where it is a constant. */
  function constantOf(reader: string, t: Tensor<S>): Tensor<S> {
    const { origin } = bufferOf(t.store);
    if (origin.kind === "constant") return { ...t, store: origin.store, offset: origin.offset + t.offset };
    throw new Error(
      `compile: ${reader} reads values while the function is recorded, when there are none; expected a function whose calls do not depend on values: read results outside, or do not compile the part that reads`,
    );
  }

  const arithmetic: StandIn<S> = {
    standsFor: base,
    name: base.name,
    unitRoundoff: base.unitRoundoff,
    scope: (body) => body(),
    lasting: (body) => body(),
    empty: (shape) => made(shape, { kind: "computed" }),
    lift: (values, shape) => constant(base.lift(values, shape)),
    round: (values, shape) => constant(base.round(values, shape)),
    ratio(numerator, denominator) {
      const quotient = `${numerator} / ${denominator}`;
      let buffer = ratios.get(quotient);
      if (!buffer) {
        const { store, offset } = base.ratio(numerator, denominator);
        buffer = { elements: 1, origin: { kind: "constant", store, offset } };
        ratios.set(quotient, buffer);
      }
      return tensorIn(buffer, []);
    },
    lower: (t) => base.lower(constantOf("lower", t)),
    same: (a, b) => base.same(constantOf("same", a), constantOf("same", b)),
    copy: (out, a) => call({ name: "copy" }, out, a),
    gemm: (out, a, b, mode) => call({ name: "gemm", mode }, out, a, b),
    unary: (operation, out, a) => call({ name: "unary", operation }, out, a),
    binary: (operation, out, a, b) => call({ name: "binary", operation }, out, a, b),
    sum: (out, a, mode) => call({ name: "sum", mode }, withAxes(out, a.shape.length), a),
    softmax: (out, a) => call({ name: "softmax" }, out, a),
    logSumExp: (out, a) => call({ name: "logSumExp" }, out, a),
    take: (out, a, rows) => call({ name: "take", rows: Array.from(rows) }, out, a),
    addAt: (out, rows, a) => call({ name: "addAt", rows: Array.from(rows) }, out, a),
    ...(base.timesOneMinusSquare && {
      timesOneMinusSquare: (out: Tensor<S>, a: Tensor<S>, b: Tensor<S>) =>
        call({ name: "timesOneMinusSquare" }, out, a, b),
    }),
  };

  return {
    arithmetic,
    viewOf,
    calls: () => [...beginnings, ...calls],
    input: (shape) => made(shape, { kind: "input", index: inputs++ }),
  };
}

/** A store without elements: an arithmetic that touches it, instead of the one that stands for it, says so. */
function unreadable<S>(name: string): S {
  const touched = (): never => {
    throw new Error(
      `compile: ${name} was given a tensor of the function that is being recorded; expected the arithmetic of its variables, as in x.arithmetic`,
    );
  };
  return new Proxy({}, { get: touched, set: touched, has: touched, getPrototypeOf: touched }) as S;
}

/** A view with that many axes, the new ones first and of length 1. */
function withAxes<S>({ store, offset, shape, strides }: Tensor<S>, count: number): Tensor<S> {
  const added = new Array<number>(Math.max(0, count - shape.length));
  return { store, offset, shape: [...added.fill(1), ...shape], strides: [...added.fill(0), ...strides] };
}
