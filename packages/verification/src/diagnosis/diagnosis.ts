/** A mistake of the catalogue that would explain what was given. */
export interface NamedMistake {
  readonly name: string;
  /** The formula as mistaken. */
  readonly mistaken: string;
  readonly right: string;
  /** The gradients that it gives to within rounding, by name; all of them where it explains them together. */
  readonly explains: readonly string[];
}

/** Where the gradients go wrong. Steps are counted from 0, as the rows of x are. */
export type Location =
  /** The gradient of x is right behind `step` and wrong there: δ of that step is the first wrong one of the sweep. */
  | {
      readonly by: "steps";
      readonly step: number;
      /** Steps at which it is wrong, of `steps`. */
      readonly wrong: number;
      readonly steps: number;
      /** Sequences in which it is wrong, of the batch; absent where it is wrong in all. */
      readonly sequences?: readonly number[];
    }
  /** The gradient of x is right, so every δ is as far as it shows: only what is made of them is wrong. */
  | { readonly by: "sums"; readonly gradients: readonly string[] }
  /** The gradient of W_hh counts the terms of each lag (steps from the loss back to the weight) that often. */
  | { readonly by: "lags"; readonly lags: readonly LagCount[]; readonly steps: number }
  | { readonly by: "nothing" };

/** Terms of the lags [from, to] counted `count` times where once is right. */
export interface LagCount {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What a simple relation there is between one wrong gradient and the right one. */
export interface Relation {
  readonly kind: "zero" | "multiple" | "axes" | "order" | "steps" | "sequences" | "other" | "elements";
  /** The relation as the end of a sentence that begins with the gradient: "is ...". */
  readonly text: string;
}

/** Why gradients are wrong, as far as can be seen. */
export interface Diagnosis {
  /**
   * Known mistakes, the most specific first: those that reproduce every given gradient, right and wrong, if there are any;
   * otherwise those that reproduce single wrong ones.
   */
  readonly mistakes: readonly NamedMistake[];
  /** Whether each of them alone reproduces all that was given. */
  readonly together: boolean;
  /** Mistakes that were not tried, because the problem is too large; absent if all were. */
  readonly untried?: number;
  readonly location: Location;
}

/** What is said of one wrong gradient. */
export interface Explanation {
  /** Known mistakes that give this gradient to within rounding. */
  readonly mistakes: readonly string[];
  readonly relations: readonly Relation[];
  readonly note?: string;
}
