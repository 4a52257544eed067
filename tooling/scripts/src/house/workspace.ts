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

function sourceFiles(folder: string, below = ""): SourceFile[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below + entry.name;
    if (entry.isDirectory()) return notSources.has(entry.name) ? [] : sourceFiles(folder, `${path}/`);
    return /\.[cm]?[jt]sx?$/.test(entry.name) ? [{ path, source: readFileSync(join(folder, path), "utf8") }] : [];
  });
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
    .map((folder) => {
      const manifest = join(root, folder, "package.json");
      return {
        folder,
        manifest: existsSync(manifest) ? (JSON.parse(readFileSync(manifest, "utf8")) as Manifest) : undefined,
        files: sourceFiles(join(root, folder)),
      };
    })
    .filter((member) => member.manifest !== undefined || member.files.length > 0);
}
