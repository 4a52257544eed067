import { resolve } from "node:path";
import { build, preview } from "vite";

/** Builds the page and serves what was built, as a reader gets it. */
const root = resolve(import.meta.dirname, "..");
await build({ root, logLevel: "warn" });
const server = await preview({ root, preview: { port: Number(process.env.PORT ?? 4173) } });
console.log(`The demo: ${server.resolvedUrls?.local[0]}\nCtrl-C ends it.`);
