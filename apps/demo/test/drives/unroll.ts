import type { Page } from "playwright-core";
import { expect } from "vitest";
import { shown } from "../../src/parts/number-text.ts";
import { edgesTo } from "../../src/scenes/unroll/paths.ts";
import { unrolled } from "../../src/scenes/unroll/unrolled.ts";

/** The numbers beside an equation. */
async function numbersOf(page: Page, tag: string): Promise<string> {
  const text = await page.locator(`[data-tag=${tag}]`).locator(".number, .matrix").textContent();
  return (text ?? "").trim();
}

export async function driveUnroll(page: Page): Promise<void> {
  const settings = { x: [1, -0.5, 0.25, 0.75], y: [0.5, 0, -0.5, 1], H: 2, gain: 1, seed: 1 };
  const pass = unrolled(settings);
  await page.locator("[data-part=h1]").waitFor();
  expect(await numbersOf(page, "F1")).toBe(pass.preactivations[0].map((value) => shown(value)).join(" "));

  // Forward to the loss, then back to the last step, by the keyboard.
  await page.getByRole("button", { name: "Next" }).focus();
  for (let step = 0; step < 4; step++) await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "The loss" }).waitFor();
  expect(await numbersOf(page, "F4")).toBe(shown(pass.loss));
  await page.getByRole("slider", { name: /^Moment/ }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("heading", { name: "Backward, step 4" }).waitFor();
  expect(await numbersOf(page, "B4")).toBe(pass.deltas[3].map((value) => shown(value)).join(" "));
  await page.keyboard.press("End");
  await page.getByRole("heading", { name: /^The gradients/ }).waitFor();
  const { Whh, h0 } = pass.gradient;
  expect(await numbersOf(page, "B7")).toBe(
    Whh.flat()
      .map((value) => shown(value))
      .join(" "),
  );
  expect(await numbersOf(page, "B12")).toBe(h0.map((value) => shown(value)).join(" "));

  // Paths: by pointing, and for good by Enter; the address keeps them.
  await page.locator("[data-part=h2]").hover();
  await page.getByText("3 paths to h₂").waitFor();
  expect(await litEdges(page)).toEqual([...edgesTo({ kind: "state", t: 2 }, 4)].sort());
  await page.locator("[data-part=e3]").focus();
  await page.keyboard.press("Enter");
  await page.mouse.move(0, 0);
  await page.waitForURL(/paths=e3/);
  await page.reload();
  await page.locator("[data-part=e3][aria-pressed=true]").waitFor();
  expect(await litEdges(page)).toEqual([...edgesTo({ kind: "error", t: 3 }, 4)].sort());
  await page.getByRole("button", { name: "Whh" }).focus();
  await page.getByText("10 paths").waitFor();

  // Another sequence: other numbers.
  await page.getByRole("spinbutton", { name: "Input x₁" }).fill("2");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Add a step" }).click();
  await page.locator("[data-part=h5]").waitFor();
  await page.getByRole("slider", { name: /^Moment/ }).fill("6");
  const longer = unrolled({ ...settings, x: [2, -0.5, 0.25, 0.75, 0.5], y: [...settings.y, 0] });
  await expect.poll(() => numbersOf(page, "F4")).toBe(shown(longer.loss));
}

async function litEdges(page: Page): Promise<string[]> {
  const edges = await page.locator(".edge.lit").evaluateAll((all) => all.map((edge) => edge.getAttribute("data-edge")));
  return (edges as string[]).sort();
}
