import { shareOfBaseline } from "@gradproof/training";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { RunSettings } from "../../src/scenes/train/report.ts";
import { endOf, trainingOf } from "../../src/scenes/train/run.ts";
import { taskOf } from "../../src/scenes/train/tasks.ts";
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
  const here = learnedHere({
    task: "delayed-xor",
    length: 2,
    hidden: 32,
    initialisation: "orthogonal",
    gain: 1,
    clip: 1,
    seed: 1,
  });
  const shownAs = async (name: string) => Number(await page.locator(`[data-${name}]`).getAttribute(`data-${name}`));
  // Engines differ in the last bits of Math.tanh and Math.log, which is all that sets the two runs apart.
  expect(Math.abs((await shownAs("step")) - here.step)).toBeLessThanOrEqual(0.1 * here.step);
  expect(await shownAs("share")).toBeLessThan(0.1);
  // What was learned has to be remembered for as long as the task asks.
  expect(await shownAs("horizon")).toBeGreaterThanOrEqual(here.lag);
  await page.getByRole("heading", { name: /^Does the gradient flow/ }).waitFor();
  await page.getByRole("img", { name: /^95 % of the gradient of W_hh/ }).waitFor();
  expect(await axeViolations(page)).toEqual([]);

  // A long one is under way until it is stopped.
  await page.getByRole("slider", { name: "Steps of delay" }).fill("100");
  await page.getByRole("radio", { name: "Add the two marked numbers" }).check();
  await train.click();
  await page.locator("[data-step]").waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator("[data-end=stopped]").waitFor();

  // A text, with what the network writes as it learns.
  await page.getByRole("radio", { name: /Genesis/ }).check();
  await page.getByRole("slider", { name: /^Characters/ }).fill("10");
  await train.click();
  await expect.poll(() => page.locator("[data-sample]").count(), { timeout: 30_000 }).toBeGreaterThan(1);
  const texts = await page.locator("[data-sample]").allTextContents();
  expect(texts.every((text) => text.length === 240)).toBe(true);
  expect(new Set(texts).size).toBe(texts.length);
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Stop" }).click();
}

/** The same run in this process: the step at which it is learned. */
function learnedHere(settings: RunSettings) {
  const task = taskOf(settings.task, settings.length);
  const training = trainingOf(settings, task);
  let report = training.next();
  while (endOf(task, report) === undefined) report = training.next();
  expect(shareOfBaseline(task, report.smoothedLoss)).toBeLessThan(0.1);
  return { step: report.step, lag: task.lag };
}
