import { type GraphProgram, type Operations, runProgram } from "@gradproof/arbitraries";
import {
  type Arithmetic,
  complex,
  complexParts,
  type DualStore,
  dense,
  doubleDouble,
  dual,
  type Field,
  float64,
  roundingOf,
  setImaginary,
  sizeOf,
  stochastic,
} from "@gradproof/arithmetic";
import { add, grad, hvp, jvp, multiply, sum, type Variable, variable } from "@gradproof/autodiff";
import { runOnDuals } from "./residue-case.ts";

type Numbers = readonly (readonly number[])[];

/** A program with numbers for its inputs, and two directions. */
export interface Point {
  readonly program: GraphProgram;
  readonly x: Numbers;
  readonly v: Numbers;
  readonly w: Numbers;
}

/** Of g, a weighted sum of the output. */
export interface Derivatives {
  /** ⟨∇g, v⟩ */
  readonly first: number;
  /** ⟨w, H v⟩ */
  readonly second: number;
}

/** Makes the graph's operations, over any arithmetic. */
export type MakeOperations = <S>() => Operations<Variable<S>>;

/** No two elements count alike: what sums to 1 would have no derivative. */
const weight = (i: number) => 1 - i / 32;

/** On duals of duals through the kernels: no reverse sweep, none of the graph's rules. */
export function byDuals<S>(field: Field<S>, { program, x, v, w }: Point): Derivatives {
  const inner = dual(field);
  const { D, output, size } = runOnDuals<DualStore<S>>(inner, program, (input, i, value, derivative) => {
    inner.lift(value, 0, x[input][i]);
    inner.liftDerivative(value, 0, v[input][i]);
    inner.lift(derivative, 0, w[input][i]);
  });
  const scratch = inner.store(1);
  let [first, second] = [0, 0];
  for (let i = 0; i < size; i++) {
    first += weight(i) * inner.lowerDerivative(output.store.base, 2 * (output.offset + i));
    D.derivative(scratch, 0, output.store, output.offset + i);
    second += weight(i) * inner.lowerDerivative(scratch, 0);
  }
  return { first, second };
}

/** A point on the graph over an arithmetic. */
function onGraph<S>(A: Arithmetic<S>, { program, x, v, w }: Point, make: MakeOperations) {
  type Values = readonly Variable<S>[];
  const [at, along, other] = [x, v, w].map((all) => all.map((own, i) => variable(A, own, program.inputs[i])));
  const g = (y: Values) => {
    const value = runProgram(program, make<S>(), y);
    const weights = Array.from({ length: sizeOf(value.shape) }, (_, i) => weight(i));
    return sum(multiply(value, variable(A, weights, value.shape)));
  };
  const number = (a: Variable<S>) => A.lower(a.value)[0];
  return {
    at,
    along,
    other,
    g,
    slope: (y: Values) => jvp(g, y, along).tangent,
    number,
    dot: (direction: Values, y: Values) => number(y.map((part, i) => sum(multiply(direction[i], part))).reduce(add)),
  };
}

interface Way {
  readonly name: string;
  readonly order: keyof Derivatives;
  readonly of: <S>(graph: ReturnType<typeof onGraph<S>>) => number;
}

const forward: Way = { name: "forward mode", order: "first", of: ({ at, slope, number }) => number(slope(at)) };
const forwardTwice: Way = {
  name: "forward over forward",
  order: "second",
  of: ({ at, other, slope, number }) => number(jvp(slope, at, other).tangent),
};
const byMode: readonly Way[] = [
  forward,
  { name: "reverse mode", order: "first", of: ({ at, along, g, dot }) => dot(along, grad(g)(at)) },
  forwardTwice,
  {
    name: "forward over reverse",
    order: "second",
    of: ({ at, along, other, g, dot }) => dot(other, hvp(g, at, along)),
  },
  { name: "reverse over forward", order: "second", of: ({ at, other, slope, dot }) => dot(other, grad(slope)(at)) },
];

const step = 2 ** -200;

/** The imaginary part of a function at x + ih v over h, which rounds as forward mode does. */
function byComplexStep(point: Point, direction: Numbers, of: "g" | "slope", make: MakeOperations): number {
  const { at, ...functions } = onGraph(dense(complex), point, make);
  at.forEach(({ value: { store, offset } }, i) => {
    for (const [k, moved] of direction[i].entries()) setImaginary(store, offset + k, moved * step);
  });
  const { store, offset } = functions[of](at).value;
  return complexParts(store, offset)[1] / step;
}

/** How far the way's rounding moves a derivative: σ of sixteen runs that round at random, about their own mean. */
function spread(way: Way, point: Point, make: MakeOperations, seed: number): number {
  const values = Array.from({ length: 16 }, (_, run) =>
    way.of(onGraph(dense(stochastic(doubleDouble, roundingOf.float64, seed + run)), point, make)),
  );
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
}

/** Which derivatives in float64 are not those in double-double by duals of duals, to rounding. */
export function problemsOf(point: Point, make: MakeOperations, seed: number) {
  const exact = byDuals(doubleDouble, point);
  const found: readonly (readonly [way: Way, name: string, value: number])[] = [
    ...byMode.map((way) => [way, way.name, way.of(onGraph(float64, point, make))] as const),
    [forward, "the complex step", byComplexStep(point, point.v, "g", make)],
    [forwardTwice, "the complex step over forward mode", byComplexStep(point, point.w, "slope", make)],
  ];
  let widest = 0;
  const problems = found.flatMap(([way, name, value]) => {
    const distance = Math.abs(value - exact[way.order]);
    // Two roundings of the result; and what the square of the step leaves where it is 0.
    const least = 2 ** -51 * Math.abs(exact[way.order]) + step;
    if (distance <= least) return [];
    const bound = 64 * spread(way, point, make, seed) + least;
    widest = Math.max(widest, bound);
    return distance <= bound ? [] : [`${name}: ${value}, not ${exact[way.order]}; bound ${bound}`];
  });
  return { exact, problems, widest };
}
