import { benchesOf, type Checker, judgeOn } from "@gradproof/verification";

/** Everything but a match counts as refused only if it is a mismatch: what is inconclusive survives. */
export const gradproof: Checker = (problem) => {
  const benches = benchesOf(problem);
  return (gradients) => judgeOn(benches, gradients, { explain: false }).verdict !== "mismatch";
};
