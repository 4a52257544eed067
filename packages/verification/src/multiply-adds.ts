import { dimensions, type NumericArray, type RnnProblem } from "@gradproof/rnn";

/** Multiply-adds of one forward and backward pass, about. */
export function multiplyAdds(problem: RnnProblem<NumericArray>): number {
  const { T, B, I, H, O } = dimensions(problem);
  return 3 * T * B * H * (I + H + O);
}
