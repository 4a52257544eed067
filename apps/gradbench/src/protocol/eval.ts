import type { Given } from "./given.ts";

/** A number, or lists and records of them, as JSON writes it. */
export type Output = number | readonly Output[] | { readonly [name: string]: Output };

/**
 * A function of an eval: it reads its input, and returns what is timed, whose value is the output. Reading throws
 * MessageError.
 */
export type EvalFunction = (input: Given) => () => Output;

/** The functions of one module of GradBench, by name. */
export type EvalModule = Readonly<Record<string, EvalFunction>>;
