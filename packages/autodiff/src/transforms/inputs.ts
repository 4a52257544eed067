import { ShapeError, sameShape } from "@gradproof/arithmetic";
import type { Variable } from "../variable.ts";

/** What a function is differentiated with respect to: one variable, several in a list, or named ones in a record. */
export type Inputs<S> = Variable<S> | readonly Variable<S>[] | Readonly<Record<string, Variable<S>>>;

/** The same form with every variable replaced. */
export function mapInputs<S, I extends Inputs<S>>(inputs: I, replace: (input: Variable<S>) => Variable<S>): I {
  if (isVariable<S>(inputs)) return replace(inputs) as unknown as I;
  if (Array.isArray(inputs)) return inputs.map(replace) as unknown as I;
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, replace(input)])) as unknown as I;
}

/** The variables in order, those of a record in that of its names. */
export function variablesOf<S>(inputs: Inputs<S>): Variable<S>[] {
  const all: Variable<S>[] = [];
  mapInputs<S, Inputs<S>>(inputs, (input) => {
    all.push(input);
    return input;
  });
  return all;
}

/** The form of `like` with the variables of a list in order. */
export function inFormOf<S, I extends Inputs<S>>(like: I, variables: readonly Variable<S>[]): I {
  let next = 0;
  return mapInputs<S, I>(like, () => variables[next++]);
}

function isVariable<S>(inputs: Inputs<S>): inputs is Variable<S> {
  return typeof (inputs as Variable<S>).order === "number";
}

/** @throws ShapeError where a change is not of the shape of what it changes. */
export function checkChange<S>(operation: string, what: string, change: Variable<S>, of: Variable<S>): void {
  if (!sameShape(of.shape, change.shape)) throw new ShapeError(operation, what, change.shape, of.shape);
}
