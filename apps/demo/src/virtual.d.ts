declare module "virtual:derivation-text" {
  /** The body of a function that returns BPTT's equations. */
  export const derivationText: string;
}

declare module "virtual:judge-source" {
  /** A classic script for a worker. */
  export const judgeSource: string;
}

declare module "virtual:training-text" {
  /** What a network learns to write. */
  export const trainingText: string;
}

/** Of the package `gradproof`, as its reports name it. */
declare const gradproofVersion: string;
