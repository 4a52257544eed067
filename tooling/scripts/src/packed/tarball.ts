import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { pnpm } from "./pnpm.ts";

/** A package as `pnpm pack` ships it. */
export interface Tarball {
  readonly name: string;
  /** Its folder in `packages/`. */
  readonly room: string;
  readonly file: string;
  readonly contents: readonly string[];
}

export function pack(root: string, room: string, destination: string): Tarball {
  const output = pnpm(["pack", "--json", "--pack-destination", destination], join(root, "packages", room));
  const { name, filename, files } = JSON.parse(output) as { name: string; filename: string; files: { path: string }[] };
  return { name, room, file: filename, contents: files.map(({ path }) => path) };
}

/** Built code, what describes it, and texts to train on with a page on where they are from. */
const shipped =
  /^(dist\/.*\.(js|d\.ts)|texts\/([a-z-]+\.txt|README\.md)|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;

/** What a tarball has in it and must not, or lacks. */
export function contentProblems({ contents }: Pick<Tarball, "contents">): string[] {
  const extra = contents.filter((path) => !shipped.test(path)).map((path) => `ships ${path}`);
  const lacking = ["LICENSE", "dist/index.js", "dist/index.d.ts"]
    .filter((path) => !contents.includes(path))
    .map((path) => `lacks ${path}`);
  return [...extra, ...lacking];
}

/** What in a package.json only means something inside the workspace. */
export function manifestProblems(manifest: string): string[] {
  return ["@gradproof/source", "workspace:", "catalog:"]
    .filter((word) => manifest.includes(word))
    .map((word) => `its package.json speaks of ${word}`);
}

/** What publint has against a tarball, its suggestions included. */
export async function publintProblems({ file }: Tarball): Promise<string[]> {
  const bytes = new Uint8Array(readFileSync(file));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}
