import type { Arithmetic } from "../../src/arithmetic.ts";
import { addAt, logSumExp, softmax, take } from "../../src/composed.ts";
import type { Tensor } from "../../src/tensor.ts";

type Spoil<S> = (out: Tensor<S>, inputs: readonly Tensor<S>[]) => void;

/** The kernels of an arithmetic, each followed by the same mischief. */
export function followedBy<S>(A: Arithmetic<S>, spoil: Spoil<S>): Partial<Arithmetic<S>> {
  return around(A, (kernel, out, inputs) => {
    kernel();
    spoil(out, inputs);
  });
}

/** The kernels of an arithmetic, each after the same mischief. */
export function precededBy<S>(A: Arithmetic<S>, spoil: Spoil<S>): Partial<Arithmetic<S>> {
  return around(A, (kernel, out, inputs) => {
    spoil(out, inputs);
    kernel();
  });
}

function around<S>(
  A: Arithmetic<S>,
  run: (kernel: () => void, out: Tensor<S>, inputs: readonly Tensor<S>[]) => void,
): Partial<Arithmetic<S>> {
  return {
    copy: (out, a) => run(() => A.copy(out, a), out, [a]),
    gemm: (out, a, b, mode) => run(() => A.gemm(out, a, b, mode), out, [a, b]),
    unary: (operation, out, a) => run(() => A.unary(operation, out, a), out, [a]),
    binary: (operation, out, a, b) => run(() => A.binary(operation, out, a, b), out, [a, b]),
    sum: (out, a, mode) => run(() => A.sum(out, a, mode), out, [a]),
    softmax: (out, a) => run(() => softmax(A, out, a), out, [a]),
    logSumExp: (out, a) => run(() => logSumExp(A, out, a), out, [a]),
    take: (out, a, rows) => run(() => take(A, out, a, rows), out, [a]),
    addAt: (out, rows, a) => run(() => addAt(A, out, rows, a), out, [a]),
  };
}
