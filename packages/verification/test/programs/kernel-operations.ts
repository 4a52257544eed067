import type { Operations } from "@gradproof/arbitraries";
import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { contractions } from "./kernels/contractions.ts";
import { elementwise } from "./kernels/elementwise.ts";
import { folds } from "./kernels/folds.ts";
import { layout } from "./kernels/layout.ts";
import { matrices } from "./kernels/matrices.ts";
import { rearrangements } from "./kernels/rearrangements.ts";
import { reductions } from "./kernels/reductions.ts";

/**
 * Every operation that programs are drawn of as kernels of an arithmetic, each in the plainest way, with nothing of the
 * graph's: over dual numbers, forward mode; over duals of duals, second derivatives.
 */
export function kernelOperations<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  return {
    ...elementwise(A),
    ...layout(A),
    ...rearrangements(A),
    ...reductions(A),
    ...folds(A),
    ...contractions(A),
    ...matrices(A),
  };
}
