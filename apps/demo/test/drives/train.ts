import { shareOfBaseline } from "@gradproof/training";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { solved, taskOf, trainingOf } from "../../src/scenes/train/run.ts";
import { axeViolations } from "../reader.ts";

export async function driveTrain(page: Page): Promise<void> {
  // A short task by the keyboard: learned in the page, at the very step at which it is learned here.
  await page.goto(page.url().replace(/\?.*|$/, "?task=delayed-xor&length=2"));
  await page.reload();
  await page.locator("input[value=delayed-xor]:checked").waitFor();
  const train = page.getByRole("button", { name: "Train", exact: true });
  await train.focus();
  await page.keyboard.press("Enter");
  await page.locator("[data-end=learned]").waitFor();
  const settings = {
    task: "delayed-xor",
    length: 2,
    hidden: 32,
    initialisation: "orthogonal",
    gain: 1,
    clip: 1,
    seed: 1,
  } as const;
  const training = trainingOf(settings);
  let report = training.next();
  while (shareOfBaseline(taskOf(settings), report.smoothedLoss) >= solved) report = training.next();
  const shownStep = Number(await page.locator("[data-step]").getAttribute("data-step"));
  // Engines differ in the last bits of Math.tanh and Math.log, which is all that sets the two runs apart.
  expect(Math.abs(shownStep - report.step)).toBeLessThanOrEqual(0.1 * report.step);
  await page.getByRole("heading", { name: /^Does the gradient flow/ }).waitFor();
  await page.getByText(/95 % of the gradient comes from the last \d+ steps/).waitFor();
  expect(await axeViolations(page)).toEqual([]);

  // A long one is under way until it is stopped.
  await page.getByRole("slider", { name: "Length" }).fill("100");
  await page.getByRole("radio", { name: "Add the two marked numbers" }).check();
  await train.click();
  await page.locator("[data-step]").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator("[data-end=stopped]").waitFor();
}
