import type { EvalModule, Output } from "./eval.ts";
import { field, type Given, integer, MessageError, string } from "./given.ts";
import { runsOf, type Timing, timed } from "./runs.ts";

export interface Response {
  readonly id: number;
  readonly tool?: string;
  readonly success?: boolean;
  readonly output?: Output;
  readonly timings?: readonly Timing[];
  readonly error?: string;
}

/**
 * The answer to one message of GradBench's protocol. What a message asks for and cannot have, and what fails, is
 * answered with `success: false` and the reason.
 *
 * @param line - a message, as JSON.
 * @throws MessageError for a line that cannot be answered: not JSON, or without an id.
 */
export function respond(modules: Readonly<Record<string, EvalModule>>, line: string): Response {
  const message: Given = { name: "message", value: parsed(line) };
  const id = integer(field(message, "id"));
  try {
    switch (string(field(message, "kind"))) {
      case "start":
        return { id, tool: "gradproof" };
      case "define":
        moduleOf(modules, message);
        return { id, success: true };
      case "evaluate":
        return { id, success: true, ...evaluate(modules, message) };
      default:
        return { id };
    }
  } catch (error) {
    return { id, success: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new MessageError({ name: "message", value: line }, "a line of JSON");
  }
}

function evaluate(modules: Readonly<Record<string, EvalModule>>, message: Given) {
  const evalModule = moduleOf(modules, message);
  const f = entryOf(evalModule, field(message, "function"));
  const input: Given = { name: "input", value: field(message, "input").value };
  const run = f(input);
  const result = timed(run, runsOf(input));
  checkFinite({ name: "output", value: result.output });
  return result;
}

function moduleOf(modules: Readonly<Record<string, EvalModule>>, message: Given): EvalModule {
  return entryOf(modules, field(message, "module"));
}

function entryOf<T>(entries: Readonly<Record<string, T>>, name: Given): T {
  const key = string(name);
  if (!Object.hasOwn(entries, key)) throw new MessageError(name, `one of ${Object.keys(entries).join(", ")}`);
  return entries[key];
}

/** JSON has no NaN and no infinity: it would write null for them. */
function checkFinite({ name, value }: { name: string; value: Output }): void {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError(`${name}: ${value}; expected a finite number`);
    return;
  }
  for (const [key, item] of Object.entries(value)) checkFinite({ name: `${name}.${key}`, value: item });
}
