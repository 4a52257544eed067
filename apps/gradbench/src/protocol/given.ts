/** A part of a message as it came, with where it stands in it. */
export interface Given {
  readonly name: string;
  readonly value: unknown;
}

/** A part of a message that is not what the protocol, or the eval, has there. */
export class MessageError extends Error {
  constructor({ name, value }: Given, expected: string) {
    const text = value === undefined ? "missing" : JSON.stringify(value);
    super(`${name}: ${text.length > 60 ? `${text.slice(0, 60)}...` : text}; expected ${expected}`);
    this.name = "MessageError";
  }
}

export function field(given: Given, name: string): Given {
  const { value } = given;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new MessageError(given, "an object");
  return { name: `${given.name}.${name}`, value: (value as Record<string, unknown>)[name] };
}

export function has({ value }: Given, name: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}

export function string(given: Given): string {
  if (typeof given.value !== "string") throw new MessageError(given, "a string");
  return given.value;
}

export function number(given: Given): number {
  if (typeof given.value !== "number") throw new MessageError(given, "a number");
  return given.value;
}

export function boolean(given: Given): boolean {
  if (typeof given.value !== "boolean") throw new MessageError(given, "true or false");
  return given.value;
}

export function integer(given: Given, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const value = number(given);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new MessageError(given, `an integer from ${least} ${most < Number.MAX_SAFE_INTEGER ? `to ${most}` : "on"}`);
}

/** The items of a list; of that many, if a length is given. */
export function list(given: Given, length?: number): Given[] {
  if (!Array.isArray(given.value)) throw new MessageError(given, "a list");
  if (length !== undefined && given.value.length !== length) {
    throw new MessageError({ name: `${given.name}.length`, value: given.value.length }, `${length}`);
  }
  return given.value.map((value: unknown, i) => ({ name: `${given.name}[${i}]`, value }));
}

/** A list of numbers; of that length, if one is given. */
export function vector(given: Given, length?: number): Float64Array {
  return Float64Array.from(list(given, length), number);
}

/** Numbers in row-major order, with their shape [rows, columns]. */
export interface Matrix {
  readonly values: Float64Array;
  readonly shape: readonly [number, number];
}

/** A list of rows of one length, at least one row; of those numbers of rows and columns, if they are given. */
export function matrix(given: Given, rows?: number, columns?: number): Matrix {
  const items = list(given, rows);
  if (items.length === 0) throw new MessageError({ name: `${given.name}.length`, value: 0 }, "at least 1");
  const width = columns ?? list(items[0]).length;
  const values = new Float64Array(items.length * width);
  items.forEach((row, i) => {
    values.set(vector(row, width), i * width);
  });
  return { values, shape: [items.length, width] };
}
