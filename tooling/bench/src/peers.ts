import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Where the libraries from npm are installed; a workspace of its own, so that who does not run bench does not get them. */
const folder = join(import.meta.dirname, "../peers");

/**
 * Installs the libraries from npm that bench is compared with, unless they are there in the versions asked for, which needs
 * no network.
 *
 * @param say - is told what takes long.
 * @returns why they are not there, or nothing where they are.
 */
export function installPeers(say: (text: string) => void, place = folder): string | undefined {
  const missing = missingPeers(place);
  if (missing.length === 0) return undefined;
  say(`installing ${missing.join(", ")} into tooling/bench/peers, some 400 MB, this once`);
  const args = ["install", "--frozen-lockfile", "--prefer-offline"];
  // Its own lines are progress; standard output is the tables'.
  const { error, status } = spawnSync(process.env.npm_execpath ?? "pnpm", args, {
    cwd: place,
    stdio: ["ignore", 2, 2],
  });
  if (error) return `pnpm could not be started: ${error.message}`;
  return status === 0
    ? undefined
    : `pnpm install ended with ${status} in tooling/bench/peers; it needs the network once`;
}

function missingPeers(place: string): string[] {
  const { dependencies = {} } = read(join(place, "package.json"));
  return Object.entries(dependencies)
    .filter(([name, version]) => read(join(place, "node_modules", name, "package.json")).version !== version)
    .map(([name, version]) => `${name} ${version}`);
}

function read(file: string): Manifest {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : {};
}
