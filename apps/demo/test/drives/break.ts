import { bptt, type Equations } from "@gradproof/rnn";
import { mistakes } from "@gradproof/verification";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { judgeNames } from "../../src/scenes/break/sandbox/judge-names.ts";
import { judgeAt } from "../../src/scenes/break/sandbox/judging.ts";
import { scales } from "../../src/scenes/break/sandbox/scales.ts";

/** "rrraa…": refused or accepted at each size of the weights. */
async function verdictsOf(page: Page, judge: string): Promise<string> {
  const marks = await page
    .locator(`[data-judge="${judge}"] .mark`)
    .evaluateAll((all) => all.map((mark) => mark.getAttribute("aria-label")));
  return marks.map((mark) => mark?.[0]).join("");
}

const editor = (page: Page) => page.getByRole("textbox", { name: "The derivation as JavaScript" });

async function judgeText(page: Page, text: string): Promise<void> {
  await editor(page).fill(text);
  await page.getByRole("button", { name: "Judge this text" }).focus();
  await page.keyboard.press("Enter");
}

export async function driveBreak(page: Page): Promise<void> {
  const finished = () => page.locator("main [data-done]").waitFor();
  await finished();
  const mistake = mistakes.find(({ name }) => name === "one-step-short");
  const wrong = <S>(): Equations<S> => ({ ...bptt<S>(), ...mistake?.equations<S>() });
  const expected = [0, 5, 10].map((i) => judgeAt(scales[i], wrong));
  for (const [j, name] of judgeNames.entries()) {
    const row = await verdictsOf(page, name);
    expect([0, 5, 10].map((i) => row[i])).toEqual(expected.map(({ accepted }) => (accepted[j] ? "a" : "r")));
  }
  expect(await verdictsOf(page, "Autodiff over a prime field")).toBe("r".repeat(11));
  expect((await verdictsOf(page, "PyTorch’s gradcheck"))[0]).toBe("a");

  // All equations, as the package has them, are accepted by everyone.
  await page.getByRole("button", { name: "Show all equations" }).click();
  await page.getByText("it is the derivative").waitFor();
  await finished();
  for (const name of [...judgeNames, "Autodiff over a prime field"])
    expect(await verdictsOf(page, name)).toBe("a".repeat(11));

  // One's own mistake, kept by the address; an error at its line; code that reaches for the network or the page.
  await judgeText(
    page,
    "return {\n  ...bptt(),\n  by(A, { outputError: e }, dby) { A.copy(dby, A.ratio(0, 1)); },\n};",
  );
  await page.getByText("it is not the derivative").waitFor();
  await page.waitForURL(/code=/);
  await judgeText(page, "return {\n  ...bptt(),\n  by: nothing,\n};");
  await page.getByText("Line 3: nothing is not defined").waitFor();
  await page.locator(".cm-lint-marker-error").waitFor();
  await judgeText(page, "return {\n  ...bptt(),,\n};");
  await page.getByText(/Line 2: .*Unexpected token/).waitFor();
  await judgeText(page, 'importScripts("https://example.org/x.js");\nreturn bptt();');
  await page.getByText(/Line 1: .*importScripts/).waitFor();
  await judgeText(page, 'throw new Error([typeof document, typeof localStorage, self.origin].join(" "));');
  await page.getByText("Line 1: undefined undefined null").waitFor();
}
