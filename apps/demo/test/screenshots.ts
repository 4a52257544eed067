import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { scenes } from "../src/scenes.ts";
import { openBrowser } from "./reader.ts";
import { openSite } from "./site.ts";

/**
 * Writes a picture of every scene at three widths, light and dark, to out/screenshots; of some scenes alone where their names
 * are given.
 */
const folder = resolve(import.meta.dirname, "../out/screenshots");
mkdirSync(folder, { recursive: true });
const only = process.argv.slice(2);
const [site, browser] = await Promise.all([openSite(), openBrowser()]);
for (const width of [390, 1280, 2560]) {
  const page = await browser.newPage({ viewport: { width, height: Math.round(width * 0.6) } });
  for (const { id } of scenes.filter((scene) => only.length === 0 || only.includes(scene.id))) {
    await page.goto(`${site.url}#/${id}`);
    await page.locator("main [data-ready]").first().waitFor();
    if (id === "check") {
      await page.getByRole("button", { name: "A forgotten transpose" }).click();
      await page.locator("[data-verdict]").waitFor();
    }
    if (id === "train") {
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.locator("[data-end]").waitFor({ timeout: 120_000 });
    }
    if (id === "break") await page.locator("[data-done]").waitFor({ timeout: 120_000 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      // Figures are drawn in tasks of their own, and edges change their colour in a sixth of a second.
      await page.waitForTimeout(400);
      const path = resolve(folder, `${id}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      console.log(path);
    }
  }
  await page.close();
}
await browser.close();
site.close();
