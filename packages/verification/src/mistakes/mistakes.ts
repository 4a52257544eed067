import { revealingFacts } from "../problem-facts.ts";
import type { ProofShape } from "../proof-shape.ts";
import { activationMistakes } from "./activation.ts";
import { biasMistakes } from "./biases.ts";
import { inputAndStateMistakes } from "./inputs-and-initial-state.ts";
import { lossMistakes } from "./loss.ts";
import { maskMistakes } from "./masks.ts";
import type { Mistake } from "./mistake.ts";
import { mistakesThroughTime } from "./through-time.ts";
import { truncations } from "./truncations.ts";
import { weightMistakes } from "./weights.ts";

/** Mistakes that sit in the same equations. */
export interface MistakeFamily {
  readonly name: string;
  readonly mistakes: readonly Mistake[];
}

/** The families of the catalogue in the order of the sweep. */
export const mistakeFamilies: readonly MistakeFamily[] = [
  { name: "From the loss to the output", mistakes: lossMistakes },
  { name: "Weights of the steps in the loss", mistakes: maskMistakes },
  { name: "The step back in time", mistakes: mistakesThroughTime },
  { name: "Truncations", mistakes: truncations },
  { name: "Through the activation", mistakes: activationMistakes },
  { name: "Gradients of the weights", mistakes: weightMistakes },
  { name: "Gradients of the biases", mistakes: biasMistakes },
  { name: "Gradients of the initial state and the inputs", mistakes: inputAndStateMistakes },
];

/**
 * Whether a mistake is about something that a problem has: its loss and reduction, its nonlinearity, a mask, a bias. If so, it
 * shows on some problem of other numbers and lengths.
 */
export function isApplicable({ inert }: Mistake, shape: ProofShape): boolean {
  const facts = { ...revealingFacts, ...(!shape.mask && unweighted) };
  return !inert({ ...shape, T: 9, B: 3, I: 4, H: 4, O: 3, zeroState: false }, facts);
}

const unweighted = { weighted: false, fractionalWeights: false, changingWeights: false };

/** Mistakes that people make in BPTT, each one or a few equations replaced, in the order of the sweep. */
export const mistakes: readonly Mistake[] = mistakeFamilies.flatMap((family) => family.mistakes);
