/** The rule that `judge` of @gradproof/verification goes by: a match is within this many σ in every element, ... */
export const elementLimit = 32;

/** ... and within this many in root mean square over each tensor. */
export const tensorLimit = 10;
