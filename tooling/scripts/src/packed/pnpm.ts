import { spawnSync } from "node:child_process";

/** Runs a command that must succeed; answers what it printed. */
export function execute(command: string, args: readonly string[], folder: string): string {
  const { stdout, stderr, status, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** The pnpm that runs this script, or else the one on the path. */
export function pnpm(args: readonly string[], folder: string): string {
  return execute(process.env.npm_execpath ?? "pnpm", args, folder);
}
