import type { Random } from "@gradproof/arithmetic";
import type { Nonlinearity, Reduction, RnnProblem } from "@gradproof/rnn";

/** What one proof is about: a shape and a code path. */
export interface ProofShape {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly O: number;
  readonly nonlinearity: Nonlinearity;
  readonly loss: RnnProblem<unknown>["loss"];
  readonly reduction: Reduction;
  /** Which of the optional parts the problem has. */
  readonly bxh: boolean;
  readonly bhh: boolean;
  readonly by: boolean;
  readonly mask: boolean;
  /** Whether h_0 is zero rather than arbitrary: many derivations are right only then. */
  readonly zeroState: boolean;
}

/**
 * A random shape: T 1 to 12, B 1 to 3, I, H and O 1 to 4 (two classes or more for cross entropy, whose gradient is zero
 * for one), every loss, reduction and nonlinearity, each optional part as likely as not.
 */
export function drawShape(random: Random): ProofShape {
  const loss = random.pick(["cross_entropy", "mse", "half_squared_error", "linear"] as const);
  const maybe = () => random.integer(0, 1) === 1;
  return {
    T: random.integer(1, 12),
    B: random.integer(1, 3),
    I: random.integer(1, 4),
    H: random.integer(1, 4),
    O: random.integer(loss === "cross_entropy" ? 2 : 1, 4),
    nonlinearity: random.pick(["tanh", "relu"] as const),
    loss,
    reduction: loss === "linear" ? "sum" : random.pick(["sum", "mean"] as const),
    bxh: maybe(),
    bhh: maybe(),
    by: maybe(),
    mask: maybe(),
    zeroState: random.integer(0, 7) === 0,
  };
}

/** One line that names a shape and its code path. */
export function describeShape(shape: ProofShape): string {
  const { T, B, I, H, O, nonlinearity, loss, reduction } = shape;
  const parts = (["bxh", "bhh", "by", "mask"] as const).filter((part) => shape[part]);
  if (shape.zeroState) parts.push("h0 = 0" as never);
  return `T ${T} B ${B} I ${I} H ${H} O ${O}, ${nonlinearity}, ${loss} ${reduction}, ${parts.join(" ") || "no biases"}`;
}
