import type { DualField } from "../src/dual.ts";
import type { Field } from "../src/field.ts";
import { run, type Step } from "./field-program.ts";

/** x + ε through the steps: value and derivative, as base slots 0 and 1 of a store. */
export function differentiate<S>(
  D: DualField<S>,
  field: Field<S>,
  inputs: readonly number[],
  steps: readonly Step[],
): S {
  const { store, last } = run(D, inputs.length, steps, (x) => {
    for (const [i, value] of inputs.entries()) D.lift(x, i, value);
    D.liftDerivative(x, 0, 1);
  });
  const parts = field.store(2);
  field.copy(parts, 0, store.base, 2 * last);
  D.derivative(parts, 1, store, last);
  return parts;
}
