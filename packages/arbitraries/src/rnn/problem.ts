import type { NumericArray } from "../numeric-array.ts";

/** Weights of h_t = f(W_xh x_t + b_xh + W_hh h_{t-1} + b_hh), ŷ_t = W_hy h_t + b_y; biases are optional. */
export interface RnnParameters {
  /** [H, I] */
  readonly Wxh: NumericArray;
  /** [H, H] */
  readonly Whh: NumericArray;
  /** [O, H]; absent only where the loss is a linear function of the states alone. */
  readonly Why?: NumericArray | undefined;
  /** [H] */
  readonly bxh?: NumericArray | undefined;
  /** [H] */
  readonly bhh?: NumericArray | undefined;
  /** [O] */
  readonly by?: NumericArray | undefined;
}

export type Nonlinearity = "tanh" | "relu";
export type Reduction = "sum" | "mean";

/** What is minimised. The mask multiplies the terms of a step; `mean` divides by T·B or T·B·O, masked or not. */
export type RnnLoss =
  /** Σ -log softmax(ŷ)[class]; classes [T, B] in row-major order. */
  | { readonly loss: "cross_entropy"; readonly reduction: Reduction; readonly target: Int32Array }
  /** Σ (ŷ - y)²; target [T, B, O]. */
  | { readonly loss: "mse"; readonly reduction: Reduction; readonly target: NumericArray }
  /** Σ ½ (ŷ - y)²; target [T, B, O]. */
  | { readonly loss: "half_squared_error"; readonly reduction: Reduction; readonly target: NumericArray }
  /** ⟨outputs, ŷ⟩ + ⟨states, h⟩; outputs [T, B, O], states [T, B, H] for h_1 to h_T. */
  | { readonly loss: "linear"; readonly reduction: "sum"; readonly target: LinearTarget };

export interface LinearTarget {
  readonly outputs?: NumericArray | undefined;
  readonly states?: NumericArray | undefined;
}

/** One training problem of a vanilla (Elman) RNN, as plain data; what `@gradproof/rnn` takes. */
export type RnnProblem = RnnLoss & {
  readonly nonlinearity: Nonlinearity;
  readonly parameters: RnnParameters;
  /** [T, B, I] */
  readonly x: NumericArray;
  /** h_0 [B, H] */
  readonly h0: NumericArray;
  /** Weight of each step of each sequence in the loss [T, B]; 1 where absent. */
  readonly mask?: NumericArray | undefined;
};

export interface Dimensions {
  /** steps */
  readonly T: number;
  /** sequences in the batch */
  readonly B: number;
  /** inputs */
  readonly I: number;
  /** hidden units */
  readonly H: number;
  /** outputs; 0 without a readout */
  readonly O: number;
}

export function dimensions(problem: RnnProblem): Dimensions {
  const [T, B, I] = problem.x.shape;
  return { T, B, I, H: problem.h0.shape[1], O: problem.parameters.Why?.shape[0] ?? 0 };
}
