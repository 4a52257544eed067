import { gzipSync } from "node:zlib";
import { build } from "vite";

/**
 * Bytes, gzipped, of a module that a bundler made of these exports of the workspace's packages, minified; from source, as
 * the packages' `sideEffects: false` lets it drop what is not used.
 */
export async function bundleSize(
  root: string,
  exports: Readonly<Record<string, readonly string[]>>,
): Promise<{ readonly gzipped: number; readonly minified: number; readonly code: string }> {
  const entry = "virtual:entry";
  const code = Object.entries(exports)
    .map(([name, names]) => `export { ${names.join(", ")} } from "${name}";`)
    .join("\n");
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@gradproof/source"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? code : null),
      },
    ],
    build: {
      write: false,
      target: "es2023",
      modulePreload: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: "strict", output: { minify: true } },
    },
  });
  if (!("output" in result)) throw new TypeError("bundleSize: the bundler gave no single output");
  const bundled = result.output.map((chunk) => (chunk.type === "chunk" ? chunk.code : "")).join("");
  return { gzipped: gzipSync(bundled, { level: 9 }).length, minified: bundled.length, code: bundled };
}
