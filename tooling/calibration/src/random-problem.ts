import { type Random, sizeOf } from "@gradproof/arithmetic";
import type { Loss, NumericArray, RnnParameters, RnnProblem } from "@gradproof/rnn";

/** Usual: weights of order 1 / √n. Wide: those times 1e-4 to 1e1, and every other W_hh too. */
export type Scales = "usual" | "wide";

/** A random problem and what it was drawn from. */
export interface DrawnProblem {
  readonly problem: RnnProblem<NumericArray>;
  readonly gain: number;
  /** What W_xh, W_hy and the biases are multiplied by. */
  readonly scale: number;
  /** Whether its numbers are quarters, which put many relu units exactly on the kink. */
  readonly quarters: boolean;
}

/**
 * T 1 to 40, B 1 to 3, I and O 1 to 6, H 1 to 12, gain 0.1 to 3 (log-uniform), tanh and relu, every loss and reduction,
 * each optional part as likely as not. Numbers are multiples of 2^-12, so that float32 holds them; in one problem of
 * twenty multiples of 1/4. Wide scales multiply the weights by 1e-4 to 1e1, log-uniform, rounded to float32.
 */
export function drawProblem(random: Random, scales: Scales = "usual"): DrawnProblem {
  const [T, B, I, H, O] = [
    random.integer(1, 40),
    random.integer(1, 3),
    random.integer(1, 6),
    random.integer(1, 12),
    random.integer(1, 6),
  ];
  const gain = 0.1 * 30 ** random.unit();
  const quarters = random.integer(1, 20) === 1;
  const step = quarters ? 4 : 4096;
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.round(scale * random.normal() * step) / step),
  });
  const maybe = () => random.integer(0, 1) === 1;
  const scale = scales === "wide" ? 1e-4 * 1e5 ** random.unit() : 1;
  const scaled = ({ shape, data }: NumericArray): NumericArray =>
    scales === "wide" ? { shape, data: data.map((value) => Math.fround(scale * value)) } : { shape, data };
  const recurrent = normal(gain / Math.sqrt(H), H, H);
  const parameters: RnnParameters<NumericArray> = {
    Wxh: scaled(normal(1 / Math.sqrt(I), H, I)),
    Whh: scales === "wide" && maybe() ? scaled(recurrent) : recurrent,
    Why: scaled(normal(1 / Math.sqrt(H), O, H)),
    ...(maybe() && { bxh: scaled(normal(0.5, H)) }),
    ...(maybe() && { bhh: scaled(normal(0.5, H)) }),
    ...(maybe() && { by: scaled(normal(0.5, O)) }),
  };
  const mask = Float64Array.from({ length: T * B }, () => random.integer(0, 3) && 1);
  const common = {
    nonlinearity: random.pick(["tanh", "relu"] as const),
    parameters,
    x: random.integer(1, 10) === 1 ? constantInput(normal(1, B, I), T) : normal(1, T, B, I),
    h0: maybe() ? normal(0.5, B, H) : { shape: [B, H], data: new Float64Array(B * H) },
    ...(random.integer(0, 3) === 0 && { mask: { shape: [T, B], data: mask } }),
  };
  return { problem: { ...common, ...drawLoss(random, normal, T, B, O) }, gain, scale, quarters };
}

/** The same input at every step: nearly equal operations, which err alike. */
function constantInput({ shape, data }: NumericArray, T: number): NumericArray {
  const repeated = new Float64Array(T * data.length);
  for (let t = 0; t < T; t++) repeated.set(data, t * data.length);
  return { shape: [T, ...shape], data: repeated };
}

function drawLoss(
  random: Random,
  normal: (scale: number, ...shape: number[]) => NumericArray,
  T: number,
  B: number,
  O: number,
): Loss<NumericArray> {
  const reduction = random.pick(["sum", "mean"] as const);
  const loss = random.pick(["cross_entropy", "mse", "half_squared_error"] as const);
  if (loss !== "cross_entropy") return { loss, reduction, target: normal(1, T, B, O) };
  return { loss, reduction, target: Int32Array.from({ length: T * B }, () => random.integer(0, O - 1)) };
}
