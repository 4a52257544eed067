import { shapesText } from "@gradproof/arithmetic";
import { watched } from "../variable.ts";

/** The node whose rule failed. */
interface Failed {
  readonly operation: string;
  readonly inputs: readonly { readonly shape: readonly number[] }[];
}

/** A rule failed in a backward sweep: which operation's, and of what shapes. Its stack is that of the call of the operation. */
export class PullbackError extends Error {
  override readonly name = "PullbackError";
  readonly operation: string;
  /** Of the operation's inputs. */
  readonly shapes: readonly (readonly number[])[];

  constructor({ operation, inputs }: Failed, cause: unknown) {
    const shapes = inputs.map(({ shape }) => shape);
    super(`pullback: in the rule of ${operation}, of ${shapesText(shapes)}: ${(cause as Error)?.message ?? cause}`, {
      cause,
    });
    this.operation = operation;
    this.shapes = shapes;
  }
}

/**
 * The error of a node's rule, made where the node is made as the function runs once more: no stack is kept where nothing
 * fails. If the function does something else then, the stack is that of the sweep.
 *
 * @param place - how many variables with a history the function makes before.
 */
export function pullbackError(node: Failed, cause: unknown, place: number, again: () => void): PullbackError {
  let error: PullbackError | undefined;
  let n = 0;
  try {
    watched((operation) => {
      if (n++ === place && operation === node.operation) error = new PullbackError(node, cause);
    }, again);
  } catch {
    // What it throws now is not what failed.
  }
  return error ?? new PullbackError(node, cause);
}
