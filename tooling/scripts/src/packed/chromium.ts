import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pnpm } from "./pnpm.ts";

const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const packaged = { "@sparticuz/chromium": "153.0.0" };
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** What the packaged one asks for to fit where it is meant to run, and what no reader's browser does. */
const strange = [
  // The browser would end with the first page that is closed.
  "--single-process",
  "--enable-features=SharedArrayBuffer",
  "--disable-features=AudioServiceOutOfProcess,IsolateOrigins,site-per-process",
  "--disable-site-isolation-trials",
  "--disable-web-security",
  "--allow-running-insecure-content",
];

/** A Chromium to start: CHROMIUM_BIN, an installed one, or one from the registry, put into the folder. */
export async function chromium(folder: string): Promise<{ readonly executablePath: string; readonly args: string[] }> {
  const { CHROMIUM_BIN } = process.env;
  if (CHROMIUM_BIN) return { executablePath: CHROMIUM_BIN, args: quiet };
  const found = installed.find((path) => existsSync(path));
  if (found) return { executablePath: found, args: quiet };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: packaged }));
  pnpm(["install", "--ignore-workspace", "--no-frozen-lockfile"], folder);
  const entry = createRequire(join(folder, "package.json")).resolve("@sparticuz/chromium");
  const { default: own } = await import(pathToFileURL(entry).href);
  const args = own.args.filter((argument: string) => !strange.some((start) => argument.startsWith(start)));
  return { executablePath: await own.executablePath(), args: [...args, ...quiet] };
}
