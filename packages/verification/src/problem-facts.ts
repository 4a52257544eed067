import type { ProofShape } from "./proof-shape.ts";

/** What of a drawn problem, besides its shape, decides which mistakes can be seen. */
export interface ProblemFacts {
  /** Whether some relu unit is off at some step. */
  readonly deadUnits: boolean;
  /** Whether some relu unit is off at a step behind the first. */
  readonly laterDeadUnits: boolean;
  /** Whether some relu unit is off at a step before the last. */
  readonly earlierDeadUnits: boolean;
  /** Whether some relu unit is off at a step that counts in the loss. */
  readonly countedDeadUnits: boolean;
  /** Whether some relu unit is on at a step and off at the next, or the other way round. */
  readonly changingUnits: boolean;
  /** The same behind the first step. */
  readonly laterChangingUnits: boolean;
  /** Whether a step before the last one counts in the loss. */
  readonly earlyLoss: boolean;
  /** Whether some step's weight in the loss is not 1. */
  readonly weighted: boolean;
  /** Whether some step's weight in the loss is neither 0 nor 1. */
  readonly fractionalWeights: boolean;
  /** Whether some sequence's weights differ between its steps. */
  readonly changingWeights: boolean;
  /** Whether at a step behind the first that counts in the loss the class differs from the step before. */
  readonly changingClasses: boolean;
}

/** Facts under which every mistake shows that a shape lets show. */
export const revealingFacts: ProblemFacts = {
  deadUnits: true,
  laterDeadUnits: true,
  earlierDeadUnits: true,
  countedDeadUnits: true,
  changingUnits: true,
  laterChangingUnits: true,
  earlyLoss: true,
  weighted: true,
  fractionalWeights: true,
  changingWeights: true,
  changingClasses: true,
};

/** What the facts are read off, each row-major over steps and sequences. */
export interface FactSources {
  /** u_t [T, B, H] */
  readonly preactivations: Float64Array;
  /** [T, B]; absent without a mask. */
  readonly weights?: Float64Array | undefined;
  /** [T, B]; absent without classes. */
  readonly classes?: Int32Array | undefined;
}

export function problemFacts(
  { T, B, H, nonlinearity }: Pick<ProofShape, "T" | "B" | "H" | "nonlinearity">,
  { preactivations, weights, classes }: FactSources,
): ProblemFacts {
  const rows = T * B;
  const weight = (row: number) => weights?.[row] ?? 1;
  const some = (from: number, to: number, holds: (row: number) => boolean) => {
    for (let row = from; row < to; row++) if (holds(row)) return true;
    return false;
  };
  const isOn = (row: number, unit: number) => preactivations[row * H + unit] > 0;
  const someUnit = (holds: (unit: number) => boolean) => nonlinearity === "relu" && some(0, H, holds);
  const hasDead = (row: number) => someUnit((unit) => !isOn(row, unit));
  const changes = (row: number) => someUnit((unit) => isOn(row, unit) !== isOn(row - B, unit));
  return {
    deadUnits: some(0, rows, hasDead),
    laterDeadUnits: some(B, rows, hasDead),
    earlierDeadUnits: some(0, rows - B, hasDead),
    countedDeadUnits: some(0, rows, (row) => weight(row) !== 0 && hasDead(row)),
    changingUnits: some(B, rows, changes),
    laterChangingUnits: some(2 * B, rows, changes),
    earlyLoss: some(0, rows - B, (row) => weight(row) !== 0),
    weighted: some(0, rows, (row) => weight(row) !== 1),
    fractionalWeights: some(0, rows, (row) => weight(row) !== 0 && weight(row) !== 1),
    changingWeights: some(B, rows, (row) => weight(row) !== weight(row - B)),
    changingClasses:
      classes !== undefined && some(B, rows, (row) => weight(row) !== 0 && classes[row] !== classes[row - B]),
  };
}
