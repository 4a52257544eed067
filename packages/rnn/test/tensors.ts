import { type Arithmetic, at, broadcastTo, reshape, slice, type Tensor, take, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { mapProblem, type RnnGradient, type RnnProblem } from "../src/problem.ts";
import { gradientEntries } from "./arrays.ts";

export function copyOfTensor<S>(A: Arithmetic<S>, t: Tensor<S>): Tensor<S> {
  const copy = A.empty(t.shape);
  A.copy(copy, t);
  return copy;
}

/** Every array of a problem by name, with classes as they are. */
export function problemEntries<S>(problem: RnnProblem<Tensor<S>>): [string, Tensor<S>][] {
  const entries: [string, Tensor<S>][] = [];
  mapProblem(problem, (value, name) => entries.push([name, value]));
  return entries;
}

/** Sequence b alone of a tensor [T, B, ...] as [T, 1, ...]. */
export function sequenceOf<S>(A: Arithmetic<S>, t: Tensor<S>, b: number): Tensor<S> {
  const [T, , ...rest] = t.shape;
  const out = A.empty([T, 1, ...rest]);
  for (let step = 0; step < T; step++) A.copy(at(out, step), slice(at(t, step), b, b + 1));
  return out;
}

/** Sequence b of a problem, as a batch of one. */
export function sequenceProblem<S>(A: Arithmetic<S>, problem: RnnProblem<Tensor<S>>, b: number): RnnProblem<Tensor<S>> {
  const batch = problem.h0.shape[0];
  const alone = mapProblem(problem, (value, name) => {
    if (name === "h0") return slice(value, b, b + 1);
    return name in problem.parameters ? value : sequenceOf(A, value, b);
  });
  if (alone.loss !== "cross_entropy") return alone;
  return { ...alone, target: alone.target.filter((_, i) => i % batch === b) };
}

/** Steps [start, end) of a problem, from the state h_0 before them. */
export function stepsOf<S>(
  problem: RnnProblem<Tensor<S>>,
  start: number,
  end: number,
  h0: Tensor<S>,
): RnnProblem<Tensor<S>> {
  const batch = problem.h0.shape[0];
  const part = mapProblem(problem, (value, name) => {
    if (name === "h0") return h0;
    return name in problem.parameters ? value : slice(value, start, end);
  });
  if (part.loss !== "cross_entropy") return part;
  return { ...part, target: part.target.slice(start * batch, end * batch) };
}

/** Hidden units in another order: unit i of the result is unit order[i]. Works on problems and on gradients. */
export function permuteUnits<S>(A: Arithmetic<S>, value: Tensor<S>, name: string, order: readonly number[]): Tensor<S> {
  const rows = (t: Tensor<S>) => {
    const out = A.empty(t.shape);
    take(A, out, t, order);
    return out;
  };
  const last = (t: Tensor<S>) => {
    const units = t.shape[t.shape.length - 1];
    const matrix = reshape(t, [t.shape.slice(0, -1).reduce((product, length) => product * length, 1), units]);
    return reshape(copyOfTensor(A, transpose(rows(copyOfTensor(A, transpose(matrix))))), t.shape);
  };
  switch (name) {
    case "Wxh":
    case "bxh":
    case "bhh":
      return rows(value);
    case "Whh":
      return last(rows(value));
    case "Why":
    case "h0":
    case "states":
    case "target.states":
      return last(value);
    default:
      return value;
  }
}

/** a + b */
export function sumOf<S>(A: Arithmetic<S>, a: Tensor<S>, b: Tensor<S>): Tensor<S> {
  const out = A.empty(a.shape);
  A.binary(op.add, out, a, b);
  return out;
}

/** c a for a scalar c. */
export function scaled<S>(A: Arithmetic<S>, c: Tensor<S>, a: Tensor<S>): Tensor<S> {
  const out = A.empty(a.shape);
  A.binary(op.multiply, out, c, a);
  return out;
}

export function isZero<S>(A: Arithmetic<S>, t: Tensor<S>): boolean {
  return A.same(t, broadcastTo(A.ratio(0, 1), t.shape));
}

/** @throws Error that begins with the law's name and names the first quantity that differs. */
export function expectSame<S>(A: Arithmetic<S>, law: string, quantity: string, a: Tensor<S>, b: Tensor<S>): void {
  if (A.same(a, b)) return;
  throw new Error(`${law}: ${quantity} differs: [${A.lower(a)}] and [${A.lower(b)}]`);
}

export function expectSameGradient<S>(
  A: Arithmetic<S>,
  law: string,
  a: RnnGradient<Tensor<S>>,
  b: RnnGradient<Tensor<S>>,
): void {
  for (const [name, value] of gradientEntries(a)) expectSame(A, law, name, value, b[name] as Tensor<S>);
}
