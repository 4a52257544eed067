import type { Step } from "@gradproof/arbitraries";

/** What steps carry along; each operation has some of it. */
export interface StepParameters {
  readonly axis: number;
  readonly axes: readonly number[];
  readonly keepDimensions: boolean;
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly indices: readonly number[];
  readonly length: number;
  readonly classes: readonly number[];
  readonly width: number;
  readonly parts: readonly number[];
  readonly widths: readonly (readonly [before: number, after: number])[];
  readonly mode: "constant" | "reflect";
  readonly exponent: number;
  readonly notation: string;
  readonly lower: boolean;
  readonly transposed: boolean;
}

export function parametersOf({ parameters }: Step): StepParameters {
  return parameters as StepParameters;
}

/** An index for each element. */
export interface Places {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}

/** Of gather. */
export function placesOf({ parameters }: Step): Places {
  return (parameters as { readonly indices: Places }).indices;
}

/** Of tensordot. */
export function pairsOf({ parameters }: Step): readonly [left: readonly number[], right: readonly number[]] {
  return (parameters as { readonly axes: readonly [readonly number[], readonly number[]] }).axes;
}
