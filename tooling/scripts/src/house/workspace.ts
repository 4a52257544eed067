import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The fields of a package.json that name other packages, and what of a package may be named. */
export interface Manifest {
  readonly name?: string;
  readonly private?: boolean;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface SourceFile {
  /** Relative to the package's folder, with forward slashes. */
  readonly path: string;
  readonly source: string;
  /** Packages that a package.json between the file and its package's own declares: installed there and only there. */
  readonly apart?: readonly string[];
}

/** A folder of the workspace that has files in it. */
export interface Member {
  /** Relative to the root, with forward slashes: `packages/rnn`. */
  readonly folder: string;
  readonly manifest: Manifest | undefined;
  readonly files: readonly SourceFile[];
}

/** What is made, and AssemblyScript, which has the ending of TypeScript and imports nothing of others. */
const notSources = new Set(["node_modules", "dist", ".types", ".turbo", "coverage", "out", "generated", "assembly"]);

function sourceFiles(folder: string, below = "", around: readonly string[] = []): SourceFile[] {
  const own = below === "" ? undefined : manifestIn(join(folder, below));
  const apart = [...around, ...Object.keys(own?.dependencies ?? {})];
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below + entry.name;
    if (entry.isDirectory()) return notSources.has(entry.name) ? [] : sourceFiles(folder, `${path}/`, apart);
    if (!/\.[cm]?[jt]sx?$/.test(entry.name)) return [];
    return [{ path, source: readFileSync(join(folder, path), "utf8"), apart }];
  });
}

function manifestIn(folder: string): Manifest | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Manifest) : undefined;
}

/** The packages, apps and tooling under a root, as they are on disk. */
export function readWorkspace(root: string): Member[] {
  return ["packages", "apps", "tooling"]
    .filter((kind) => existsSync(join(root, kind)))
    .flatMap((kind) =>
      readdirSync(join(root, kind), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !notSources.has(entry.name))
        .map((entry) => `${kind}/${entry.name}`),
    )
    .map((folder) => ({
      folder,
      manifest: manifestIn(join(root, folder)),
      files: sourceFiles(join(root, folder)),
    }))
    .filter((member) => member.manifest !== undefined || member.files.length > 0);
}
