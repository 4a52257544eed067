import { at as atView, ShapeError, sameShape, slice as sliceView } from "@gradproof/arithmetic";
import { arithmeticOf, type Jvps, node, type Rule, type Variable, zerosLike } from "../variable.ts";
import { at, slice } from "./selection.ts";
import { axisOf } from "./shape.ts";

/** Several variables in one; the rule of each is the part that is its own. */

/** One behind the other along an axis that they have, the first if none is given; their other axes are the same. */
export function concat<S>(variables: readonly Variable<S>[], axis = 0): Variable<S> {
  const first = firstOf("concat", variables);
  const A = arithmeticOf("concat", variables);
  const along = axisOf("concat", axis, first.shape);
  const ends: number[] = [];
  let length = 0;
  for (const { shape } of variables) {
    if (shape.length !== first.shape.length || !sameShape(shape.with(along, 0), first.shape.with(along, 0))) {
      throw new ShapeError("concat", `the same lengths but along axis ${along}`, first.shape, shape);
    }
    length += shape[along];
    ends.push(length);
  }
  const value = A.empty(first.shape.with(along, length));
  const vjps = variables.map((part, i) => {
    const [start, end] = [ends[i] - part.shape[along], ends[i]];
    A.copy(sliceView(value, start, end, along), part.value);
    const concatVjp: Rule<S> = (ct) => slice(ct, start, end, along);
    return concatVjp;
  });
  const concatJvp: Jvps<S> = (tangents, inputs) => concat(orZeros(tangents, inputs), along);
  return node(A, "concat", value, [...variables], vjps, concatJvp);
}

/** Beside each other along a new axis, the first if none is given; their shapes are the same. */
export function stack<S>(variables: readonly Variable<S>[], axis = 0): Variable<S> {
  const first = firstOf("stack", variables);
  const A = arithmeticOf("stack", variables);
  const along = axisOf("stack", axis, [variables.length, ...first.shape]);
  const value = A.empty(first.shape.toSpliced(along, 0, variables.length));
  const vjps = variables.map((part, i) => {
    if (!sameShape(part.shape, first.shape)) throw new ShapeError("stack", "the same shapes", first.shape, part.shape);
    A.copy(atView(value, i, along), part.value);
    const stackVjp: Rule<S> = (ct) => at(ct, i, along);
    return stackVjp;
  });
  const stackJvp: Jvps<S> = (tangents, inputs) => stack(orZeros(tangents, inputs), along);
  return node(A, "stack", value, [...variables], vjps, stackJvp);
}

function orZeros<S>(tangents: readonly (Variable<S> | undefined)[], inputs: readonly Variable<S>[]): Variable<S>[] {
  return tangents.map((tangent, i) => tangent ?? zerosLike(inputs[i]));
}

function firstOf<S>(operation: string, variables: readonly Variable<S>[]): Variable<S> {
  const [first] = variables;
  if (!first) throw new RangeError(`${operation}: no variables; expected at least one`);
  return first;
}
