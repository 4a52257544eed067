/** What of two programs bounds the chance that a proof of them is wrong; computed by {@link programSizes}. */
export interface Sizes {
  /** Of the difference of any compared quantity, denominators cleared. */
  readonly degree: number;
  /** Bits of its coefficients. */
  readonly height: number;
  /** How often each elementary function was asked. */
  readonly functions: { readonly [name: string]: number };
  /** All of them, repetitions included. */
  readonly calls: Questions;
  /** Elements compared with 0 by relu, step and the like. */
  readonly comparisons: Questions;
}

/** How many arguments were asked, and the size of the largest. */
export interface Questions {
  readonly count: number;
  readonly degree: number;
  readonly height: number;
}

/** Residues that an input or an answer is drawn from, at least: primes exceed 2^25 + 34, and at most 5 are left out. */
const fewestResidues = 2 ** 25;
const leftOut = 5;
/** Primes in [2^25, 2^26), less the one that the other prime of a pair may not be. */
const primes = 1_894_120 - 1;
/** Bits of the smallest of them. */
const primeBits = 25;

/**
 * The chance that a polynomial which is not 0 vanishes modulo both primes at a point drawn uniformly. For each prime: it
 * divides every coefficient, which at most height / 25 of the primes can do, or the point is a root (Schwartz 1980).
 *
 * @param fixed - the primes, where they were not drawn; that they do not divide every coefficient is then an assumption.
 */
export function vanishing(degree: number, height: number, fixed?: readonly [number, number]): number {
  const roots = Math.max(0, degree);
  if (fixed) return Math.min(1, (roots / (fixed[0] - leftOut)) * (roots / (fixed[1] - leftOut)));
  const divided = Math.floor(Math.max(0, height) / primeBits) / primes;
  return Math.min(1, (divided + roots / fewestResidues) ** 2);
}

/**
 * The chance that one run accepts two programs which differ, over the primes, the residues and the oracles' answers: that
 * their difference vanishes; that two arguments of oracles collide; that an element which is compared is 0 modulo both
 * primes and is not 0. A redrawn run is another chance. apps/docs/proof.md derives it.
 *
 * @param fixed - as for {@link vanishing}.
 */
export function errorBound(sizes: Sizes, redraws = 0, fixed?: readonly [number, number]): number {
  const { degree, height, comparisons } = sizes;
  const flipped = comparisons.count * vanishing(comparisons.degree, comparisons.height, fixed);
  const once = vanishing(degree, height, fixed) + collisions(sizes, fixed) + flipped;
  return Math.min(1, (1 + redraws) * once);
}

/**
 * The chance that an oracle takes one argument for another: u = v or u = −v for any two of them, or of them and the
 * constants 0 and 1 whose answers are known. A logarithm is also taken for that of an answer v where u v = 1.
 */
function collisions({ functions, calls }: Sizes, fixed?: readonly [number, number]): number {
  const logarithms = (functions.log ?? 0) + (functions.log1p ?? 0);
  const known = calls.count + logarithms + 2;
  // tanh asks 2u, and softmax the differences of a row: two bits more than an argument has.
  const [degree, height] = [calls.degree, calls.height + 2];
  const chance = logarithms > 0 ? vanishing(2 * degree + 1, 2 * height, fixed) : vanishing(degree, height, fixed);
  return calls.count === 0 ? 0 : known * (known - 1) * chance;
}
