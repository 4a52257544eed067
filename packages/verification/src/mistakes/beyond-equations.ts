/** A mistake that no replaced equation can express, and what finds it instead. */
export interface MistakeBeyondEquations {
  readonly name: string;
  readonly what: string;
  readonly seen?: readonly string[];
  /** The test that would fail, by its file in the repository and its name. */
  readonly foundBy: { readonly file: string; readonly test: string };
}

const laws = "packages/rnn/test/backward.property.test.ts";
const calls = "packages/verification/test/beyond-equations.test.ts";

/** Mistakes of programs rather than of derivations: memory, order of calls, number formats, another model. */
export const mistakesBeyondEquations: readonly MistakeBeyondEquations[] = [
  {
    name: "gradients-not-zeroed",
    what: "a second call adds to the gradient of the first",
    seen: ["OpenNMT-py issue 891", "pytorch issue 2696"],
    foundBy: { file: laws, test: "called twice gives the same" },
  },
  {
    name: "buffer-aliased",
    what: "what a call returns is memory that the next call writes to",
    seen: ["torch/nn issue 1054"],
    foundBy: { file: calls, test: "what it returned stays as it was when it is called again" },
  },
  {
    name: "stale-buffer",
    what: "steps of a longer sequence that ran before are still there",
    seen: ["mxnet issue 21143"],
    foundBy: { file: calls, test: "a longer sequence before does not change it" },
  },
  {
    name: "parameters-updated-on-the-way",
    what: "weights change, or inputs are clipped in place, while the gradient is computed",
    seen: ["vzhou842/rnn-from-scratch rnn.py"],
    foundBy: { file: laws, test: "leaves problem and trajectory as they are" },
  },
  {
    name: "gradient-clipped",
    what: "elements beyond a bound are cut off before the gradient is compared",
    seen: ["vzhou842/rnn-from-scratch rnn.py"],
    foundBy: { file: calls, test: "a clipped gradient is a mismatch, where it was clipped" },
  },
  {
    name: "kernel-defect",
    what: "a product that is wrong at the edge of a block, or writes where it should add",
    foundBy: {
      file: "packages/verification/test/integer-bridge.test.ts",
      test: "the bridge sees every planted defect of a kernel",
    },
  },
  {
    name: "memory-not-written",
    what: "an element of a result that is whatever was there before",
    foundBy: {
      file: "packages/arithmetic/test/arena.test.ts",
      test: "memory is NaN when it is new and when its scope has ended, its neighbours in outer scopes are not",
    },
  },
  {
    name: "another-model",
    what: "gates copied from one another, the gradient of one of several layers",
    seen: ["hanbt/learn_dl issue 53", "mxnet issue 17818", "Paddle pull request 37080"],
    foundBy: { file: "packages/cli/test/check-file.test.ts", test: "%s is refused with a sentence" },
  },
];
