import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { lagProfile, reach } from "@gradproof/diagnostics";
import {
  dimensions,
  forward,
  lagContributions,
  liftProblem,
  lossAndGradient,
  mapProblem,
  type NumericArray,
  parameterNames,
  type RnnGradient,
  type RnnProblem,
} from "@gradproof/rnn";
import type { Inside } from "@gradproof/training";
import { type Judgement, judge } from "@gradproof/verification";

/** The inside of a step as plain numbers: what outlives it. */
export interface Captured {
  readonly problem: RnnProblem<NumericArray>;
  readonly gradient: RnnGradient<NumericArray>;
}

/** Copies a step's problem, and its gradient before clipping. */
export function capture<S>(A: Arithmetic<S>, { problem, gradient }: Inside<S>): Captured {
  const lower = (tensor: Tensor<S>): NumericArray => ({ shape: tensor.shape, data: A.lower(tensor) });
  const entries = Object.entries(gradient as unknown as Record<string, Tensor<S> | undefined>);
  const lowered = entries.flatMap(([name, tensor]) => (tensor ? [[name, lower(tensor)]] : []));
  return {
    problem: mapProblem(problem, lower),
    gradient: Object.fromEntries(lowered) as unknown as RnnGradient<NumericArray>,
  };
}

/** Multiply-adds of one gradient up to which a batch is judged whole; a judgement takes some hundred times as many. */
const judgedWhole = 4e5;

/**
 * Judges the gradient that a step of training used; of a large batch, the gradient of its first sequences, computed by the
 * same program from the same weights.
 *
 * @param truncated - whether the step's gradient is cut off on purpose; the whole one is then judged.
 */
export function judgeRunning<S>(
  A: Arithmetic<S>,
  { problem, gradient }: Captured,
  { truncated, seed }: { readonly truncated: boolean; readonly seed: number },
): { readonly judgement: Judgement; readonly sequences: number } {
  const { T, B, I, H, O } = dimensions(problem);
  const fits = Math.max(1, Math.floor(judgedWhole / (T * H * (I + H + O))));
  const sequences = Math.min(B, fits);
  const judged = sequences < B ? firstSequences(problem, sequences) : problem;
  const given = sequences < B || truncated ? lossAndGradient(A, judged).gradient : gradient;
  const dtype = A.unitRoundoff > 2 ** -30 ? "F32" : "F64";
  const gradients = parameterNames.flatMap((name) => {
    const array = given[name];
    return array ? [{ name, of: name, dtype, ...array } as const] : [];
  });
  return { judgement: judge({ problem: judged, gradients }, { seed }), sequences };
}

/** How many steps back 95 % of the gradient of a problem's first sequence come from; 0 of a gradient that is 0. */
export function horizonOf<S>(A: Arithmetic<S>, problem: RnnProblem<NumericArray>): number {
  const sizes: number[] = [];
  A.scope(() => {
    const lifted = liftProblem(A, firstSequences(problem, 1));
    for (const contribution of lagContributions(A, lifted, forward(A, lifted))) {
      sizes.push(Math.hypot(...A.lower(contribution)));
    }
  });
  return sizes.every(Number.isFinite) ? (reach(lagProfile(sizes)) ?? 0) : 0;
}

/** The problem of a batch's first `count` sequences. */
export function firstSequences(problem: RnnProblem<NumericArray>, count: number): RnnProblem<NumericArray> {
  const { T, B } = dimensions(problem);
  /** Of rows [T, B, width], those of the first sequences. */
  const pick = <A extends Float64Array | Int32Array>(data: A, width: number): A => {
    const picked = data.slice(0, T * count * width) as A;
    for (let t = 0; t < T; t++) picked.set(data.subarray(t * B * width, (t * B + count) * width), t * count * width);
    return picked;
  };
  const cut = mapProblem(problem, (array, name) => {
    if (name === "h0") {
      const [, H = 0] = array.shape;
      return { shape: [count, H], data: array.data.slice(0, count * H) };
    }
    if (name !== "x" && name !== "mask" && !name.startsWith("target")) return array;
    const rest = array.shape.slice(2);
    const width = rest.reduce((product, length) => product * length, 1);
    return { shape: [T, count, ...rest], data: pick(array.data, width) };
  });
  return cut.loss === "cross_entropy" ? { ...cut, target: pick(cut.target, 1) } : cut;
}
