import type { RnnDerivation } from "./derivation.ts";
import { forwardPass } from "./forward-pass.ts";
import { oneStep } from "./one-step.ts";
import { regulariser } from "./regulariser.ts";
import { alongRoad, roads, sumOfLags } from "./roads.ts";
import { singleNeuron } from "./single-neuron.ts";
import { truncations } from "./truncations.ts";
import { unbiasedEstimates } from "./unbiased-estimates.ts";

/** Every derivation of `rnn`, each of which autodiff must agree with. */
export const derivations: readonly RnnDerivation[] = [
  forwardPass,
  ...[...roads, sumOfLags].map(alongRoad),
  regulariser,
  ...truncations,
  ...unbiasedEstimates,
  singleNeuron,
  oneStep,
];
