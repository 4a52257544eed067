import { type Arithmetic, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";

export const summationOrders = ["ascending", "descending", "halves", "blocks"] as const;
export type SummationOrder = (typeof summationOrders)[number];

/** The arithmetic with the sums of its products taken in another order, as other libraries do: all are correct. */
export function withSummationOrder<S>(A: Arithmetic<S>, order: SummationOrder): Arithmetic<S> {
  if (order === "ascending") return A;
  return {
    ...A,
    gemm(out, a, b, mode) {
      if (order === "descending")
        return A.gemm(out, reversedColumns(a), transpose(reversedColumns(transpose(b))), mode);
      const inner = a.shape[1];
      const length = order === "halves" ? Math.max(1, Math.ceil(inner / 2)) : 4;
      if (inner <= length) return A.gemm(out, a, b, mode);
      A.scope(() => {
        const part = A.empty(out.shape);
        for (let k = 0; k < inner; k += length) {
          const end = Math.min(k + length, inner);
          const [left, right] = [columns(a, k, end), transpose(columns(transpose(b), k, end))];
          if (k === 0 && mode === "write") {
            A.gemm(out, left, right, "write");
          } else {
            A.gemm(part, left, right, "write");
            A.binary(op.add, out, out, part);
          }
        }
      });
    },
  };
}

function reversedColumns<S>(t: Tensor<S>): Tensor<S> {
  const [rows, length] = t.shape;
  if (length === 0) return t;
  const offset = t.offset + (length - 1) * t.strides[1];
  return { store: t.store, offset, shape: [rows, length], strides: [t.strides[0], -t.strides[1]] };
}

function columns<S>(t: Tensor<S>, start: number, end: number): Tensor<S> {
  const shape = [t.shape[0], end - start];
  return { store: t.store, offset: t.offset + start * t.strides[1], shape, strides: t.strides };
}
