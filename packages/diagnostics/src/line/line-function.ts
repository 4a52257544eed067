/** A step as it was meant and as long as it became in floating point. */
export interface Step {
  /** What {@link LineFunction.at} is asked with, a power of two. */
  readonly nominal: number;
  readonly size: number;
}

/** A function of one number s: f along a line through the point, which is at s = 0. */
export interface LineFunction {
  /** f at s; not a number where f fails. What was computed once is kept. */
  at(s: number): number;
  /** Ascending by the ratio 4, but for one gap at most; +step and -step are equally long. */
  readonly steps: readonly Step[];
  /** Distance of the argument to the next number, as a step. */
  readonly spacing: number;
  /** Largest relative rounding error of the values of f. */
  readonly unitRoundoff: number;
  /** Standard deviation of f over repeated calls at the same point; 0 for a deterministic function. */
  readonly spread: number;
}
