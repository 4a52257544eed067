import { checkRecurrence } from "../checks.ts";
import { OperationError } from "../errors.ts";
import type { UnaryOperation } from "../field.ts";
import type { FusedKernels, SlopeProduct } from "../fused.ts";
import type { Tensor } from "../tensor.ts";
import type { Heap, SimdStore } from "./heap.ts";
import type { Kernels } from "./kernels.ts";
import { binaryNumbers, unaryNumbers } from "./operation-numbers.ts";

/** The recurrence of one number type on a heap, and the workspace where it keeps its weight as it reads it: as large as any so far. */
export function recurrenceOn(heap: Heap, kernels: Kernels, bits: 32 | 64): FusedKernels<SimdStore>["recurrence"] {
  const size = bits / 8;
  let workspace = heap.store(0);
  const address = (t: Tensor<SimdStore>): number => (t.store.start + t.offset) * size;

  return (f, states, sums, weight, beside) => {
    checkRecurrence(states, sums, weight, beside);
    const number = beside ? binaryNumbers.get(f as SlopeProduct) : unaryNumbers.get(f as UnaryOperation);
    if (number === undefined) throw new OperationError(`simd float${bits}`, f, "has no such recurrence");
    const [L, B, N] = sums.shape;
    const needed = kernels.recurrenceBytes(B, N) / size;
    if (needed > workspace.elements) workspace = heap.store(needed);
    kernels.recurrence(
      number,
      address(states),
      states.strides[0] * size,
      states.strides[1] * size,
      address(sums),
      sums.strides[0] * size,
      sums.strides[1] * size,
      beside ? address(beside) : 0,
      beside ? beside.strides[0] * size : 0,
      beside ? beside.strides[1] * size : 0,
      address(weight),
      weight.strides[0] * size,
      weight.strides[1] * size,
      L,
      B,
      N,
      workspace.start * size,
    );
  };
}
