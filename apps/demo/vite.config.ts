import { defaultClientConditions, defineConfig } from "vite";

/** Packages of the workspace are read as source. */
export const conditions = ["@gradproof/source", ...defaultClientConditions];

// biome-ignore lint/style/noDefaultExport: what Vite reads.
export default defineConfig({
  // Works wherever the folder is put.
  base: "./",
  resolve: { conditions },
  worker: { format: "es" },
  // The Content-Security-Policy forbids fetching what a module needs before it is asked for by a script.
  build: { modulePreload: false, target: "es2023" },
});
