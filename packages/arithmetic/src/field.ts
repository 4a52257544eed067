import type { LaneNoise } from "./noise.ts";

export type UnaryOperation =
  | "negate"
  | "square"
  /** 1 - a */
  | "oneMinus"
  /** 1 / a */
  | "reciprocal"
  | "tanh"
  /** 1 / (1 + exp(-a)) */
  | "sigmoid"
  | "exp"
  | "log"
  /** log(1 + a), accurate where a is tiny */
  | "log1p"
  | "sqrt"
  | "sin"
  | "cos"
  /** max(a, 0) */
  | "relu"
  /** 1 where a > 0, else 0: the derivative of relu, with relu'(0) = 0 */
  | "step"
  /** 1 above 0, -1 below, 0 at 0, NaN at NaN */
  | "sign";

export type BinaryOperation =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  /** The larger of both; NaN where one is. */
  | "maximum";

/** o[i] ← f(a[j]) */
export type UnarySlot<S> = (o: S, i: number, a: S, j: number) => void;
/** o[i] ← f(a[j], b[k]) */
export type BinarySlot<S> = (o: S, i: number, a: S, j: number, b: S, k: number) => void;

/**
 * What a new number system must bring: operations on slots, a slot being a store and an element index.
 * No object per element; the layout of a store is the field's own. An output slot may be one of the inputs.
 * {@link dense} makes the naive kernels of a whole {@link Arithmetic} from it.
 */
export interface Field<S> {
  readonly name: string;
  /** Largest relative error of one rounded operation; 0 where every operation is exact. */
  readonly unitRoundoff: number;
  /** A store for that many elements, contents unspecified. */
  store(elements: number): S;
  copy(o: S, i: number, a: S, j: number): void;
  /** o[i] ← x exactly, or {@link LiftError}. */
  lift(o: S, i: number, x: number): void;
  /** o[i] ← x to nearest. */
  round(o: S, i: number, x: number): void;
  /** The number that a user sees, and that decides which of two elements is larger. */
  lower(a: S, i: number): number;
  same(a: S, i: number, b: S, j: number): boolean;
  /** o[i] ← something that no correct program reads. */
  poison(o: S, i: number): void;
  /** The same for the slots [start, end); without it {@link dense} goes through them one by one. */
  poisonAll?(o: S, start: number, end: number): void;
  unary(operation: UnaryOperation): UnarySlot<S>;
  binary(operation: BinaryOperation): BinarySlot<S>;
  /** o[i] ← o[i] + a[j] b[k] */
  multiplyAdd(o: S, i: number, a: S, j: number, b: S, k: number): void;
  /**
   * o[i] ← o[i] + Σ a[j + n aStride] b[k + n bStride], n from 0 to length - 1: bit for bit that many times
   * {@link Field.multiplyAdd}, which {@link dense} takes without it.
   */
  dot?(o: S, i: number, a: S, j: number, aStride: number, b: S, k: number, bStride: number, length: number): void;

  /** Softmax of the row a[j], a[j + stride], ... as one operation; without it, {@link dense} composes it. */
  softmaxRow?(o: S, i: number, oStride: number, a: S, j: number, aStride: number, length: number): void;
  /** log Σ exp of a row as one operation; comes and goes with {@link Field.softmaxRow}. */
  logSumExpRow?(o: S, i: number, a: S, j: number, aStride: number, length: number): void;
  /**
   * Told before each output element is computed: which kernel (the same number at every call of it for outputs of that
   * last axis) and the element's index along the last axis. For noise that is shared by nearly equal operations.
   */
  site?(kernel: number, index: number): void;
}

/** A field whose elements can be made to err: the base of {@link stochastic}. */
export interface NudgedField<S> extends Field<S> {
  /** o[i] ← o[i] (1 + relative) + absolute, for small changes, to about the precision of a double in the change. */
  nudge(o: S, i: number, relative: number, absolute: number): void;
  /** o ← o (1 + δ) + η in every lane, slots o[i] to o[i + lanes - 1], with the lane's own noise; η where o may underflow. */
  perturbLanes(o: S, i: number, noise: LaneNoise): void;
  /** o ← (o + a b (1 + δ)) (1 + δ') in every lane, η as above: what an {@link ensemble} spends its time on. */
  multiplyAddLanes(o: S, i: number, a: S, j: number, b: S, k: number, noise: LaneNoise): void;
}
