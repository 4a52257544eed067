import { spawnSync } from "node:child_process";

/** What the comments `// -> text` of a snippet say that it prints, one line each. */
export function expectedLines(code: string): string[] {
  return code.split("\n").flatMap((line) => /\/\/ -> (.*)$/.exec(line)?.[1]?.trimEnd() ?? []);
}

export interface Run {
  readonly lines: readonly string[];
  readonly status: number | null;
  readonly errors: string;
}

/** Runs TypeScript as a module that stands in a folder, the packages of the workspace read as source. */
export function runSnippet(code: string, folder: string): Run {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--conditions=@gradproof/source", "--input-type=module-typescript", "-"],
    { cwd: folder, input: code, encoding: "utf8", timeout: 60_000, env: { ...process.env, NO_COLOR: "1" } },
  );
  const lines = stdout.split("\n").map((line) => line.trimEnd());
  if (lines.at(-1) === "") lines.pop();
  return { lines, status, errors: stderr };
}
