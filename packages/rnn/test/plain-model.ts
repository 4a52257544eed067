import { dimensions, type NumericArray, type RnnProblem } from "../src/problem.ts";

/** The model on plain numbers, one scalar at a time, without a line of what it checks. */
export interface PlainRun {
  readonly loss: number;
  /**
   * How far rounding can have moved the loss, whatever the order of the sums: the first-order running error bound (Higham
   * 2002, §3.3), each rounding at most u = 2^-53 and each elementary function at most 2 ulp off.
   */
  readonly error: number;
  /** h_t, and how far rounding can have moved it: [T][B][H]. */
  readonly states: readonly Row[][];
  /** ŷ_t, likewise: [T][B][O]. */
  readonly outputs: readonly Row[][];
  /** Which units are on (u > 0), of relu; empty for tanh, which has no kinks. */
  readonly pattern: string;
  /** Whether some relu unit is exactly at its kink. */
  readonly atKink: boolean;
}

interface Row {
  readonly values: number[];
  readonly errors: number[];
}

const u = 2 ** -53;
/** Relative error of tanh, exp and log. */
const functions = 4 * u;

export function plainRun(problem: RnnProblem<NumericArray>): PlainRun {
  const { T, B } = dimensions(problem);
  const run = { pattern: "", atKink: false };
  const states: Row[][] = [];
  const outputs: Row[][] = [];
  let loss = 0;
  let error = 0;
  let size = 0;
  let terms = 0;
  for (let t = 0; t < T; t++) {
    states.push([]);
    outputs.push([]);
    for (let b = 0; b < B; b++) {
      const before: Row =
        t > 0 ? states[t - 1][b] : { values: rowOf(problem.h0, b), errors: zeros(problem.h0.shape[1]) };
      const h = step(problem, rowOf(problem.x, t * B + b), before, run);
      const y = readout(problem, h);
      states[t].push(h);
      outputs[t].push(y);
      const weight = problem.mask ? problem.mask.data[t * B + b] : 1;
      const term = stepLoss(problem, t * B + b, h, y);
      loss += weight * term.value;
      size += Math.abs(weight * term.value);
      error += Math.abs(weight) * term.error;
      terms++;
    }
  }
  const divisor = divisorOf(problem);
  return {
    loss: loss / divisor,
    // The weight, each partial sum and the division round once more.
    error: (error + (terms + 4) * u * size) / divisor,
    states,
    outputs,
    ...run,
  };
}

function step(
  problem: RnnProblem<NumericArray>,
  x: number[],
  before: Row,
  run: { pattern: string; atKink: boolean },
): Row {
  const { Wxh, Whh, bxh, bhh } = problem.parameters;
  const H = before.values.length;
  const values: number[] = [];
  const errors: number[] = [];
  for (let i = 0; i < H; i++) {
    const wx = rowOf(Wxh, i);
    const wh = rowOf(Whh, i);
    const biases = [bxh?.data[i] ?? 0, bhh?.data[i] ?? 0];
    const addends = [
      ...x.map((value, j) => wx[j] * value),
      ...biases,
      ...before.values.map((value, j) => wh[j] * value),
    ];
    const preactivation = addends.reduce((sum, addend) => sum + addend, 0);
    let error = addends.length * u * addends.reduce((sum, addend) => sum + Math.abs(addend), 0);
    before.errors.forEach((moved, j) => {
      error += Math.abs(wh[j]) * moved;
    });
    if (problem.nonlinearity === "tanh") {
      const value = Math.tanh(preactivation);
      values.push(value);
      errors.push(error + functions * Math.abs(value));
    } else {
      values.push(Math.max(preactivation, 0));
      errors.push(error);
      run.pattern += preactivation > 0 ? "1" : "0";
      run.atKink ||= preactivation === 0;
    }
  }
  return { values, errors };
}

function readout({ parameters: { Why, by } }: RnnProblem<NumericArray>, h: Row): Row {
  const values: number[] = [];
  const errors: number[] = [];
  for (let i = 0; Why && i < Why.shape[0]; i++) {
    const w = rowOf(Why, i);
    const addends = [...h.values.map((value, j) => w[j] * value), by?.data[i] ?? 0];
    values.push(addends.reduce((sum, addend) => sum + addend, 0));
    const size = addends.reduce((sum, addend) => sum + Math.abs(addend), 0);
    errors.push(addends.length * u * size + h.errors.reduce((sum, moved, j) => sum + Math.abs(w[j]) * moved, 0));
  }
  return { values, errors };
}

/** J_t of one sequence, before mask and reduction. */
function stepLoss(problem: RnnProblem<NumericArray>, row: number, h: Row, y: Row): { value: number; error: number } {
  if (problem.loss === "linear") {
    const [a, b] = [problem.target.outputs, problem.target.states];
    const parts = [...inner(a && rowOf(a, row), y), ...inner(b && rowOf(b, row), h)];
    return total(parts);
  }
  if (problem.loss === "cross_entropy") {
    const label = problem.target[row];
    const largest = Math.max(...y.values);
    const log = Math.log(y.values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    const moved = Math.max(...y.errors);
    const spread = largest - Math.min(...y.values);
    const value = largest + log - y.values[label];
    // log of a sum of n exponentials: each argument rounds, each exponential and each partial sum errs relatively.
    const logError = u * spread + functions * (1 + log) + y.values.length * u;
    return { value, error: 2 * moved + logError + 2 * u * (Math.abs(largest) + log + Math.abs(y.values[label])) };
  }
  const target = rowOf(problem.target, row);
  const halves = problem.loss === "half_squared_error" ? 2 : 1;
  return total(
    y.values.map((value, i) => {
      const difference = value - target[i];
      const moved = y.errors[i] + u * Math.abs(difference);
      const error = 2 * Math.abs(difference) * moved + moved ** 2 + u * difference ** 2;
      return { value: difference ** 2 / halves, error: error / halves };
    }),
  );
}

function inner(cotangent: number[] | undefined, { values, errors }: Row): { value: number; error: number }[] {
  return (cotangent ?? []).map((c, i) => ({
    value: c * values[i],
    error: Math.abs(c) * errors[i] + u * Math.abs(c * values[i]),
  }));
}

function total(parts: readonly { value: number; error: number }[]): { value: number; error: number } {
  const size = parts.reduce((sum, { value }) => sum + Math.abs(value), 0);
  return {
    value: parts.reduce((sum, { value }) => sum + value, 0),
    error: parts.reduce((sum, { error }) => sum + error, 0) + parts.length * u * size,
  };
}

function divisorOf(problem: RnnProblem<NumericArray>): number {
  if (problem.reduction === "sum") return 1;
  const { T, B, O } = dimensions(problem);
  return problem.loss === "cross_entropy" ? T * B : T * B * O;
}

/** Row i of an array seen as a matrix of its last axis. */
function rowOf({ shape, data }: NumericArray, i: number): number[] {
  const length = shape[shape.length - 1];
  return Array.from(data.subarray(i * length, (i + 1) * length));
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
