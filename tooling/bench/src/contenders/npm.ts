import type { Contender } from "./contender.ts";

/** Libraries from npm, which tooling/bench/peers holds once they are installed: nothing of theirs is loaded before it is timed. */
export const npmPeers: readonly Contender[] = [
  {
    name: "TensorFlow.js wasm",
    async prepare(problem) {
      return (await import("../../peers/tensorflow.ts")).tensorflow("wasm", problem);
    },
  },
  {
    name: "TensorFlow.js cpu",
    slow: true,
    // Minutes a step.
    leavesOut: ["S2", "S3", "S4"],
    async prepare(problem) {
      return (await import("../../peers/tensorflow.ts")).tensorflow("cpu", problem);
    },
  },
  {
    name: "jax-js wasm, jit",
    // A graph of 1000 unrolled steps.
    leavesOut: ["S3"],
    async prepare(problem) {
      return (await import("../../peers/jax-js.ts")).jaxJs(problem);
    },
  },
  {
    name: "js-pytorch cpu",
    // Adds a bias to one row only.
    leavesOut: ["S2", "S3", "S4"],
    async prepare(problem) {
      return (await import("../../peers/js-pytorch.ts")).jsPytorch(problem);
    },
  },
];
