import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { checked } from "../../src/scenes/check/checked.ts";
import { axeViolations } from "../reader.ts";

const cases = resolve(import.meta.dirname, "../../../examples/pytorch/cases");

export async function driveCheck(page: Page): Promise<void> {
  const field = page.getByLabel(/Nothing leaves the page/);
  const verdict = page.locator("[data-verdict]");
  await field.focus();
  await field.setInputFiles(resolve(cases, "mask-f64.safetensors"));
  await verdict.waitFor();
  expect(await verdict.getAttribute("data-verdict")).toBe("match");

  // A wrong one, by dropping: verdict, cause and flow are the packages'.
  const name = "recurrent-not-transposed-f64.safetensors";
  const bytes = readFileSync(resolve(cases, name));
  const expected = checked(new Uint8Array(bytes), name);
  const transfer = await page.evaluateHandle(
    ([content, title]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content as number[])], title as string));
      return data;
    },
    [[...bytes], name] as const,
  );
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
  await page.locator("[data-verdict=mismatch]").waitFor();
  expect(expected.verdict).toBe("mismatch");
  expect(expected.mistakes.map((mistake) => mistake.name)).toContain("recurrent-not-transposed");
  await page.locator("[data-mistake=recurrent-not-transposed]").waitFor();
  expect(await page.locator("[data-flow]").getAttribute("data-flow")).toBe(expected.flow);
  expect(await axeViolations(page)).toEqual([]);
  expect(await page.locator(".gradients tbody tr").count()).toBe(expected.gradients.length);

  // What is no case file ends in a message.
  await field.setInputFiles({ name: "x.npz", mimeType: "application/zip", buffer: Buffer.from("PK\x03\x04 nothing") });
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("x.npz cannot be judged");
  expect(await verdict.count()).toBe(0);
}
