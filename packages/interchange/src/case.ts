import type { FloatDtype } from "./dtype.ts";

/** Numbers of any floating-point or integer dtype as exact float64 values, row-major. */
export interface NumericArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The weights of h_t = f(Wxh x_t + bxh + Whh h_{t-1} + bhh), yhat_t = Why h_t + by. Weights are [out, in]. */
export interface RnnParameters<V> {
  /** [H, I] */
  readonly Wxh: V;
  /** [H, H] */
  readonly Whh: V;
  /** [O, H] */
  readonly Why?: V;
  /** [H] */
  readonly bxh?: V;
  /** [H] */
  readonly bhh?: V;
  /** [O] */
  readonly by?: V;
}

interface RnnProblemBase<V> {
  readonly nonlinearity: "tanh" | "relu";
  readonly parameters: RnnParameters<V>;
  /** [T, B, I] */
  readonly x: V;
  /** [B, H]; zeros where the file has none */
  readonly h0: V;
  /** [T, B], 0 or 1: the weight of each step of each sequence in the loss */
  readonly mask?: V;
}

/**
 * A vanilla RNN's training problem. `mean` divides by T·B (cross entropy) or T·B·O (squared errors), masked or not.
 * `linear` is J = sum(outputs * yhat) + sum(states * h_t, t = 1..T): what is left of a loss whose gradient with respect
 * to the outputs or the hidden states is given.
 */
export type RnnProblem<V> = RnnProblemBase<V> &
  (
    | {
        readonly loss: "cross_entropy";
        readonly reduction: "sum" | "mean";
        /** classes [T, B], row-major, 0 to O - 1 */
        readonly target: Int32Array;
      }
    | {
        readonly loss: "mse";
        readonly reduction: "sum" | "mean";
        /** [T, B, O] */
        readonly target: V;
      }
    | {
        /** ½ |yhat - y|² */
        readonly loss: "half_squared_error";
        readonly reduction: "sum" | "mean";
        /** [T, B, O] */
        readonly target: V;
      }
    | {
        readonly loss: "linear";
        readonly reduction: "sum";
        /** outputs [T, B, O], states [T, B, H]; at least one */
        readonly target: { readonly outputs?: V; readonly states?: V };
      }
  );

/** What a gradient can be the gradient of. */
export type GradientOf = keyof RnnParameters<unknown> | "h0" | "x";

/** A gradient to be judged, as the file has it. Its values may be anything, NaN and infinity too. */
export interface GivenGradient {
  /** As in the file, without "grad.": "rnn.weight_hh_l0", "x", "h0", ... */
  readonly name: string;
  readonly of: GradientOf;
  /** The precision that it was computed in. */
  readonly dtype: FloatDtype;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** A problem and the gradients that somebody computed for it. */
export interface Case {
  readonly problem: RnnProblem<NumericArray>;
  /** The dtype of the parameters. */
  readonly precision: FloatDtype;
  /** In the file's order; at least one unless they were said to be optional. */
  readonly gradients: readonly GivenGradient[];
}
