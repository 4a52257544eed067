import { createInterface } from "node:readline";
import { modules } from "./evals/modules.ts";
import { MessageError } from "./protocol/given.ts";
import { respond } from "./protocol/respond.ts";

// One message a line from standard input, one response a line to standard output.
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  try {
    process.stdout.write(`${JSON.stringify(respond(modules, line))}\n`);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    // Without an id there is no response to give, and the other side would wait for ever.
    console.error(`gradbench: ${error.message}`);
    process.exitCode = 1;
    break;
  }
}
process.stdin.destroy();
