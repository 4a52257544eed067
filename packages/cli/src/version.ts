import { readFileSync } from "node:fs";

/** As package.json says; the manifest lies beside the folder of the sources as of the built files. */
export const version: string = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
