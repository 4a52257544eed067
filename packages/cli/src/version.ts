import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The manifest lies beside the folder of the sources as of the built files. */
const manifest = join(dirname(fileURLToPath(import.meta.url)), "../package.json");

/** As package.json says. */
export const version: string = JSON.parse(readFileSync(manifest, "utf8")).version;
