import type { Contender, Prepared } from "./contenders/contender.ts";
import { largestError, type Reference } from "./reference.ts";
import { problemOf, type Shape } from "./shapes.ts";

/** What a contender took for a step of a shape: least time, and its median ratio to the first contender, round by round. */
export interface Result {
  readonly shape: string;
  readonly contender: string;
  readonly milliseconds?: number;
  readonly ratio?: number;
  readonly rounds?: number;
  /** Largest error of its gradient, relative to each parameter's largest element. */
  readonly error?: number;
  /** Why there is no time. */
  readonly missing?: string;
}

/** float32 sums of up to 64,000 terms in any order: far above their rounding, far below a gradient that is wrong. */
const largestAllowed = 2e-3;

interface Runner {
  readonly name: string;
  readonly prepared: Prepared;
  readonly error: number;
  /** Milliseconds of a step, each the least of a round. */
  readonly times: number[];
}

/**
 * Checks the gradients of all contenders, then times their steps in turn, round after round, for about that many seconds;
 * in each round a fast contender runs several steps and its least time counts.
 */
export async function race(
  shape: Shape,
  contenders: readonly Contender[],
  reference: Reference,
  seconds: number,
  progress: (text: string) => void,
): Promise<Result[]> {
  const missing: Result[] = [];
  const runners: Runner[] = [];
  for (const contender of contenders) {
    progress(`${shape.name} ${contender.name}: checking its gradient`);
    const outcome = await start(shape, contender, reference);
    if ("missing" in outcome) missing.push({ shape: shape.name, contender: contender.name, ...outcome });
    else runners.push(outcome);
  }
  const turn = seconds / (10 * Math.max(runners.length, 1));
  const end = performance.now() + 1000 * seconds;
  for (let round = 0; round < 3 || performance.now() < end; round++) {
    progress(`${shape.name}: round ${round + 1}`);
    for (const { prepared, times } of runners) times.push(await leastOf(prepared, Math.min(turn, 0.25)));
    if (performance.now() > end + 4000 * seconds) break;
  }
  const [first] = runners;
  const results = runners.map(({ name, error, times, prepared }): Result => {
    prepared.close?.();
    const ratios = times.map((time, round) => time / first.times[round]).sort((a, b) => a - b);
    return {
      shape: shape.name,
      contender: name,
      milliseconds: Math.min(...times),
      ratio: ratios[Math.floor(ratios.length / 2)],
      rounds: times.length,
      error,
    };
  });
  return [...results, ...missing];
}

async function start(shape: Shape, contender: Contender, reference: Reference): Promise<Runner | { missing: string }> {
  if (contender.leavesOut?.includes(shape.name)) return { missing: "left out" };
  try {
    const prepared = await contender.prepare(problemOf(shape));
    const error = largestError(await prepared.gradient(), reference.gradient);
    if (error <= largestAllowed) return { name: contender.name, prepared, error, times: [] };
    prepared.close?.();
    return { missing: `wrong gradient: ${error.toExponential(1)} from ${reference.by}` };
  } catch (error) {
    return { missing: error instanceof Error ? error.message.split("\n")[0].slice(0, 80) : String(error) };
  }
}

/** The least milliseconds of the steps that fit into that many seconds, at least one. */
async function leastOf({ step }: Prepared, seconds: number): Promise<number> {
  const end = performance.now() + 1000 * seconds;
  let least = Number.POSITIVE_INFINITY;
  do {
    const start = performance.now();
    const own = step();
    const answer = own instanceof Promise ? await own : own;
    least = Math.min(least, typeof answer === "number" ? answer : performance.now() - start);
  } while (performance.now() < end);
  return least;
}
