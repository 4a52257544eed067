import type { Operations } from "@gradproof/arbitraries";
import {
  type Arithmetic,
  at as atView,
  broadcastTo as broadcastView,
  reshape as reshapeView,
  slice as sliceView,
  type Tensor,
  transpose as transposeView,
} from "@gradproof/arithmetic";
import { parametersOf } from "../parameters.ts";
import { made, owned } from "./tabulated.ts";

/** What moves elements, as views and copies. */
export function layout<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  return {
    transpose: ([a], step) => transposeView(a, [...parametersOf(step).axes]),
    reshape: ([a], { shape }) => reshapeView(owned(A, a), shape),
    broadcastTo: ([a], { shape }) => broadcastView(a, shape),
    at: ([a], step) => atView(a, parametersOf(step).index, parametersOf(step).axis),
    slice([a], step) {
      const { start, end, axis } = parametersOf(step);
      return sliceView(a, start, end, axis);
    },
    take([a], step) {
      const { indices, axis } = parametersOf(step);
      return made(A, step.shape, (out) => {
        indices.forEach((index, i) => {
          A.copy(atView(out, i, axis), atView(a, index, axis));
        });
      });
    },
    stack: (values, step) =>
      made(A, step.shape, (out) => {
        values.forEach((value, i) => {
          A.copy(atView(out, i, parametersOf(step).axis), value);
        });
      }),
    concat: (values, step) =>
      made(A, step.shape, (out) => {
        const { axis } = parametersOf(step);
        let start = 0;
        for (const value of values) {
          A.copy(sliceView(out, start, start + value.shape[axis], axis), value);
          start += value.shape[axis];
        }
      }),
  };
}
