import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import type { RnnParameters, RnnProblem, Trajectory } from "@gradproof/rnn";

/** Where a number first was not finite: the quantity, its index and the number. */
export interface NonFinitePlace {
  /** A parameter's name, `preactivations` [t, b, unit], `outputs` [t, b, unit], `loss`, or `gradient of` and a name. */
  readonly quantity: string;
  readonly index: readonly number[];
  readonly value: number;
}

/** Training that met a number which is not finite. The parameters are those before the step. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
  /** Steps that were taken before. */
  readonly step: number;
  readonly place: NonFinitePlace;
  constructor(step: number, place: NonFinitePlace) {
    const index = place.index.length > 0 ? `[${place.index.join(", ")}]` : "";
    super(`train: step ${step} diverges: ${place.quantity}${index} is ${place.value}; expected finite numbers`);
    this.step = step;
    this.place = place;
  }
}

/** The first number of a forward run that is not finite, in the order in which it is computed. */
export function firstNonFinite<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<Tensor<S>>,
  trajectory: Trajectory<S>,
): NonFinitePlace {
  const { preactivations, outputs, loss } = trajectory;
  return firstOf(A, { ...problem.parameters, preactivations, outputs, loss });
}

/** The first element of a gradient that is not finite. */
export function firstNonFiniteGradient<S>(A: Arithmetic<S>, gradient: RnnParameters<Tensor<S>>): NonFinitePlace {
  const named = Object.entries(gradient as unknown as Record<string, Tensor<S> | undefined>);
  return firstOf(A, Object.fromEntries(named.map(([name, tensor]) => [`gradient of ${name}`, tensor])));
}

function firstOf<S>(A: Arithmetic<S>, tensors: Readonly<Record<string, Tensor<S> | undefined>>): NonFinitePlace {
  for (const [quantity, tensor] of Object.entries(tensors)) {
    if (!tensor) continue;
    const values = A.lower(tensor);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) return { quantity, index: unravel(wrong, tensor.shape), value: values[wrong] };
  }
  // A norm that is too large for a double.
  return { quantity: "the gradient's length", index: [], value: Number.POSITIVE_INFINITY };
}

function unravel(place: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = place;
  for (const length of shape.toReversed()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return index;
}
