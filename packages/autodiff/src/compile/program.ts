import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import type { Call, CallList, View } from "./call.ts";
import type { Layout } from "./plan/layout.ts";

/** A call list with its memory: runs without allocating anything. */
export interface Program<S> {
  /** Where the inputs are to be copied before a run. */
  readonly inputs: readonly Tensor<S>[];
  /** What a run leaves, until the next one. */
  readonly results: readonly Tensor<S>[];
  run(): void;
}

/** Takes the memory that the layout asks for, and makes every tensor of every call once. */
export function programOf<S>(A: Arithmetic<S>, list: CallList<S>, layout: Layout<S>): Program<S> {
  const { store: memory } = A.empty([layout.elements]);

  function tensorOf({ store: buffer, offset, shape, strides }: View<S>): Tensor<S> {
    const { origin } = buffer;
    if (origin.kind === "constant") return { store: origin.store, offset: origin.offset + offset, shape, strides };
    return { store: memory, offset: layout.places.get(buffer)! + offset, shape, strides };
  }

  const steps = list.calls.map((call) => stepOf(A, call, tensorOf(call.out), call.inputs.map(tensorOf)));
  return {
    inputs: list.inputs.map((view) => tensorOf(view)),
    results: list.results.map(tensorOf),
    run() {
      for (let i = 0; i < steps.length; i++) steps[i]();
    },
  };
}

export function stepOf<S>(
  A: Arithmetic<S>,
  { kernel }: Call<S>,
  out: Tensor<S>,
  [a, b]: readonly Tensor<S>[],
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
    case "reduce":
      return () => A.reduce("sum", out, a, kernel.mode);
    case "softmax":
      return () => A.softmax(out, a);
    case "logSumExp":
      return () => A.logSumExp(out, a);
    case "take":
      return () => A.take(out, a, kernel.rows);
    case "addAt":
      return () => A.addAt(out, kernel.rows, a);
    case "timesOneMinusSquare":
      return () => A.timesOneMinusSquare?.(out, a, b);
  }
}
