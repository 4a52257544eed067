import type { Rule } from "@gradproof/diagnostics";

/** What the proofs of `rnn` take for granted, each with the test that checks it: file › title. */
export const rules: readonly Rule[] = [
  {
    rule: "autodiff's derivative rules: tanh′ = 1 − tanh², relu′ = [u > 0], of softmax and log-sum-exp, of every other operation",
    test: "packages/autodiff/test/operations.property.test.ts › of $name",
  },
  {
    rule: "rnn's own: tanh′ = 1 − h², relu′ = [h > 0], softmax − onehot",
    test: "packages/rnn/test/central-difference.property.test.ts › BPTT agrees with central differences",
  },
  {
    rule: "the oracles are functions with the identities of exp, log, tanh, σ, √, sin, cos and softmax that are used, and no others",
    test: "packages/arithmetic/test/prime-field.test.ts › identities of the functions",
  },
  {
    rule: "primes, residues and answers are as if drawn uniformly, and apart from each other",
    test: "packages/arithmetic/test/prime-field.test.ts › uniformity",
  },
  {
    rule: "the loss and its network are those that rnnLoss states",
    test: "apps/examples/pytorch/start.ts › judges the cases that PyTorch wrote",
  },
];

/** What no such proof says, with what does. */
export const notCovered: readonly Rule[] = [
  {
    rule: "kernels in floats, their blocks, buffers and order of summation",
    test: "packages/verification/test/integer-bridge.test.ts › the bridge sees every planted defect of a kernel",
  },
  {
    rule: "shapes and relu patterns that were not drawn, but for the induction over T that the step back is proven for",
    test: "packages/verification/test/proof/long-sequences.test.ts › an induction over T",
  },
];
