import { type PrimeField, primeField, type Random, random, ShapeError, type Tensor } from "@gradproof/arithmetic";
import { ClaimError, type ClaimVerdict, type TestedClaim } from "./claim.ts";
import { counterexampleText, numbersText } from "./number-text.ts";
import { smallIntegers } from "./small-integers.ts";

type Residues = Tensor<Float64Array>;

/** Two programs that give the same residues on every case, or on none. */
export interface Law<C> {
  readonly name: string;
  readonly sides: (drawn: C) => readonly [Residues, Residues];
  /** That the two differ in every case is claimed instead. */
  readonly differ?: boolean;
}

/** A claim whose cases are of a type C, over the prime field, where equality needs no tolerance. */
export interface ExactClaim<C> {
  readonly row: string;
  readonly statement: string;
  readonly asWritten: string;
  readonly corrected: string;
  readonly verdict: ClaimVerdict;
  /** A case of uniformly random residues outside the blind spots. */
  readonly draw: (F: PrimeField, source: Random) => C;
  readonly laws: readonly Law<C>[];
  readonly wrongReading: string;
  /** What both sides of the control are: "∂J_2/∂W_xh"; matrices by rows. */
  readonly quantity: string;
  /** Both sides of the control, which must differ on every case; a product of shapes that do not fit differs. */
  readonly wrong: (drawn: C) => Residues;
  readonly right: (drawn: C) => Residues;
  /** Where the two do not differ, which is asserted on cases drawn there. */
  readonly blindSpots: readonly { readonly when: string; readonly draw?: (F: PrimeField, source: Random) => C }[];
  /** Where to look for the counterexample: cases made of integers, as many as the names that they have. */
  readonly small: {
    readonly unknowns: number;
    readonly build: (F: PrimeField, values: readonly number[]) => C;
    readonly text: (values: readonly number[]) => string;
  };
}

const cases = 40;
const blindCases = 10;
/** Integer vectors are searched up to this sum of magnitudes. */
const largestSum = 8;

/** The test of an exact claim. */
export function exactClaim<C>(claim: ExactClaim<C>): TestedClaim {
  const { row, statement, asWritten, corrected, verdict, wrongReading, draw } = claim;
  return {
    row,
    statement,
    asWritten,
    corrected,
    verdict,
    kind: "exact",
    wrongReading,
    blindSpots: claim.blindSpots.map(({ when, draw: drawBlind }) => ({
      when,
      ...(drawBlind && { shown: (seed: number) => showBlind(claim, when, drawBlind, seed) }),
    })),
    check(seed) {
      eachCase(draw, seed, cases, (F, drawn, place) => {
        for (const { name, sides, differ = false } of claim.laws) {
          const [left, right] = sides(drawn);
          if (F.same(left, right) !== differ) continue;
          throw new ClaimError(row, `${name}: ${differ ? "equal" : "different"} on ${place}`);
        }
      });
      return { cases };
    },
    control(seed) {
      let caught = 0;
      eachCase(draw, seed, cases, (F, drawn) => {
        const wrong = conformable(() => claim.wrong(drawn));
        if (wrong === undefined || !F.same(wrong, claim.right(drawn))) caught++;
      });
      return { cases, caught, counterexample: simplest(claim, seed) };
    },
  };
}

function eachCase<C>(
  draw: (F: PrimeField, source: Random) => C,
  seed: number,
  count: number,
  visit: (F: PrimeField, drawn: C, place: string) => void,
): void {
  const source = random(seed);
  for (let i = 0; i < count; i++) {
    const own = source.uint32();
    const F = primeField(own);
    visit(F, draw(F, random(own)), `case ${i} of seed ${seed}`);
  }
}

function showBlind<C>(
  { row, wrong, right }: ExactClaim<C>,
  when: string,
  draw: (F: PrimeField, source: Random) => C,
  seed: number,
): number {
  eachCase(draw, seed, blindCases, (F, drawn, place) => {
    if (F.same(wrong(drawn), right(drawn))) return;
    throw new ClaimError(row, `the wrong reading shows although ${when}, on ${place}`);
  });
  return blindCases;
}

/** The simplest integers on which the two readings differ as residues, and visibly as real numbers. */
function simplest<C>({ row, verdict, quantity, small, wrong, right }: ExactClaim<C>, seed: number): string {
  const F = primeField(seed);
  const told = (place: string, mistaken: string, correct: ArrayLike<number>) =>
    counterexampleText(place, quantity, verdict, mistaken, numbersText(correct));
  for (const values of smallIntegers(small.unknowns, largestSum)) {
    const drawn = small.build(F, values);
    const [mistaken, correct] = [conformable(() => wrong(drawn)), right(drawn)];
    const numbers = F.lower(correct);
    const place = small.text(values);
    if (mistaken === undefined) return told(place, "shapes that do not fit", numbers);
    if (F.same(mistaken, correct)) continue;
    const wrongNumbers = F.lower(mistaken);
    if (!numbers.some((value, i) => Math.abs(value - wrongNumbers[i]) > Math.abs(value) / 100)) continue;
    return told(place, numbersText(wrongNumbers), numbers);
  }
  throw new ClaimError(row, `no counterexample of integers with magnitudes up to a sum of ${largestSum}`);
}

/** What a program gives, or undefined where it multiplies shapes that do not fit. */
function conformable(program: () => Residues): Residues | undefined {
  try {
    return program();
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}
