/**
 * How to reverse a chain of n steps with room for s checkpoints and the fewest steps forward (Griewank 1992; Griewank and
 * Walther 2000, "revolve"). The first state is one of the checkpoints; a step is taken back where its first state is at
 * hand, and what it takes to get there is what is counted.
 */

/**
 * (C1)  r: the repetition number, C(s + r − 1, s) < n <= C(s + r, s)
 *
 * with the two binomials beside it that everything follows from.
 */
function repetitions(n: number, s: number): { r: number; below: number; above: number } {
  let [r, below, above] = [0, 0, 1];
  while (above < n) {
    r++;
    below = above;
    above = (above * (s + r)) / r;
  }
  return { r, below, above };
}

/**
 * The fewest steps forward: besides those that are run once more when they are taken back.
 *
 * (C2)  t(n, s) = r n − C(s + r, r − 1)
 */
export function fewestAdvances(n: number, s: number): number {
  const { r, above } = repetitions(n, s);
  return r * n - (above * r) / (s + 1);
}

/**
 * Where the next checkpoint goes, in steps from the first state, for n >= 2: the later part is then reversed with s − 1
 * checkpoints and r repetitions, the earlier one with s and r − 1.
 *
 * (C3)  m = min(n − C(s + r − 2, s − 1), C(s + r − 1, s))
 */
export function nextCheckpoint(n: number, s: number): number {
  const { r, below } = repetitions(n, s);
  return Math.min(n - (below * s) / (s + r - 1), below);
}
