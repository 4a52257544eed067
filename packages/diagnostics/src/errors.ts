/** Something given to a function here that it cannot work with. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
  /** Which argument, or which part of it. */
  readonly argument: string;
  constructor(caller: string, argument: string, problem: string) {
    super(`${caller}: ${argument} ${problem}`);
    this.argument = argument;
  }
}

/** A function that writes to its inputs: what it computes afterwards is not what it was asked. */
export class MutationError extends Error {
  override readonly name = "MutationError";
  readonly input: string;
  /** The first element that changed. */
  readonly element: number;
  readonly before: number;
  readonly after: number;
  constructor(called: string, input: string, element: number, before: number, after: number) {
    super(
      `${called} wrote to its input: ${input}[${element}] was ${before} and is ${after}; expected inputs to stay as they are`,
    );
    this.input = input;
    this.element = element;
    this.before = before;
    this.after = after;
  }
}
