import type { NumericArray } from "../numeric-array.ts";
import { dimensions, type RnnProblem } from "./problem.ts";

/** What a run of the RNN shows of a problem. */
export interface Run {
  /** u_t of every step, sequence and unit. */
  readonly preactivations: readonly number[];
  /** ŷ_t - y_t of every step, sequence and output that counts in a loss of squares; nothing for other losses. */
  readonly errors: readonly number[];
}

/** The RNN in plain loops over doubles. */
export function run(problem: RnnProblem): Run {
  const { T, B, I, H, O } = dimensions(problem);
  const { Wxh, Whh, Why, bxh, bhh, by } = problem.parameters;
  const f = problem.nonlinearity === "tanh" ? Math.tanh : (u: number) => Math.max(u, 0);
  const target = problem.loss === "mse" || problem.loss === "half_squared_error" ? problem.target.data : undefined;
  const preactivations: number[] = [];
  const errors: number[] = [];
  for (let b = 0; b < B; b++) {
    let h = row(problem.h0, b, H);
    for (let t = 0; t < T; t++) {
      const [x, before] = [row(problem.x, t * B + b, I), h];
      const u = Array.from({ length: H }, (_, unit) => {
        const biases = (bxh?.data[unit] ?? 0) + (bhh?.data[unit] ?? 0);
        return dot(row(Wxh, unit, I), x) + dot(row(Whh, unit, H), before) + biases;
      });
      preactivations.push(...u);
      h = u.map(f);
      if (!Why || !target || problem.mask?.data[t * B + b] === 0) continue;
      for (let o = 0; o < O; o++) {
        errors.push(dot(row(Why, o, H), h) + (by?.data[o] ?? 0) - target[(t * B + b) * O + o]);
      }
    }
  }
  return { preactivations, errors };
}

function row({ data }: NumericArray, index: number, length: number): number[] {
  return Array.from(data.subarray(index * length, (index + 1) * length));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
