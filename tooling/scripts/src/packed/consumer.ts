import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execute, pnpm } from "./pnpm.ts";
import type { Tarball } from "./tarball.ts";

/** Records the modules that an import loads; plain JavaScript, written beside the importing one. */
const trace = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
await import(process.argv[2]);
console.log(JSON.stringify(loaded));
`;

/** An empty project that installs some tarballs, the dependencies among them too, and the rest from the registry. */
export function install(folder: string, tarballs: readonly Tarball[], available: readonly Tarball[]): void {
  mkdirSync(folder, { recursive: true });
  const from = (list: readonly Tarball[]): Record<string, string> =>
    Object.fromEntries(list.map(({ name, file }) => [name, `file:${file}`]));
  const manifest = { name: "consumer", private: true, type: "module", dependencies: from(tarballs) };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "pnpm-workspace.yaml"), JSON.stringify({ overrides: from(available) }));
  writeFileSync(join(folder, "trace.mjs"), trace);
  pnpm(["install", "--prefer-offline", "--no-frozen-lockfile"], folder);
}

/** The package.json of an installed package. */
export function installedManifest(folder: string, name: string): string {
  return readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
}

/** The packages of which modules are loaded when one is imported alone, itself among them; `node:` for Node's own. */
export function loadedPackages(folder: string, name: string): Set<string> {
  const urls = JSON.parse(execute(process.execPath, ["trace.mjs", name], folder)) as string[];
  const packages = urls.map((url) => {
    if (url.startsWith("node:")) return "node:";
    const [, owner] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
    return owner ?? url.replace(pathToFileURL(folder).href, ".");
  });
  return new Set(packages);
}

/** Type checks a project in which every package is imported, without the settings of the workspace. */
export function checkTypes(folder: string, names: readonly string[], tsc: string): void {
  const imports = names.map((name, index) => `import * as package${index} from "${name}";`);
  const uses = names.map((_, index) => `package${index}`).join(", ");
  writeFileSync(join(folder, "consumer.ts"), `${imports.join("\n")}\n\nexport const packages = { ${uses} };\n`);
  const compilerOptions = {
    module: "nodenext",
    target: "es2023",
    lib: ["es2023", "webworker"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  execute(tsc, ["-p", "."], folder);
}
