import { float64 } from "@gradproof/arithmetic";
import { backward, forward, liftProblem, type RnnGradient } from "@gradproof/rnn";
import { timeInPairs } from "../paired.ts";
import { benchmarkProblem } from "./benchmark-problem.ts";
import { type HandGradient, handInlinedBptt } from "./hand-inlined-bptt.ts";

/** What float64 BPTT through the arithmetic interface costs against hand-inlined loops, by number of hidden units. */
const limit = 1.15;
const rounds = 60;
const checked = ["Wxh", "Whh", "Why", "h0", "x"] as const;

let exceeded = false;
console.log("   H   hand-inlined ms   interface ms   median ratio");
for (const H of [8, 16, 32, 64, 128]) {
  const problem = benchmarkProblem(32, 8, 32, H, 32);
  const lifted = liftProblem(float64, problem);
  const throughInterface = () => backward(float64, lifted, forward(float64, lifted));
  checkGradient(handInlinedBptt(problem), throughInterface());
  const { first, second, ratio } = timeInPairs(() => handInlinedBptt(problem), throughInterface, rounds);
  if (H >= 64 && ratio > limit) exceeded = true;
  console.log(
    `${String(H).padStart(4)}${first.toFixed(2).padStart(18)}${second.toFixed(2).padStart(15)}${ratio.toFixed(3).padStart(15)}`,
  );
}
console.log(exceeded ? `above ${limit} at H = 64 or 128` : `at most ${limit} at H = 64 and 128`);
process.exitCode = exceeded ? 1 : 0;

/** Gradients first: a fast wrong one is worth nothing. Both sum T·B·H terms, so 1e-10 of the largest element is ample. */
function checkGradient(hand: HandGradient, own: RnnGradient<ReturnType<typeof float64.empty>>): void {
  for (const name of checked) {
    const values = float64.lower(own[name] as ReturnType<typeof float64.empty>);
    const largest = hand[name].reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const wrong = values.findIndex((value, i) => !(Math.abs(value - hand[name][i]) <= 1e-10 * largest));
    if (wrong >= 0)
      throw new Error(`interface-cost: ${name}[${wrong}] is ${values[wrong]}; expected ${hand[name][wrong]}`);
  }
}
