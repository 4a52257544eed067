import { run } from "../src/command-line.ts";
import type { Terminal } from "../src/terminal.ts";
import { palette } from "../src/text/palette.ts";

/** What the command would have written to a pipe, and its exit status. */
export interface Recorded {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in this process, as in a pipe unless told otherwise. */
export async function recorded(args: readonly string[], terminal: Partial<Terminal> = {}): Promise<Recorded> {
  let out = "";
  let err = "";
  const status = await run(args, {
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    palette: palette(false),
    columns: Number.POSITIVE_INFINITY,
    progress: undefined,
    ...terminal,
  });
  return { status, out, err };
}
