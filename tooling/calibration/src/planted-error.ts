import { elementLimit, type GivenGradient, type GradientVerdict } from "@gradproof/verification";

/**
 * The gradients with `factor` K σ added to the worst element of one of them, the `first` or the next one that rounds at
 * all; undefined if none does.
 */
export function plantError(
  gradients: readonly GivenGradient[],
  verdicts: readonly GradientVerdict[],
  first: number,
  factor: number,
): GivenGradient[] | undefined {
  const turn = gradients.map((_, i) => (first + i) % gradients.length);
  const chosen = turn.find((i) => verdicts[i].worst.sigma > 0);
  if (chosen === undefined) return undefined;
  const { worst } = verdicts[chosen];
  const given = gradients[chosen];
  const element = worst.index.reduce((position, i, axis) => position * given.shape[axis] + i, 0);
  const data = given.data.slice();
  const away = Math.sign(data[element] - worst.reference || 1);
  data[element] = worst.reference + away * factor * elementLimit * worst.sigma;
  return gradients.map((gradient, i) => (i === chosen ? { ...gradient, data } : gradient));
}
