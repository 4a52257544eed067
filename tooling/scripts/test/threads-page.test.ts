import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium as browserType } from "playwright-core";
import { build, type InlineConfig, preview } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chromium } from "../src/packed/chromium.ts";

const root = resolve(import.meta.dirname, "../../..");
const temporary = mkdtempSync(join(tmpdir(), "gradproof-threads-"));
const project = join(temporary, "page");

/** Trains in a worker of the page, on one thread and on three, and on the page's main thread tries to. */
const files = {
  "index.html": `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>threads</title></head>
<body><p id="main"></p><p id="worker"></p><script type="module" src="./main.js"></script></body></html>`,
  "main.js": `import { threaded } from "@gradproof/arithmetic/threads";
const show = (place, text) => { document.querySelector(place).textContent = text; };
try { threaded("float32"); show("#main", "started"); } catch (error) { show("#main", error.message); }
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => show("#worker", data);
worker.onerror = ({ message }) => show("#worker", message);`,
  "worker.js": `import { simd } from "@gradproof/arithmetic/simd";
import { threaded } from "@gradproof/arithmetic/threads";
import { adding, trainer } from "@gradproof/training";
const settings = { seed: 1, hidden: 64, batch: 96, optimiser: { kind: "adam" }, learningRate: 0.01 };
function trained(A) {
  const training = trainer(A, adding(12), settings);
  for (let step = 0; step < 5; step++) training.next();
  return A.lower(training.parameters.Whh).join();
}
try {
  const A = threaded("float32", { threads: 3 });
  while (A.started < 3) await new Promise((done) => setTimeout(done, 5));
  const [three, one] = [trained(A), trained(simd("float32"))];
  A.close();
  const after = trained(A);
  postMessage("trained, the same bits: " + (three === one) + ", after close: " + (after === one));
} catch (error) {
  postMessage(error.message);
}`,
};

let browser: Browser;
beforeAll(async () => {
  mkdirSync(project);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  await build(options);
  browser = await browserType.launch(await chromium(join(temporary, "chromium")));
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(temporary, { recursive: true, force: true });
});

const source = (name: string) => join(root, "packages", name, "src/index.ts");
const options: InlineConfig = {
  root: project,
  configFile: false,
  logLevel: "error",
  resolve: {
    alias: {
      "@gradproof/arithmetic/operations": source("arithmetic").replace("index", "operations"),
      "@gradproof/arithmetic/simd": source("arithmetic").replace("index", "simd/index"),
      "@gradproof/arithmetic/threads": source("arithmetic").replace("index", "threads/index"),
      "@gradproof/arithmetic": source("arithmetic"),
      "@gradproof/rnn": source("rnn"),
      "@gradproof/training": source("training"),
    },
  },
  worker: { format: "es" },
  build: { outDir: join(temporary, "dist"), target: "es2023" },
};
const isolated = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

/** What the page shows when it is served with those headers. */
async function shown(
  headers: Readonly<Record<string, string>>,
): Promise<{ main: string | null; worker: string | null }> {
  const server = await preview({ ...options, preview: { port: 0, headers } });
  const tab = await browser.newPage();
  try {
    await tab.goto(server.resolvedUrls?.local[0] ?? "");
    await tab.locator("#worker", { hasText: /./ }).waitFor({ timeout: 60_000 });
    return { main: await tab.locator("#main").textContent(), worker: await tab.locator("#worker").textContent() };
  } finally {
    await tab.close();
    await server.close();
  }
}

test("a worker of an isolated page in Chromium trains on three threads with the bits of one; its main thread is refused", async () => {
  const { main, worker } = await shown(isolated);
  expect(worker).toBe("trained, the same bits: true, after close: true");
  expect(main).toMatch(/^threaded: a page's main thread must not wait/);
}, 120_000);

test("a page that is not isolated is told by which headers it would be", async () => {
  const { main, worker } = await shown({});
  expect(main).toMatch(/Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp/);
  expect(worker).toBe(main);
}, 120_000);
