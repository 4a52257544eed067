import { isContiguous, type Mode, sizeOf, type Tensor, type UnaryOperation } from "@gradproof/arithmetic";
import type * as op from "@gradproof/arithmetic/operations";

/** A kernel of an arithmetic, with what it is told besides its tensors. */
export type Kernel =
  | { readonly name: "copy" | "softmax" | "logSumExp" | "timesOneMinusSquare" }
  | { readonly name: "gemm"; readonly mode: Mode }
  /** Several steps, of which the states are the output and the sums, which it adds to, the first input. */
  | { readonly name: "recurrence"; readonly f: UnaryOperation | "timesOneMinusSquare" }
  | { readonly name: "sum"; readonly mode: Mode }
  | { readonly name: "unary"; readonly operation: op.Unary }
  | { readonly name: "binary"; readonly operation: op.Binary }
  | { readonly name: "take" | "addAt"; readonly rows: readonly number[] };

/** Where the elements of a buffer come from: an input of the function, memory that it only reads, or a kernel. */
export type Origin<S> =
  | { readonly kind: "input"; readonly index: number }
  | { readonly kind: "constant"; readonly store: S; readonly offset: number }
  | { readonly kind: "computed" };

/** Memory that calls name before it is known where it will lie. */
export interface Buffer<S> {
  readonly elements: number;
  readonly origin: Origin<S>;
}

/** A tensor whose memory is not known yet. */
export type View<S> = Tensor<Buffer<S>>;

/** One call of a kernel. */
export interface Call<S> {
  readonly kernel: Kernel;
  readonly out: View<S>;
  readonly inputs: readonly View<S>[];
}

/** A function as the calls that it makes, in their order, and the views that hold its results. */
export interface CallList<S> {
  readonly inputs: readonly View<S>[];
  readonly calls: readonly Call<S>[];
  readonly results: readonly View<S>[];
}

/** Whether the call reads its output before it writes it. */
export function readsOutput<S>({ kernel }: Call<S>): boolean {
  return kernel.name === "addAt" || ("mode" in kernel && kernel.mode === "accumulate");
}

/** Whether each element of the output is computed from those in its place alone, so that it may be written over them. */
export function isElementwise<S>({ kernel }: Call<S>): boolean {
  return kernel.name === "unary" || kernel.name === "binary" || kernel.name === "timesOneMinusSquare";
}

/** Whether two views of one buffer have the same elements in the same places. */
export function isSameView(a: Layout, b: Layout): boolean {
  return a.offset === b.offset && String(a.shape) === String(b.shape) && String(a.strides) === String(b.strides);
}

type Layout = Omit<Tensor<unknown>, "store">;

/** What the kernel does, in one word for messages and comparisons; calls of one word do the same to like tensors. */
export function kernelText(kernel: Kernel): string {
  if ("operation" in kernel) return kernel.operation.name;
  return "mode" in kernel ? `${kernel.name} ${kernel.mode}` : kernel.name;
}

/** The results that have a computed buffer of their own, and may so be computed where the user gets them. */
export function ownResults<S>({ results }: CallList<S>): ReadonlySet<View<S>> {
  const own = new Map<Buffer<S>, View<S>>();
  for (const result of results) {
    const { store, shape } = result;
    const isWhole = store.origin.kind === "computed" && sizeOf(shape) === store.elements && isContiguous(result);
    if (isWhole && !own.has(store)) own.set(store, result);
  }
  return new Set(own.values());
}
