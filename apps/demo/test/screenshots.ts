import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { scenes } from "../src/scenes.ts";
import { openBrowser } from "./reader.ts";
import { openSite } from "./site.ts";

/** Writes a picture of every scene at three widths, light and dark, to out/screenshots. */
const folder = resolve(import.meta.dirname, "../out/screenshots");
mkdirSync(folder, { recursive: true });
const wrongCase = "recurrent-not-transposed-f64.safetensors";
const only = process.argv.slice(2);
const [site, browser] = await Promise.all([openSite(), openBrowser()]);
for (const [width, colorScheme] of [
  [390, "light"],
  [1280, "dark"],
  [2560, "light"],
] as const) {
  const page = await browser.newPage({ viewport: { width, height: Math.round(width * 0.6) }, colorScheme });
  for (const { id } of scenes.filter((scene) => only.length === 0 || only.includes(scene.id))) {
    await page.goto(`${site.url}#/${id}`);
    await page.locator("main [data-ready]").first().waitFor();
    const [field] = await page.locator("input[type=file]").all();
    await field?.setInputFiles(resolve(import.meta.dirname, "../../examples/pytorch/cases", wrongCase));
    if (field) await page.locator("[data-verdict]").waitFor();
    if (id === "train") {
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.locator("[data-end]").waitFor({ timeout: 60_000 });
    }
    if (id === "break") await page.locator("[data-done]").waitFor({ timeout: 60_000 });
    const path = resolve(folder, `${id}-${width}.png`);
    await page.screenshot({ path, fullPage: true });
    console.log(path);
  }
  await page.close();
}
await browser.close();
site.close();
