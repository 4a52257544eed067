import type { Page } from "playwright-core";
import { expect } from "vitest";
import { shown } from "../../src/parts/number-text.ts";
import { type LagSettings, lagShares } from "../../src/scenes/lags/lag-shares.ts";

export async function driveLags(page: Page): Promise<void> {
  const settings: LagSettings = { T: 12, H: 2, gain: 1, seed: 3, reading: "corrected", t: 12, k: 6 };
  const shares = lagShares(settings);
  const verdict = page.locator("[data-verdict]");
  await page.locator("[data-cell]").first().waitFor();
  expect(await verdict.textContent()).toContain("All 12 rows add up");
  expect(await page.locator("[data-row=right]").count()).toBe(12);
  const sizes = await page
    .locator("[data-cell]")
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("data-size")));
  expect(sizes.map(Number)).toEqual(shares.sizes.flat());

  // A cell by the mouse, another by the keyboard, each with its chain.
  await page.locator('[data-cell="5 2"]').click();
  await expect.poll(() => page.locator("[data-factor]").count()).toBe(3);
  const chain = lagShares({ ...settings, t: 5, k: 2 }).chain;
  expect(chain.map(({ m }) => m)).toEqual([5, 4, 3]);
  await expect.poll(() => page.locator("[data-factor='3'] .size").textContent()).toBe(shown(chain[2].norm));
  await page.getByRole("slider", { name: "State k" }).focus();
  await page.keyboard.press("End");
  await page.getByText("without a step in between").waitFor();

  // Every equation as written fails where it must, and the address keeps which.
  for (const [name, reading] of [
    ["Eq. 15 as written", "eq15"],
    ["Eq. 14, total derivatives", "eq14"],
    ["Eq. 20 in the order of the index", "eq20"],
    ["Eq. 27 as written", "eq27"],
  ] as const) {
    await page.getByRole("radio", { name }).focus();
    await page.keyboard.press("Space");
    const { rows } = lagShares({ ...settings, reading });
    const wrong = rows.filter(({ same }) => !same).length;
    expect(wrong).toBeGreaterThan(8);
    await page.getByText(`${wrong} of 12 rows do not add up`).waitFor();
    expect(await page.locator("[data-row=wrong]").count()).toBe(wrong);
    await page.waitForURL(new RegExp(`reading=${reading}`));
  }
}
