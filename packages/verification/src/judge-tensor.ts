/** K: an element may be this many σ off. */
export const elementLimit = 32;
/** A tensor's root mean square of error/σ may be this large. */
export const tensorLimit = 10;
/** An excess below this many times the limits is looked at again with more runs. */
export const appealFactor = 4;
/** Below this is the largest error/σ of a correct gradient in all but one problem of ten thousand. */
export const noiseMargin = 7;
/** A mistake of this many σ is found: K, half as much again because σ of 16 runs is known to a fifth, and the margin. */
export const certainLimit = 1.5 * elementLimit + noiseMargin;

/** How a gradient compares with the reference, in σ. */
export interface Comparison {
  /** Largest |error| / σ; infinite where σ is 0 and the error is not. */
  readonly errorInSigma: number;
  readonly rmsInSigma: number;
  /** Where the largest is, in row-major order. */
  readonly worst: number;
}

/**
 * |error| / σ of every element, the largest and the root mean square. An element whose σ is 0 is computed without rounding
 * (a masked step, a dead unit): there it must be exactly right.
 */
export function compareInSigma(errors: Float64Array, sigma: Float64Array): Comparison {
  let errorInSigma = 0;
  let worst = 0;
  let squares = 0;
  for (let i = 0; i < errors.length; i++) {
    const ratio = errors[i] === 0 ? 0 : Math.abs(errors[i]) / sigma[i];
    squares += ratio * ratio;
    if (ratio > errorInSigma) {
      errorInSigma = ratio;
      worst = i;
    }
  }
  return { errorInSigma, rmsInSigma: Math.sqrt(squares / Math.max(1, errors.length)), worst };
}

/** Whether a comparison keeps the rule: K σ for each element, the tensor's root mean square within its own limit. */
export function withinRounding({ errorInSigma, rmsInSigma }: Comparison, factor = 1): boolean {
  return errorInSigma <= factor * elementLimit && rmsInSigma <= factor * tensorLimit;
}
