import type { BinaryOperation, Field, UnaryOperation } from "../src/field.ts";
import type { Random } from "../src/random.ts";

/** Registers of a field, and steps that each write the next register from earlier ones. */
export type Step =
  | { readonly unary: UnaryOperation; readonly a: number }
  | { readonly binary: BinaryOperation; readonly a: number; readonly b: number }
  | { readonly multiplyAdd: true; readonly a: number; readonly b: number; readonly onto: number };

/** Runs the steps on a store whose first registers are filled by `fill`; the result is the last register. */
export function run<S>(
  field: Field<S>,
  inputs: number,
  steps: readonly Step[],
  fill: (store: S) => void,
): { store: S; last: number } {
  const store = field.store(inputs + steps.length);
  fill(store);
  for (const [n, step] of steps.entries()) {
    const out = inputs + n;
    if ("unary" in step) field.unary(step.unary)(store, out, store, step.a);
    else if ("binary" in step) field.binary(step.binary)(store, out, store, step.a, store, step.b);
    else {
      field.copy(store, out, store, step.onto);
      field.multiplyAdd(store, out, store, step.a, store, step.b);
    }
  }
  return { store, last: inputs + steps.length - 1 };
}

/** A random program of that many steps, using those operations. */
export function drawProgram(
  source: Random,
  inputs: number,
  length: number,
  unary: readonly UnaryOperation[],
  binary: readonly BinaryOperation[],
): Step[] {
  const steps: Step[] = [];
  for (let n = 0; n < length; n++) {
    // the newest register is used every time, so that no step is idle
    const a = inputs + n - 1;
    const b = source.integer(0, inputs + n - 1);
    const kind = source.integer(0, 2);
    if (kind === 0) steps.push({ unary: source.pick(unary), a });
    else if (kind === 1) steps.push({ binary: source.pick(binary), a: source.pick([a, b]), b: a });
    else steps.push({ multiplyAdd: true, a, b, onto: source.integer(0, inputs + n - 1) });
  }
  return steps;
}
