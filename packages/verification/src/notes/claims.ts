import type { Claim } from "./claim.ts";
import { blank, equation4, exponentials, sigmoidForm } from "./rows/activation-claims.ts";
import { equation3InFloats, equation4InFloats, slopeRange } from "./rows/activation-in-floats-claims.ts";
import { descentRate, descentStep } from "./rows/descent-claims.ts";
import { equation15, equation16a, equation16b } from "./rows/expanded-sum-claims.ts";
import { fartherBack, shortTermBias } from "./rows/farther-back-claim.ts";
import { equation26, jacobianOfStep, orderedProduct } from "./rows/jacobian-claims.ts";
import { definitions, equation1, equation5, initialState, readout, readoutBits } from "./rows/network-claims.ts";
import { normalWeights } from "./rows/normal-weights-claim.ts";
import { equation22, equation27, equation27Crossing, equations24And25 } from "./rows/single-neuron-claims.ts";
import { criticalWeight, fixedPointSlope, meanOverStarts } from "./rows/single-neuron-facts.ts";
import { smallFactors } from "./rows/small-factors-claim.ts";
import { equation7, equations8And9 } from "./rows/sum-over-steps-claims.ts";
import {
  equation10,
  equation11,
  equation12,
  equation13,
  equation14,
  lastTerm,
} from "./rows/total-derivative-claims.ts";
import { dependsOnWhh, dependsOnWhy, openQuestion } from "./rows/weight-dependence-claims.ts";

/** The lecture notes row by row, in their order: what they write, what holds, and the test that tells the two apart. */
export const claims: readonly Claim[] = [
  descentRate,
  descentStep,
  definitions,
  equation1,
  readout,
  readoutBits,
  initialState,
  sigmoidForm,
  equation3InFloats,
  exponentials,
  equation4,
  equation4InFloats,
  equation5,
  equation7,
  equations8And9,
  equation10,
  equation11,
  equation12,
  equation13,
  equation14,
  lastTerm,
  equation15,
  equation16a,
  equation16b,
  dependsOnWhh,
  dependsOnWhy,
  openQuestion,
  jacobianOfStep,
  orderedProduct,
  equation22,
  blank,
  equations24And25,
  equation26,
  equation27,
  equation27Crossing,
  slopeRange,
  normalWeights,
  smallFactors,
  fartherBack,
  shortTermBias,
  fixedPointSlope,
  criticalWeight,
  meanOverStarts,
];
