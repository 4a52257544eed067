import { dense } from "../src/dense.ts";
import { ensemble } from "../src/ensemble.ts";
import { float64 } from "../src/float.ts";
import { float64Field } from "../src/float64-field.ts";
import { roundingOf } from "../src/noise.ts";
import { stochastic } from "../src/stochastic.ts";
import { stochasticKernels } from "../src/stochastic-kernels.ts";
import { subject } from "./arithmetics.ts";
import { liftIsExact, liftRefuses, sameness } from "./laws/conversions.ts";
import { testLaws } from "./laws/law.ts";
import { onlyTheOutput, poisonShows } from "./laws/outputs.ts";
import { lifetimes, resultsStay, reuse } from "./laws/scopes.ts";
import { rowsAreChecked, shapesAreChecked } from "./laws/shapes.ts";
import { seed } from "./seed.ts";

/** The laws that hold though every result errs. */
testLaws(
  "Arithmetics that err",
  [
    liftIsExact,
    liftRefuses,
    sameness,
    onlyTheOutput,
    poisonShows,
    lifetimes,
    reuse,
    resultsStay,
    shapesAreChecked,
    rowsAreChecked,
  ],
  [
    subject({ arithmetic: dense(stochastic(float64Field, roundingOf.float32, seed)) }),
    subject({ arithmetic: dense(ensemble(float64Field, roundingOf.float32, [seed, seed + 1, seed + 2])) }),
    subject({ arithmetic: stochasticKernels(float64, roundingOf.float32, seed) }),
  ],
);
