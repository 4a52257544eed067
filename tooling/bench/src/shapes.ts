import { random, sizeOf } from "@gradproof/arithmetic";
import type { NumericArray, RnnProblem } from "@gradproof/rnn";

/** One training step: forward and backward, no optimiser. */
export interface Shape {
  readonly name: string;
  readonly title: string;
  /** Sequences, steps, inputs, hidden units, outputs. */
  readonly B: number;
  readonly T: number;
  readonly I: number;
  readonly H: number;
  readonly O: number;
  readonly loss: "cross_entropy" | "mse";
  /** Whether each input is a one-hot vector. */
  readonly oneHot?: boolean;
}

export const shapes: readonly Shape[] = [
  { name: "S1", title: "min-char-rnn", B: 1, T: 25, I: 65, H: 100, O: 65, loss: "cross_entropy", oneHot: true },
  { name: "S2", title: "a batch of text", B: 32, T: 100, I: 64, H: 128, O: 64, loss: "cross_entropy" },
  { name: "S3", title: "long sequences", B: 16, T: 1000, I: 2, H: 64, O: 1, loss: "mse" },
  { name: "S4", title: "wide", B: 64, T: 50, I: 128, H: 512, O: 128, loss: "cross_entropy" },
  { name: "S5", title: "tiny", B: 1, T: 10, I: 4, H: 8, O: 2, loss: "mse" },
];

/** The problem of a shape, its numbers from a fixed seed and exact in float32; mean reduction and all biases, as PyTorch has them. */
export function problemOf({ B, T, I, H, O, loss, oneHot }: Omit<Shape, "name" | "title">): RnnProblem<NumericArray> {
  const source = random(1);
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(scale * source.normal())),
  });
  const common = {
    nonlinearity: "tanh",
    reduction: "mean",
    parameters: {
      Wxh: normal(1 / Math.sqrt(I), H, I),
      Whh: normal(1 / Math.sqrt(H), H, H),
      Why: normal(1 / Math.sqrt(H), O, H),
      bxh: normal(0.1, H),
      bhh: normal(0.1, H),
      by: normal(0.1, O),
    },
    x: oneHot ? oneHotInputs(T, B, I) : normal(1, T, B, I),
    h0: normal(0.5, B, H),
  } as const;
  if (loss === "mse") return { ...common, loss, target: normal(1, T, B, O) };
  return { ...common, loss, target: Int32Array.from({ length: T * B }, () => source.integer(0, O - 1)) };
}

function oneHotInputs(T: number, B: number, I: number): NumericArray {
  const source = random(2);
  const data = new Float64Array(T * B * I);
  for (let row = 0; row < T * B; row++) data[row * I + source.integer(0, I - 1)] = 1;
  return { shape: [T, B, I], data };
}

/** Multiply-adds of the gemm calls of one step: forward once, backward twice, and the gradient of x. */
export function gemmOperations({ B, T, I, H, O }: Omit<Shape, "name" | "title">): number {
  return 3 * T * B * (I * H + H * H + H * O);
}
