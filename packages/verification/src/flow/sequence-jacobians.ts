import { float64, type Tensor } from "@gradproof/arithmetic";
import { type FlowArray, type JacobianData, logTanhSlope } from "@gradproof/diagnostics";
import type { Nonlinearity, NumericArray } from "@gradproof/rnn";

/** A tensor as plain numbers. */
export function plain(t: Tensor<Float64Array>): NumericArray {
  return { shape: t.shape, data: float64.lower(t) };
}

/** f′(u) of preactivations of any shape, and ln f′(u), which is known where f′(u) has underflowed. */
export function slopesOf(
  nonlinearity: Nonlinearity,
  { shape, data }: NumericArray,
): { readonly slopes: FlowArray; readonly logSlopes: FlowArray } {
  const logs = data.map(nonlinearity === "tanh" ? logTanhSlope : (u) => (u > 0 ? 0 : Number.NEGATIVE_INFINITY));
  return { slopes: { shape, data: logs.map(Math.exp) }, logSlopes: { shape, data: logs } };
}

/** The factors of the Jacobians of one sequence b of a batch, from slopes [T, B, H]. */
export function jacobiansOf(
  { slopes, logSlopes }: { readonly slopes: FlowArray; readonly logSlopes: FlowArray },
  weights: NumericArray,
  b: number,
): Extract<JacobianData, { slopes: unknown }> {
  return { weights, slopes: sequence(slopes, b), logSlopes: sequence(logSlopes, b) };
}

/** [T, B, H] to [T, H] */
function sequence({ shape: [T, B, H], data }: FlowArray, b: number): FlowArray {
  const own = new Float64Array(T * H);
  for (let t = 0; t < T; t++) own.set(data.subarray((t * B + b) * H, (t * B + b + 1) * H), t * H);
  return { shape: [T, H], data: own };
}
