/** As many random shapes as a reader will wait for. */
export const proofProblems = 10;
