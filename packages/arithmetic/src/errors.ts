/** A number that a number system cannot hold exactly. */
export class LiftError extends Error {
  override readonly name = "LiftError";
  readonly value: number;
  readonly arithmetic: string;
  constructor(arithmetic: string, value: number, expected: string) {
    super(`lift: ${arithmetic} cannot hold ${value} exactly; expected ${expected}`);
    this.arithmetic = arithmetic;
    this.value = value;
  }
}

/** Shapes that do not fit together. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  readonly shapes: readonly (readonly number[])[];
  constructor(operation: string, expected: string, ...shapes: readonly (readonly number[])[]) {
    super(`${operation}: shapes ${shapesText(shapes)}; expected ${expected}`);
    this.shapes = shapes;
  }
}

/** An operation that a number system does not have, or has no value for at this argument. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  readonly arithmetic: string;
  readonly operation: string;
  constructor(arithmetic: string, operation: string, problem: string) {
    super(`${operation}: ${arithmetic} ${problem}`);
    this.arithmetic = arithmetic;
    this.operation = operation;
  }
}

/** "[2, 3] and [3]" */
export function shapesText(shapes: readonly (readonly number[])[]): string {
  return shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
}
