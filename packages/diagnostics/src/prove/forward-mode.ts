import { type Arithmetic, dense, dual, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { ArgumentError } from "../errors.ts";
import type { Derivation, Named } from "./derivation.ts";

/** A function of named tensors to one number, written on an arithmetic. */
export type Loss = <S>(A: Arithmetic<S>, inputs: Named<S>) => Tensor<S>;

/**
 * The gradient of a loss with respect to every input by dual numbers, one run of the loss for each element: what a gradient
 * derived by hand is proven equal to if nothing but the loss is at hand. Its derivative rules are those of `dual`.
 *
 * @throws ArgumentError where the loss is not one number.
 */
export function forwardMode(loss: Loss): Derivation {
  return (A, inputs, field) => {
    const D = dual(field);
    const duals = dense(D);
    const gradients = Object.entries(inputs).map(([name, input]) => {
      const gradient = A.empty(input.shape);
      for (let element = 0; element < sizeOf(input.shape); element++) {
        duals.scope(() => {
          const moved = Object.entries(inputs).map(([other, value]) => {
            const values = A.empty(value.shape);
            const t = duals.empty(value.shape);
            A.copy(values, value);
            for (let i = 0; i < sizeOf(value.shape); i++) {
              field.copy(t.store.base, 2 * (t.offset + i), values.store, values.offset + i);
              D.liftDerivative(t.store, t.offset + i, other === name && i === element ? 1 : 0);
            }
            return [other, t];
          });
          const result = loss(duals, Object.fromEntries(moved));
          if (sizeOf(result.shape) !== 1) {
            throw new ArgumentError("forwardMode", "loss", `has shape [${result.shape}]; expected one number`);
          }
          D.derivative(gradient.store, gradient.offset + element, result.store, result.offset);
        });
      }
      return [name, gradient];
    });
    return Object.fromEntries(gradients);
  };
}
