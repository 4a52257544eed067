import { float64, slice } from "@gradproof/arithmetic";
import {
  type Dimensions,
  dimensions,
  mapParameters,
  type NumericArray,
  type ParameterName,
  type RnnProblem,
} from "@gradproof/rnn";

/** Steps and units that a sub-problem keeps, where the problem has as many. */
const least: Dimensions = { T: 8, B: 2, I: 4, H: 8, O: 4 };

/** What a step costs besides its products, in multiply-adds: calls of kernels. */
const effortOfStep = 2000;

/** Multiply-adds of one forward and backward pass, calls of kernels included. */
export function effortOf(problem: RnnProblem<NumericArray>): number {
  const { T, B, I, H, O } = dimensions(problem);
  return 3 * T * (B * H * (I + H + O) + effortOfStep);
}

/**
 * A part of a problem, by {@link cut}: fewer sequences first, then fewer steps, then fewer units, until
 * `isSmall` says so or little is left.
 */
export function smallerProblem(
  problem: RnnProblem<NumericArray>,
  isSmall: (problem: RnnProblem<NumericArray>) => boolean,
): RnnProblem<NumericArray> {
  const sizes = { ...dimensions(problem) };
  let smaller = problem;
  for (const axes of [["B"], ["T"], ["H", "I", "O"]] as const) {
    while (!isSmall(smaller) && axes.some((axis) => sizes[axis] > least[axis])) {
      for (const axis of axes) {
        sizes[axis] = Math.max(Math.min(sizes[axis], least[axis]), Math.ceil(sizes[axis] / 2));
      }
      smaller = cut(problem, sizes);
    }
  }
  return smaller;
}

/**
 * The problem's first B sequences and I, H, O units, and the last T steps up to the last one of them that counts in the
 * loss, from the problem's own h_0 on; classes beyond O become others below it.
 */
export function cut(problem: RnnProblem<NumericArray>, { T, B, I, H, O }: Dimensions): RnnProblem<NumericArray> {
  const all = dimensions(problem);
  const from = Math.max(0, lastCounted(problem, B) + 1 - T);
  const shapes: Record<ParameterName, readonly number[]> = {
    Wxh: [H, I],
    Whh: [H, H],
    Why: [O, H],
    bxh: [H],
    bhh: [H],
    by: [O],
  };
  const steps = (values: NumericArray, ...lengths: number[]) => part(values, [T, B, ...lengths], from);
  const common = {
    nonlinearity: problem.nonlinearity,
    parameters: mapParameters(problem.parameters, (values, name) => part(values, shapes[name])),
    x: steps(problem.x, I),
    h0: part(problem.h0, [B, H]),
    mask: problem.mask && steps(problem.mask),
  };
  switch (problem.loss) {
    case "cross_entropy": {
      const target = Int32Array.from({ length: T * B }, (_, row) => {
        return problem.target[(from + Math.floor(row / B)) * all.B + (row % B)] % O;
      });
      return { ...common, loss: problem.loss, reduction: problem.reduction, target };
    }
    case "linear": {
      const { outputs, states } = problem.target;
      const target = { outputs: outputs && steps(outputs, O), states: states && steps(states, H) };
      return { ...common, loss: problem.loss, reduction: problem.reduction, target };
    }
    default:
      return { ...common, loss: problem.loss, reduction: problem.reduction, target: steps(problem.target, O) };
  }
}

/** The last step at which one of the first B sequences counts in the loss; the last of all where none does. */
function lastCounted({ x, mask }: RnnProblem<NumericArray>, sequences: number): number {
  const [T, B] = x.shape;
  if (!mask) return T - 1;
  for (let t = T - 1; t > 0; t--) {
    if (mask.data.subarray(t * B, t * B + sequences).some((weight) => weight !== 0)) return t;
  }
  return T - 1;
}

/** The entries [from, from + length) along the first axis, the first ones along the others. */
function part({ shape, data }: NumericArray, lengths: readonly number[], from = 0): NumericArray {
  let view = float64.lift(data, shape);
  lengths.forEach((length, axis) => {
    const start = axis === 0 ? from : 0;
    view = slice(view, start, start + length, axis);
  });
  return { shape: lengths, data: float64.lower(view) };
}
