import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium as browserType } from "playwright-core";
import { build, type InlineConfig, preview } from "vite";
import { afterAll, expect, test } from "vitest";
import { chromium } from "../src/packed/chromium.ts";
import { blocks } from "../src/snippets/blocks.ts";

const root = resolve(import.meta.dirname, "../../..");
const page = join(root, "apps/examples/training/page");
const temporary = mkdtempSync(join(tmpdir(), "gradproof-page-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

test("the README's worker is the example's", () => {
  const readme = readFileSync(join(root, "packages/training/README.md"), "utf8");
  const [worker] = blocks(readme).filter(({ language }) => language === "js");
  expect(worker?.code).toBe(readFileSync(join(page, "worker.ts"), "utf8"));
});

test("an RNN learns to add in a worker of a page that Vite built, in Chromium", async () => {
  const options: InlineConfig = {
    root: page,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@gradproof/source", "module", "browser", "production"] },
    build: { outDir: join(temporary, "dist") },
  };
  await build(options);
  const server = await preview({ ...options, preview: { port: 0 } });
  const browser = await browserType.launch(await chromium(join(temporary, "chromium")));
  try {
    const tab = await browser.newPage();
    const problems: string[] = [];
    tab.on("pageerror", (error) => problems.push(error.message));
    await tab.goto(server.resolvedUrls?.local[0] ?? "");
    await tab.locator("#status", { hasText: /^(solved|the worker failed)/ }).waitFor({ timeout: 60_000 });
    expect(await tab.locator("#status").textContent()).toMatch(/^solved at step \d+: 10 % of the trivial loss$/);
    expect(await tab.locator("#log li").count()).toBeGreaterThan(3);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
});
