import type { Operations } from "@gradproof/arbitraries";
import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { parametersOf, placesOf } from "../parameters.ts";
import { calculator, element, tabulated } from "./tabulated.ts";

/** Elements taken from elsewhere: which one is at each index of the result. */
export function rearrangements<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const { zero, one, total } = calculator(A);
  return {
    flip([a], step) {
      const { axes } = parametersOf(step);
      return tabulated(A, step.shape, (index) =>
        element(
          a,
          index.map((i, axis) => (axes.includes(axis) ? a.shape[axis] - 1 - i : i)),
        ),
      );
    },
    pad([a], step) {
      const { widths, mode } = parametersOf(step);
      const mirrored = (i: number, length: number) => (i < 0 ? -i : i < length ? i : 2 * (length - 1) - i);
      return tabulated(A, step.shape, (index) => {
        const from = index.map((i, axis) => {
          const place = i - widths[axis][0];
          return mode === "reflect" ? mirrored(place, a.shape[axis]) : place;
        });
        return from.every((i, axis) => i >= 0 && i < a.shape[axis]) ? element(a, from) : zero;
      });
    },
    gather([a], step) {
      const { data, shape } = placesOf(step);
      let place = 0;
      return tabulated(A, shape, (index) => element(a, index.with(parametersOf(step).axis, data[place++])));
    },
    scatterAdd([a], step) {
      const { indices, axis } = parametersOf(step);
      return tabulated(A, step.shape, (index) =>
        total(indices.flatMap((to, from) => (to === index[axis] ? [element(a, index.with(axis, from))] : []))),
      );
    },
    diagonal: ([a], { shape }) =>
      a.shape.length === 1
        ? tabulated(A, shape, ([i, j]) => (i === j ? element(a, [i]) : zero))
        : tabulated(A, shape, (index) => element(a, [...index, index[index.length - 1]])),
    oneHot: (_, step) =>
      tabulated(A, step.shape, ([row, column]) => (parametersOf(step).classes[row] === column ? one : zero)),
    unstack([a], step) {
      const { axis, parts } = parametersOf(step);
      return tabulated(A, step.shape, ([part, ...index]) => element(a, index.toSpliced(axis, 0, parts[part])));
    },
  };
}
