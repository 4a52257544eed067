import { exitStatus } from "./exit-status.ts";
import { type Palette, palette } from "./text/palette.ts";

/** Where the command writes, and what is there to read it. */
export interface Terminal {
  /** Results. */
  print(text: string): void;
  /** Everything else: what is wrong with the call, faults. */
  complain(text: string): void;
  /** Colours of standard output. */
  readonly palette: Palette;
  /** Where sentences are broken on standard output; infinite in a pipe. */
  readonly columns: number;
  /** Where progress is drawn: standard error if a person watches it. */
  readonly progress: TerminalStream | undefined;
}

/** As much of Node's tty.WriteStream as is said here without Node's types. */
export interface TerminalStream {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): boolean;
}

/** The terminal or pipe of this process. Colours are for terminals, and not under NO_COLOR (https://no-color.org). */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      // A reader that has seen enough (`| head`) closes the pipe: the rest is not written, and the status still tells.
      if (error.code === "EPIPE") return;
      if (stream === stdout) stderr.write(`gradproof: standard output cannot be written (${error.message})\n`);
      process.exit(exitStatus.fault);
    });
  }
  return {
    print: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(text),
    palette: palette(stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb"),
    columns: stdout.isTTY ? Math.max(40, stdout.columns || 80) : Number.POSITIVE_INFINITY,
    progress: stderr.isTTY && env.TERM !== "dumb" ? stderr : undefined,
  };
}
