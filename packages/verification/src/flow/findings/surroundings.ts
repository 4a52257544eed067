import type { NumericArray } from "@gradproof/rnn";
import type { Subject } from "../explain.ts";
import { type Finding, thresholds } from "../finding.ts";

/** Question 2: is the loss better than that of the best constant output? */
export function lossFindings({ problem, flow }: Subject): Finding[] {
  const baseline = constantLoss(problem);
  if (baseline === undefined || !(baseline > 0)) return [];
  const share = flow.loss / baseline;
  return [
    {
      question: 2,
      measure: "loss as a share of the best constant output's",
      value: share,
      threshold: thresholds.baseline,
      evidence: `the loss is ${flow.loss.toPrecision(4)}; the best output that does not look at the inputs has ${baseline.toPrecision(4)}${share >= thresholds.baseline ? ": nothing is learned yet" : ""}`,
      severity: "note",
      tryNext: [],
    },
  ];
}

/** The loss of the mean target, or of the classes' frequencies; undefined where a loss has no such thing. */
function constantLoss(problem: Subject["problem"]): number | undefined {
  if (problem.loss === "linear") return undefined;
  const rows = problem.x.shape[0] * problem.x.shape[1];
  const weights = problem.mask?.data ?? new Float64Array(rows).fill(1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (problem.loss === "cross_entropy") {
    const counts = new Map<number, number>();
    problem.target.forEach((label, row) => {
      counts.set(label, (counts.get(label) ?? 0) + weights[row]);
    });
    const loss = [...counts.values()].reduce((sum, n) => sum - (n > 0 ? n * Math.log(n / total) : 0), 0);
    return problem.reduction === "mean" ? loss / rows : loss;
  }
  const loss = squaredDeviations(problem.target, weights, total) / (problem.loss === "half_squared_error" ? 2 : 1);
  return problem.reduction === "mean" ? loss / (rows * problem.target.shape[2]) : loss;
}

function squaredDeviations({ shape, data }: NumericArray, weights: Float64Array, total: number): number {
  const width = shape[2];
  let sum = 0;
  for (let output = 0; output < width; output++) {
    let mean = 0;
    weights.forEach((weight, row) => {
      mean += (weight / total) * data[row * width + output];
    });
    weights.forEach((weight, row) => {
      sum += weight * (data[row * width + output] - mean) ** 2;
    });
  }
  return sum;
}

/** Question 9: how many sequences it takes for the gradient to stand out of its noise. */
export function noiseFindings({ flow: { noise, dimensions } }: Subject): Finding[] {
  if (noise === undefined) return [];
  const { scale = Number.POSITIVE_INFINITY } = noise;
  return [
    {
      question: 9,
      measure: "gradient noise scale in sequences",
      value: scale,
      threshold: dimensions.B,
      evidence: Number.isFinite(scale)
        ? `noise and gradient are of one size in a batch of ${scale.toPrecision(2)} sequences; this one has ${dimensions.B}`
        : `the gradient does not stand out of the noise of ${dimensions.B} sequences`,
      severity: "note",
      tryNext: [],
    },
  ];
}

/** Question 10: what the weights are, whatever the data. */
export function startFindings({ flow: { matrix, products } }: Subject): Finding[] {
  const { spectralRadius, largestSingularValue, smallestSingularValue, nonNormality } = matrix;
  const [{ norm }] = products;
  const peak = norm.reduce((most, value) => Math.max(most, value), 0);
  const after = norm.indexOf(peak);
  const transient = peak > Math.LN2 && norm[norm.length - 1] < peak - Math.LN2;
  return [
    {
      question: 10,
      measure: "spectral radius of W_hh",
      value: spectralRadius,
      threshold: 1,
      evidence:
        `ρ = ${spectralRadius.toFixed(3)}, singular values from ${smallestSingularValue.toPrecision(2)} to ${largestSingularValue.toFixed(3)}, ` +
        `departure from normality ${nonNormality.toFixed(2)} of its length${transient ? `; errors first grow ${Math.exp(peak).toPrecision(2)}-fold, over ${after} steps, before they shrink` : ""}`,
      severity: "note",
      tryNext: [],
    },
  ];
}
