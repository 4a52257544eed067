import { type Shape, sameShape } from "../../numeric-array.ts";

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
  /** How many arguments it takes; the numbers that it may take, the least first, where there are several. */
  readonly arity: number | readonly number[];
  /** The ways to apply it to arguments of these shapes, the simplest first; none where it cannot be. */
  readonly ways: (...shapes: readonly Shape[]) => readonly Way[];
  /** Whether its arguments must be different values: x - x is 0 whatever x, and so is the gradient of all behind it. */
  readonly distinct?: boolean;
  /** How often it is tried, compared with others; 1 unless given. */
  readonly weight?: number;
}

/** The numbers of arguments that an operation may take. */
export function aritiesOf({ arity }: GraphOperation): readonly number[] {
  return typeof arity === "number" ? [arity] : arity;
}

/** Of an operation that leaves the shape as it is. */
export function sameWay(a: Shape): Way[] {
  return [{ shape: a }];
}

/** The shape that all of these broadcast to by NumPy's rule. */
export function broadcastWays(...shapes: readonly Shape[]): Way[] {
  const shape = shapes.reduce<Shape | undefined>((all, one) => all && broadcastShape(all, one), []);
  return shape ? [{ shape }] : [];
}

export function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const padded = (shape: Shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const pairs = padded(a).map((length, axis) => [length, padded(b)[axis]] as const);
  if (pairs.some(([left, right]) => left !== right && left !== 1 && right !== 1)) return undefined;
  return pairs.map(([left, right]) => (left === 1 ? right : left));
}

/** The ways to those of some shapes that differ from `a` and from each other. */
export function waysTo(a: Shape, shapes: readonly Shape[]): Way[] {
  const different = shapes.filter(
    (shape, at) => !sameShape(shape, a) && shapes.findIndex((earlier) => sameShape(earlier, shape)) === at,
  );
  return different.map((shape) => ({ shape }));
}
