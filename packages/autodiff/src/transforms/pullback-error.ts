/** The node whose rule failed. */
interface Failed {
  readonly operation: string;
  readonly inputs: readonly { readonly shape: readonly number[] }[];
}

/** A rule failed in a backward sweep: which operation's, of what shapes, and which line of the function called it. */
export class PullbackError extends Error {
  override readonly name = "PullbackError";
  readonly operation: string;
  /** Of the operation's inputs. */
  readonly shapes: readonly (readonly number[])[];
  /** Where the function called the operation, as file:line:column, if that is known. */
  readonly calledAt: string | undefined;

  constructor({ operation, inputs }: Failed, calledAt: string | undefined, cause: unknown) {
    const shapes = inputs.map(({ shape }) => shape);
    const of = shapes.map((shape) => `[${shape.join(", ")}]`).join(" and ");
    const at = calledAt ? `, called at ${calledAt}` : "";
    const problem = cause instanceof Error ? cause.message : String(cause);
    super(`pullback: in the rule of ${operation}, of ${of}${at}: ${problem}`, { cause });
    this.operation = operation;
    this.shapes = shapes;
    this.calledAt = calledAt;
  }
}

/** The first line of a stack whose file lies in another folder than that of the line at the top. */
export function callerIn(stack: string | undefined): string | undefined {
  const places = (stack ?? "")
    .split("\n")
    .flatMap((line) => /(?:\(|at |@)([^(@\s]+:\d+:\d+)\)?$/.exec(line)?.[1] ?? []);
  const [own] = places;
  if (own === undefined) return undefined;
  const folder = own.slice(0, own.lastIndexOf("/") + 1);
  return places.find((place) => !place.startsWith(folder));
}
