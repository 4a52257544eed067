import { random } from "@gradproof/arithmetic";
import { benchesOf, elementLimit, type GivenGradient, type Judgement, judgeOn } from "@gradproof/verification";
import { type FloatType, floatGradient } from "./float-gradient.ts";
import { drawProblem } from "./random-problem.ts";
import { summationOrders } from "./summation-orders.ts";

type Verdicts = Pick<Judgement, "verdict" | "gradients">;

/** What judging many correct gradients, and the same with one element planted wrong, came to. */
export interface FalseAlarmRun {
  readonly seed: number;
  readonly problems: number;
  readonly match: number;
  /** Correct gradients judged wrong, each with the seed of its problem: none are expected. */
  readonly falseAlarms: readonly string[];
  /** Reason (without its numbers) to how often. */
  readonly inconclusive: ReadonlyMap<string, number>;
  readonly planted: number;
  /** Planted errors not found: none are expected. */
  readonly missed: readonly string[];
  /** Largest |error| / σ of each matching problem with finite numbers, ascending. */
  readonly errors: Float64Array;
  /** Problems that needed the other side of a kink to match. */
  readonly kinks: number;
}

/**
 * Judges correct gradients of random problems, float32 and float64 in turn, by BPTT or autodiff in a random order of
 * summation; then plants an error of 4 K σ in an element of each that matched.
 */
export function countFalseAlarms(problems: number, seed: number, onProgress?: (done: number) => void): FalseAlarmRun {
  const seeds = random(seed);
  const falseAlarms: string[] = [];
  const missed: string[] = [];
  const inconclusive = new Map<string, number>();
  const errors: number[] = [];
  let planted = 0;
  let kinks = 0;
  for (let done = 0; done < problems; done++) {
    const own = seeds.uint32();
    const { problem, name, gradients } = drawGradient(own, done % 2 === 0 ? "F32" : "F64");
    const benches = benchesOf(problem, { seed: own });
    const judgement = judgeOn(benches, gradients);
    if (judgement.verdict === "mismatch") falseAlarms.push(`${name}: ${describeWorst(judgement)}`);
    if (judgement.verdict === "inconclusive") count(inconclusive, reasonOf(judgement));
    if (judgement.verdict === "match") {
      errors.push(Math.max(...judgement.gradients.map(({ errorInSigma }) => errorInSigma ?? 0)));
      if (judgement.gradients.some(({ reason }) => reason !== undefined)) kinks++;
      const wrong = plant(gradients, judgement, random(own).integer(0, gradients.length - 1));
      if (wrong) {
        planted++;
        if (judgeOn(benches, wrong, { explain: false }).verdict !== "mismatch") missed.push(name);
      }
    }
    onProgress?.(done + 1);
  }
  const match = errors.length;
  return {
    seed,
    problems,
    match,
    falseAlarms,
    inconclusive,
    planted,
    missed,
    errors: Float64Array.from(errors).sort(),
    kinks,
  };
}

/** The problem of one seed with a correct gradient. */
export function drawGradient(seed: number, dtype: FloatType) {
  const source = random(seed);
  const { problem, gain, quarters } = drawProblem(source);
  const program = source.pick(["bptt", "bptt", "bptt", "autodiff"] as const);
  const order = source.pick(summationOrders);
  const gradients = floatGradient(problem, dtype, program, order);
  const [T, B] = problem.x.shape;
  const style = `${dtype} ${program} ${order}${quarters ? " quarters" : ""}`;
  const name = `seed ${seed} ${style} T ${T} B ${B} H ${problem.h0.shape[1]} ${problem.nonlinearity} gain ${gain.toFixed(2)}`;
  return { problem, gradients, name };
}

/** The gradients with 4 K σ added to the worst element of one that rounds at all; undefined if none does. */
function plant(gradients: readonly GivenGradient[], judgement: Verdicts, first: number): GivenGradient[] | undefined {
  const turn = gradients.map((_, i) => (first + i) % gradients.length);
  const chosen = turn.find((i) => judgement.gradients[i].worst.sigma > 0);
  if (chosen === undefined) return undefined;
  const { worst } = judgement.gradients[chosen];
  const given = gradients[chosen];
  const element = worst.index.reduce((position, i, axis) => position * given.shape[axis] + i, 0);
  const data = given.data.slice();
  data[element] = worst.reference + Math.sign(data[element] - worst.reference || 1) * 4 * elementLimit * worst.sigma;
  return gradients.map((gradient, i) => (i === chosen ? { ...gradient, data } : gradient));
}

function describeWorst({ gradients }: Verdicts): string {
  const wrong = gradients.filter(({ verdict }) => verdict === "mismatch");
  return wrong
    .map(
      ({ name, errorInSigma, rmsInSigma, reason }) =>
        `${name} ${errorInSigma?.toPrecision(3)} σ rms ${rmsInSigma?.toPrecision(3)} ${reason ?? ""}`,
    )
    .join(", ");
}

function reasonOf({ gradients }: Verdicts): string {
  const reason = gradients.find(({ verdict }) => verdict === "inconclusive")?.reason ?? "none given";
  return reason.includes("overflows") ? "overflow" : reason.replace(/^\d+ /, "");
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
