import { float64 } from "@gradproof/arithmetic";
import { type GradientNoise, gradientNoise } from "@gradproof/diagnostics";
import { dimensions, lossAndGradient, type NumericArray, type RnnGradient, type RnnProblem } from "@gradproof/rnn";

/** Sequences whose own gradients are computed. */
const mostSequences = 16;

/**
 * The gradient noise of single sequences: their own gradients as batches of one against the batch of all of them. Under a
 * sum each is scaled to what it would be as a mean over sequences.
 *
 * @returns undefined for a batch of one, or where a gradient is not finite.
 */
export function sequenceNoise(
  problem: RnnProblem<NumericArray>,
  gradient: RnnGradient<NumericArray>,
): GradientNoise | undefined {
  const { B } = dimensions(problem);
  if (B < 2) return undefined;
  const looked = Math.min(B, mostSequences);
  // J is the mean over sequences of the losses of single ones if reduction is mean; their sum otherwise.
  const scale = problem.reduction === "sum" ? 1 / B : 1;
  const squares = Array.from({ length: looked }, (_, i) => {
    const own = lossAndGradient(float64, onlySequence(problem, Math.floor((i * B) / looked))).gradient;
    return squaredLength(own);
  });
  const ones = squares.reduce((sum, square) => sum + square, 0) / looked;
  const all = squaredLength(gradient) * scale ** 2;
  return Number.isFinite(ones) && Number.isFinite(all)
    ? gradientNoise({ batch: 1, squaredNorm: ones }, { batch: B, squaredNorm: all })
    : undefined;
}

function squaredLength({ h0: _h0, x: _x, ...parameters }: RnnGradient<NumericArray>): number {
  let sum = 0;
  for (const array of Object.values(parameters)) for (const value of array?.data ?? []) sum += value ** 2;
  return sum;
}

/** The problem of sequence b alone. */
export function onlySequence(problem: RnnProblem<NumericArray>, b: number): RnnProblem<NumericArray> {
  const { T, B } = dimensions(problem);
  const pick = <A extends Float64Array | Int32Array>(data: A, width: number): A => {
    const own = data.slice(0, T * width) as A;
    for (let t = 0; t < T; t++) own.set(data.subarray((t * B + b) * width, (t * B + b + 1) * width), t * width);
    return own;
  };
  const part = ({ shape, data }: NumericArray): NumericArray => {
    const width = shape[2] ?? 1;
    return { shape: [T, 1, ...shape.slice(2)], data: pick(data, width) };
  };
  const { h0, x, mask } = problem;
  const H = h0.shape[1];
  const common = {
    nonlinearity: problem.nonlinearity,
    parameters: problem.parameters,
    x: part(x),
    h0: { shape: [1, H], data: h0.data.slice(b * H, (b + 1) * H) },
    ...(mask && { mask: part(mask) }),
  };
  switch (problem.loss) {
    case "cross_entropy":
      return { ...common, loss: problem.loss, reduction: problem.reduction, target: pick(problem.target, 1) };
    case "linear": {
      const { outputs, states } = problem.target;
      const target = { ...(outputs && { outputs: part(outputs) }), ...(states && { states: part(states) }) };
      return { ...common, loss: problem.loss, reduction: problem.reduction, target };
    }
    default:
      return { ...common, loss: problem.loss, reduction: problem.reduction, target: part(problem.target) };
  }
}
