import { type HandData, handErrors } from "./hand.ts";
import {
  clusterCost,
  determinant,
  leastSquares,
  logPosterior,
  logSumExp,
  lstmLoss,
  newtonDirection,
  odeSolution,
  reprojection,
} from "./objectives.ts";

/** What a message asks for, as JSON has it. */
// biome-ignore lint/suspicious/noExplicitAny: the shapes are those of the recorded messages.
type Recorded = any;

/** The numbers that an output must consist of; or a function whose gradient at a point they must be. */
export type Answer = {
  /** Where this is not about all of the output, which part of it: of the flattened numbers. */
  readonly part?: readonly [start: number, end: number];
} & (
  | { readonly is: readonly number[] }
  | {
      readonly gradientOf: (x: Record<string, Float64Array>) => number;
      readonly at: Readonly<Record<string, readonly number[]>>;
    }
);

const flat = (a: Recorded): number[] => (Array.isArray(a) ? a.flatMap(flat) : [a]);
const rowsOf = (a: ArrayLike<number>, width: number) =>
  Array.from({ length: a.length / width }, (_, i) => Array.from(a).slice(i * width, (i + 1) * width));

/** By module and function; the order of a gradient's inputs is that of the output. */
export const answers: Readonly<Record<string, Readonly<Record<string, (input: Recorded) => readonly Answer[]>>>> = {
  hello: {
    square: (x) => [{ is: [x * x] }],
    double: (x) => [{ is: [2 * x] }],
  },
  llsq: {
    primal: ({ x, n }) => [{ is: [leastSquares(x, n)] }],
    gradient: ({ x, n }) => [{ gradientOf: ({ x }) => leastSquares(x, n), at: { x } }],
  },
  lse: {
    primal: ({ x }) => [{ is: [logSumExp(x)] }],
    gradient: ({ x }) => [{ gradientOf: ({ x }) => logSumExp(x), at: { x } }],
  },
  gmm: {
    objective: (input) => {
      const { alpha, mu, q, l } = input;
      return [{ is: [logPosterior(input, { alpha, mu: flat(mu), q: flat(q), l: flat(l) })] }];
    },
    jacobian: (input) => {
      const { alpha, mu, q, l } = input;
      return [
        {
          gradientOf: ({ alpha, mu, q, l }) => logPosterior(input, { alpha, mu, q, l }),
          at: { alpha, mu: flat(mu), q: flat(q), l: flat(l) },
        },
      ];
    },
  },
  det: {
    primal: ({ A, ell }) => [{ is: [determinant(rowsOf(A, ell))] }],
    gradient: ({ A, ell }) => [{ gradientOf: ({ a }) => determinant(rowsOf(a, ell)), at: { a: A } }],
  },
  lstm: {
    objective: (input) => [
      { is: [lstmLoss(input, { main: flat(input.main_params), extra: flat(input.extra_params) })] },
    ],
    jacobian: (input) => [
      {
        gradientOf: ({ main, extra }) => lstmLoss(input, { main, extra }),
        at: { main: flat(input.main_params), extra: flat(input.extra_params) },
      },
    ],
  },
  ode: {
    primal: ({ x, s }) => [{ is: odeSolution(x, s) }],
    gradient: ({ x, s }) => [{ gradientOf: ({ x }) => odeSolution(x, s)[x.length - 1], at: { x } }],
  },
  kmeans: {
    cost: ({ points, centroids }) => [{ is: [clusterCost(points, centroids)] }],
    dir: ({ points, centroids }) => [{ is: flat(newtonDirection(points, centroids)) }],
  },
  ba: {
    objective: ({ cam, x, w, feat, p }) => [{ is: [...reprojection([...cam, ...x, w], feat), p, 1 - w * w, p] }],
    jacobian: ({ n, m, p, cam, x, w, feat }) => {
      // Two rows of 15 for each observation, then one of 1 for each weight: of all that, the first 30 and the last.
      const ends = (all: readonly number[]) => [...all.slice(0, 30), ...all.slice(-1)];
      const blocks = Array.from({ length: 2 * p + 1 }, (_, i) => 15 * i);
      const rows = [...blocks, ...Array.from({ length: p }, (_, i) => 30 * p + i + 1)];
      const columns = [...cam.keys(), 11 * n, 11 * n + 1, 11 * n + 2, 11 * n + 3 * m];
      const cols = [...columns, ...columns, 11 * n + 3 * m + p - 1];
      const at = { parameters: [...cam, ...x, w] };
      const shown = ends(rows).length + cols.length;
      return [
        { is: [...ends(rows), ...cols] },
        { gradientOf: ({ parameters }) => reprojection(parameters, feat)[0], at, part: [shown, shown + 15] },
        { gradientOf: ({ parameters }) => reprojection(parameters, feat)[1], at, part: [shown + 15, shown + 30] },
        { gradientOf: ({ w }) => 1 - w[0] * w[0], at: { w: [w] }, part: [shown + 30, shown + 31] },
      ];
    },
  },
  ht: {
    objective: ({ theta, us, data }) => [
      { is: data.correspondences.flatMap((_: number, i: number) => handErrors(data, i, theta, us[i])) },
    ],
    jacobian: handJacobian,
  },
};

/** A row for each error: by the point's own u, if it has one, and by θ; at rest without rotation, which does not count there. */
function handJacobian({ theta, us, data }: { theta: number[]; us: number[][]; data: HandData }): Answer[] {
  const resting = Math.hypot(...theta.slice(0, 3)) < 1e-4;
  const width = theta.length + (us[0]?.length ?? 0);
  return data.correspondences.flatMap((_, i) =>
    ([0, 1, 2] as const).flatMap((axis): Answer[] => {
      const start = width * (3 * i + axis);
      if (!resting) {
        const gradientOf = ({ u, theta }: Record<string, Float64Array>) => handErrors(data, i, theta, u)[axis];
        return [{ gradientOf, at: { ...(us.length > 0 && { u: us[i] }), theta }, part: [start, start + width] }];
      }
      const gradientOf = ({ rest }: Record<string, Float64Array>) => handErrors(data, i, [0, 0, 0, ...rest])[axis];
      return [
        { is: [0, 0, 0], part: [start, start + 3] },
        { gradientOf, at: { rest: theta.slice(3) }, part: [start + 3, start + width] },
      ];
    }),
  );
}
