import { type Arithmetic, float32, float64, type Tensor } from "@gradproof/arithmetic";
import { mapProblem } from "@gradproof/rnn";
import { type Bench, unravel } from "./bench.ts";
import { evaluate } from "./branches.ts";
import type { GivenGradient, Verdict } from "./judgement.ts";

/**
 * A gradient that is not finite is wrong if the same computation in its type stays finite, and not to be decided if that
 * overflows too: a correct program may then give anything.
 */
export function overflowReason(bench: Bench, { data, shape }: GivenGradient): { verdict: Verdict; reason: string } {
  const first = data.findIndex((value) => !Number.isFinite(value));
  const where = first < 0 ? undefined : `${data[first]} at [${unravel(first, shape).join(", ")}]`;
  const overflow = firstOverflow(bench);
  if (where && overflow === undefined) {
    return { verdict: "mismatch", reason: `${where} although nothing overflows in ${bench.precision.name}` };
  }
  const cause = `${bench.precision.name} overflows: ${overflow ?? "the reference is not finite"}`;
  return { verdict: "inconclusive", reason: where ? `${where}; ${cause}` : cause };
}

/** Where BPTT in the gradient's own type first leaves the finite numbers. */
function firstOverflow({ problem, precision }: Bench): string | undefined {
  if (precision.name === "float64") return firstNonFinite(float64, problem);
  if (precision.name === "float32") return firstNonFinite(float32, problem);
  return `gradproof does not compute in ${precision.name}`;
}

function firstNonFinite<S>(A: Arithmetic<S>, problem: Bench["problem"]): string | undefined {
  const rounded = mapProblem(problem, ({ data, shape }) => A.round(data, shape));
  const { trajectory, gradient } = evaluate(A, rounded);
  const parts: [string, Tensor<S> | undefined][] = [
    ["u", trajectory.preactivations],
    ["ŷ", trajectory.outputs],
    ["the loss", trajectory.loss],
    ...Object.entries(gradient).map(([name, tensor]): [string, Tensor<S>] => [`the gradient of ${name}`, tensor]),
  ];
  for (const [name, tensor] of parts) {
    if (!tensor) continue;
    const first = A.lower(tensor).findIndex((value) => !Number.isFinite(value));
    if (first >= 0) return `first in ${name} at [${unravel(first, tensor.shape).join(", ")}]`;
  }
  return undefined;
}
