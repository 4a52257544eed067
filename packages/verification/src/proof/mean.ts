import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { PartialGradient } from "./derivation.ts";

/** A weighted sum of gradients. */
export class Mean<S> {
  readonly #arithmetic: Arithmetic<S>;
  readonly #sums: Record<string, Tensor<S>> = {};

  constructor(arithmetic: Arithmetic<S>) {
    this.#arithmetic = arithmetic;
  }

  get gradient(): PartialGradient<S> {
    return this.#sums;
  }

  /** Adds weight · gradient. */
  add(gradient: PartialGradient<S>, weight: Tensor<S>): void {
    const A = this.#arithmetic;
    for (const [name, value] of Object.entries(gradient) as [string, Tensor<S>][]) {
      this.#sums[name] ??= A.lift(new Float64Array(A.lower(value).length), value.shape);
      A.scope(() => {
        const share = A.empty(value.shape);
        A.binary(op.multiply, share, weight, value);
        A.binary(op.add, this.#sums[name], this.#sums[name], share);
      });
    }
  }
}
