import { type Arithmetic, addAt, isContiguous, logSumExp, softmax, type Tensor, take } from "@gradproof/arithmetic";
import { type Buffer, type Call, type CallList, ownResults, type View } from "./call.ts";
import type { Layout } from "./plan/layout.ts";

/** A call list with its memory. */
export interface Program<S> {
  /** Computes new tensors of the results from the inputs, and allocates nothing else. */
  run(inputs: readonly Tensor<S>[]): Tensor<S>[];
}

/** A tensor whose memory is changed, between runs alone. */
type Movable<S> = { -readonly [K in keyof Tensor<S>]: Tensor<S>[K] };

/** Memory of an input or a result, which is another one at each run, and the tensors that lie in it. */
interface Outside<S> {
  store: S | undefined;
  offset: number;
  readonly tensors: { readonly tensor: Movable<S>; readonly offset: number }[];
}

/** Takes the memory that the layout asks for, and makes every tensor of every call once. */
export function programOf<S>(A: Arithmetic<S>, list: CallList<S>, layout: Layout<S>): Program<S> {
  const { store: memory } = A.empty([layout.elements]);
  const outside = new Map<Buffer<S>, Outside<S>>();
  const beOutside = (buffer: Buffer<S>) => outside.set(buffer, { store: undefined, offset: 0, tensors: [] });
  for (const { store } of list.inputs) beOutside(store);
  const own = ownResults(list);
  for (const { store } of own) beOutside(store);

  function tensorOf({ store: buffer, offset, shape, strides }: View<S>): Tensor<S> {
    const { origin } = buffer;
    if (origin.kind === "constant") return { store: origin.store, offset: origin.offset + offset, shape, strides };
    const where = outside.get(buffer);
    const tensor = { store: memory, offset: (where ? 0 : layout.places.get(buffer)!) + offset, shape, strides };
    where?.tensors.push({ tensor, offset });
    return tensor;
  }

  const steps = list.calls.map((call) => stepOf(A, call, tensorOf(call.out), call.inputs.map(tensorOf)));
  const results = list.results.map(tensorOf);
  const inputs = list.inputs.map(({ store }) => outside.get(store)!);
  const staged = new Map<number, Tensor<S>>();

  /** The input, or a copy of it with its elements one behind the other. */
  function rowMajor(t: Tensor<S>, i: number): Tensor<S> {
    if (isContiguous(t)) return t;
    let copy = staged.get(i);
    if (!copy) {
      A.lasting(() => {
        copy = A.empty(t.shape);
      });
      staged.set(i, copy!);
    }
    A.copy(copy!, t);
    return copy!;
  }

  return {
    run(given) {
      for (let i = 0; i < given.length; i++) move(inputs[i], rowMajor(given[i], i));
      const made: Tensor<S>[] = [];
      for (let i = 0; i < results.length; i++) {
        made.push(A.empty(results[i].shape));
        if (own.has(list.results[i])) move(outside.get(list.results[i].store)!, made[i]);
      }
      for (let i = 0; i < steps.length; i++) steps[i]();
      for (let i = 0; i < results.length; i++) if (!own.has(list.results[i])) A.copy(made[i], results[i]);
      return made;
    },
  };
}

function move<S>(where: Outside<S>, { store, offset }: Tensor<S>): void {
  if (where.store === store && where.offset === offset) return;
  where.store = store;
  where.offset = offset;
  for (const { tensor, offset: own } of where.tensors) {
    tensor.store = store;
    tensor.offset = offset + own;
  }
}

export function stepOf<S>(
  A: Arithmetic<S>,
  { kernel }: Call<S>,
  out: Tensor<S>,
  [a, b, c]: readonly Tensor<S>[],
): () => void {
  switch (kernel.name) {
    case "copy":
      return () => A.copy(out, a);
    case "gemm":
      return () => A.gemm(out, a, b, kernel.mode);
    case "unary":
      return () => A.unary(kernel.operation, out, a);
    case "binary":
      return () => A.binary(kernel.operation, out, a, b);
    case "sum":
      return () => A.sum(out, a, kernel.mode);
    case "softmax":
      return () => softmax(A, out, a);
    case "logSumExp":
      return () => logSumExp(A, out, a);
    case "take":
      return () => take(A, out, a, kernel.rows);
    case "addAt":
      return () => addAt(A, out, kernel.rows, a);
    case "recurrence":
      return () => A.recurrence?.(kernel.f, out, a, b, c);
    case "timesOneMinusSquare":
      return () => A.timesOneMinusSquare?.(out, a, b);
  }
}
