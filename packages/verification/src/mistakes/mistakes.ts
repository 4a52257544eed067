import { activationMistakes } from "./activation.ts";
import { biasMistakes } from "./biases.ts";
import { inputAndStateMistakes } from "./inputs-and-initial-state.ts";
import { lossMistakes } from "./loss.ts";
import { maskMistakes } from "./masks.ts";
import type { Mistake } from "./mistake.ts";
import { mistakesThroughTime } from "./through-time.ts";
import { truncations } from "./truncations.ts";
import { weightMistakes } from "./weights.ts";

/** Mistakes that people make in BPTT, each one or a few equations replaced, in the order of the sweep. */
export const mistakes: readonly Mistake[] = [
  ...lossMistakes,
  ...maskMistakes,
  ...mistakesThroughTime,
  ...truncations,
  ...activationMistakes,
  ...weightMistakes,
  ...biasMistakes,
  ...inputAndStateMistakes,
];
