import { type Shape, sameShape, sizeOf } from "../numeric-array.ts";

/** One way to apply an operation to given arguments. */
export interface Way {
  /** Of the result. */
  readonly shape: Shape;
  /** What the step needs besides its arguments and its shape; passed on as it is. */
  readonly parameters?: unknown;
}

/** What a program generator must know of an operation. */
export interface GraphOperation {
  readonly name: string;
  /** How many arguments it takes. */
  readonly arity: number;
  /** The ways to apply it to arguments of these shapes; none where it cannot be. */
  readonly ways: (...shapes: readonly Shape[]) => readonly Way[];
  /** Whether its arguments must be different values: x - x is 0 whatever x, and so is the gradient of all behind it. */
  readonly distinct?: boolean;
  /** How often it is tried, compared with others; 1 unless given. */
  readonly weight?: number;
}

const elementwise = (a: Shape): Way[] => [{ shape: a }];

/** NumPy's rule. */
function broadcast(a: Shape, b: Shape): Way[] {
  const rank = Math.max(a.length, b.length);
  const padded = (shape: Shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const pairs = padded(a).map((length, axis) => [length, padded(b)[axis]] as const);
  if (pairs.some(([left, right]) => left !== right && left !== 1 && right !== 1)) return [];
  return [{ shape: pairs.map(([left, right]) => (left === 1 ? right : left)) }];
}

function reshapes(a: Shape): Way[] {
  return others(a, [
    [sizeOf(a)],
    [1, ...a],
    [...a, 1],
    a.toReversed(),
    [1, sizeOf(a)],
    a.filter((length) => length !== 1),
  ]);
}

/** A new leading axis, or an axis of length 1 repeated. */
function broadcasts(a: Shape): Way[] {
  const repeated = a.flatMap((length, axis) => (length === 1 ? [a.with(axis, 2), a.with(axis, 3)] : []));
  return others(a, [[2, ...a], [3, ...a], ...repeated]);
}

/** Axes kept with length 1, or leading ones gone. */
function sums(a: Shape): Way[] {
  if (a.length === 0) return [];
  return others(a, [a.map(() => 1), a.slice(1), ...a.map((_, axis) => a.with(axis, 1)), [1, ...a.slice(2)]]);
}

/** Shapes that differ from `a` and from each other. */
function others(a: Shape, shapes: readonly Shape[]): Way[] {
  const different = shapes.filter(
    (shape, at) => !sameShape(shape, a) && shapes.findIndex((earlier) => sameShape(earlier, shape)) === at,
  );
  return different.map((shape) => ({ shape }));
}

/**
 * The operations of {@link graphProgram} unless others are given, the simplest first: `negate`, `add`, `subtract`,
 * `square`, `multiply`, `tanh` (elementwise, with NumPy's broadcasting), `transpose` (the last two axes), `sum` (of all
 * elements, to a scalar), `sumTo`, `broadcastTo`, `reshape` (to the shape of the step) and `matmul` ([M, K] by [K, N]).
 */
export const graphOperations: readonly GraphOperation[] = [
  { name: "negate", arity: 1, ways: elementwise },
  { name: "add", arity: 2, ways: broadcast, weight: 2 },
  { name: "subtract", arity: 2, ways: broadcast, distinct: true, weight: 2 },
  { name: "square", arity: 1, ways: elementwise },
  { name: "multiply", arity: 2, ways: broadcast, weight: 3 },
  { name: "tanh", arity: 1, ways: elementwise, weight: 2 },
  {
    name: "transpose",
    arity: 1,
    ways: (a) => (a.length < 2 ? [] : [{ shape: [...a.slice(0, -2), ...a.slice(-2).toReversed()] }]),
  },
  { name: "sum", arity: 1, ways: (a) => (a.length === 0 ? [] : [{ shape: [] }]) },
  { name: "sumTo", arity: 1, ways: sums },
  { name: "broadcastTo", arity: 1, ways: broadcasts },
  { name: "reshape", arity: 1, ways: reshapes },
  {
    name: "matmul",
    arity: 2,
    ways: (a, b) => (a.length === 2 && b.length === 2 && a[1] === b[0] ? [{ shape: [a[0], b[1]] }] : []),
    weight: 8,
  },
];
