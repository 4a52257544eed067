import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";

/** The machine's own Node, which may be older than the one that the workspace brings; undefined where there is none. */
export function machineNode(oldest: number): { path: string; version: string } | undefined {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder === "" || folder.includes("node_modules")) continue;
    const path = join(folder, "node");
    const { stdout, status } = spawnSync(path, ["--version"], { encoding: "utf8" });
    if (status === 0 && Number.parseInt(stdout.slice(1), 10) >= oldest) return { path, version: stdout.trim() };
  }
  return undefined;
}
