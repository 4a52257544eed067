import type { Arithmetic } from "@gradproof/arithmetic";
import { isDifferentiated, type Variable, wrap } from "../variable.ts";
import type { CallList, View } from "./call.ts";
import { mapForm } from "./form.ts";
import { recorder } from "./recorder.ts";

/** What a function did: its calls, and the form in which its results are to be given. */
export interface Recording<S> extends CallList<S> {
  /** The results in the function's form, from the tensors of {@link CallList.results}. */
  formOf(replace: (index: number) => Variable<S>): unknown;
}

/** Runs the function on tensors without elements. */
export function recordingOf<S>(
  A: Arithmetic<S>,
  f: (...inputs: readonly unknown[]) => unknown,
  inputs: readonly unknown[],
): Recording<S> {
  const { arithmetic, input, viewOf, calls } = recorder(A);
  const given: View<S>[] = [];
  const own = mapForm<S>("the inputs", inputs, (variable) => {
    const t = input(variable.shape);
    given.push(viewOf(t));
    return wrap(arithmetic, t);
  });
  const outputs = f(...(own as readonly unknown[]));
  const results: View<S>[] = [];
  mapForm<S>("the result", outputs, (variable) => {
    if (isDifferentiated(variable))
      throw new Error("compile: a result is part of a gradient that is being taken; return grad's");
    results.push(viewOf(variable.value));
    return variable;
  });
  return {
    inputs: given,
    calls: calls(),
    results,
    formOf(replace) {
      let index = 0;
      return mapForm<S>("the result", outputs, () => replace(index++));
    },
  };
}
