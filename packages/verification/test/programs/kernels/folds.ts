import type { Operations } from "@gradproof/arbitraries";
import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { parametersOf } from "../parameters.ts";
import { calculator, element, indices, tabulated } from "./tabulated.ts";

/** Elements along axes made into one, or each joined to those before it, one after the other. */
export function folds<S>(A: Arithmetic<S>): Operations<Tensor<S>> {
  const { zero, unary, binary, total, product, isZero } = calculator(A);
  const folded = (fold: (elements: readonly Tensor<S>[]) => Tensor<S>): Operations<Tensor<S>>[string] => {
    return ([a], step) => {
      const { axes, keepDimensions } = parametersOf(step);
      const along = axes.map((axis) => a.shape[axis]);
      const kept = [...a.shape.keys()].filter((axis) => !axes.includes(axis));
      return tabulated(A, step.shape, (index) =>
        fold(
          indices(along).map((own) =>
            element(
              a,
              a.shape.map((_, axis) =>
                axes.includes(axis) ? own[axes.indexOf(axis)] : index[keepDimensions ? axis : kept.indexOf(axis)],
              ),
            ),
          ),
        ),
      );
    };
  };
  const running = (fold: (elements: readonly Tensor<S>[]) => Tensor<S>): Operations<Tensor<S>>[string] => {
    return ([a], step) => {
      const { axis } = parametersOf(step);
      return tabulated(A, step.shape, (index) =>
        fold(Array.from({ length: index[axis] + 1 }, (_, i) => element(a, index.with(axis, i)))),
      );
    };
  };
  const larger = (a: Tensor<S>, b: Tensor<S>) => binary("maximum", a, b);
  const negated = (elements: readonly Tensor<S>[]) => elements.map((a) => unary("negate", a));
  return {
    prod: folded(product),
    max: folded((elements) => elements.reduce(larger)),
    min: folded((elements) => unary("negate", negated(elements).reduce(larger))),
    /** 0 at 0, where a root has no derivative. */
    norm: folded((elements) => {
      const squares = total(elements.map((a) => unary("square", a)));
      return isZero(squares) ? zero : unary("sqrt", squares);
    }),
    cumsum: running(total),
    cumprod: running(product),
  };
}
