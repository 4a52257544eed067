import { meanField } from "@gradproof/diagnostics";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { shown } from "../../src/parts/number-text.ts";
import { network } from "../../src/scenes/vanishing/network.ts";
import { neuron } from "../../src/scenes/vanishing/neuron.ts";

const shownAs = async (page: Page, name: string) =>
  Number(await page.locator(`[data-${name}]`).getAttribute(`data-${name}`));

export async function driveVanishing(page: Page): Promise<void> {
  const settings = { w: 1.5, x: 0, h0: 0.5, T: 40 };
  await page.locator("main [data-ready]").waitFor();
  expect(await page.getByRole("img").count()).toBe(3);
  const { products } = neuron(settings);
  // The engine's tanh is the same in both.
  expect(await shownAs(page, "product")).toBe(products[40]);
  // Fixed beforehand: the first factors at w = 1.5, h_0 = 0.5.
  expect(products.slice(1, 3).map((value) => value.toFixed(9))).toEqual(["0.894878712", "0.605249820"]);

  // The critical weight, by the keyboard: a power law.
  const weight = page.getByRole("slider", { name: "Weight w" });
  await weight.focus();
  for (let step = 0; step < 10; step++) await page.keyboard.press("ArrowLeft");
  await page.getByText("a power law").waitFor();
  expect(await shownAs(page, "product")).toBe(neuron({ ...settings, w: 1 }).products[40]);
  await page.waitForURL(/w=1(&|$)/);

  // The network: measured exponents, mean field, and what a drive does.
  const free = network({ gain: 1.5, units: 48, drive: 0, seed: 1 });
  expect(await shownAs(page, "exponent")).toBeCloseTo(free.largest, 12);
  await page.getByText(`Mean field expects ${shown(meanField(1.5).exponent)}`).waitFor();
  await page.getByRole("slider", { name: /^Drive/ }).fill("1");
  const driven = network({ gain: 1.5, units: 48, drive: 1, seed: 1 });
  await expect.poll(() => shownAs(page, "exponent")).toBeCloseTo(driven.largest, 12);
  expect(driven.largest).toBeLessThan(0);
  // Of finite size: within 0.1 of mean field for 48 units, as the reference values of such networks are.
  expect(Math.abs(driven.largest - meanField(1.5, { drive: 1 }).exponent)).toBeLessThan(0.1);
}
