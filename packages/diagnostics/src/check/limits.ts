import { agreement } from "../line/settle.ts";

/**
 * Within so many error estimates a derivative matches. The numeric derivative of a right gradient is within 2.4 of them
 * in 999 of 1000 random functions.
 */
export const matchLimit = agreement;

/** Beyond so many it does not; between the two nothing is said. */
export const mismatchLimit = 4 * matchLimit;

/** What is off by this many estimates cannot be taken for a match, nor for undecided. */
export const certain = matchLimit + mismatchLimit;

/** A match must be worth something: a mistake of this share of the largest derivative must be certain to show. */
export const worthwhile = 1 / 4;

/** Of derivatives that are all 0 to within their errors, one of this share of the steepest difference quotient near. */
export const worthwhileAtRest = 2 ** -10;
