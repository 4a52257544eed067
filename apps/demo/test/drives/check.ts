import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { renderFlowReport, renderReport } from "gradproof";
import { checkBytes, flowBytes, isJudged } from "gradproof/page";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { checked } from "../../src/scenes/check/checked.ts";
import { type ExampleName, exampleFile, exampleNames } from "../../src/scenes/check/examples.ts";
import { axeViolations } from "../reader.ts";
import { replayed } from "../replayed.ts";

const cases = resolve(import.meta.dirname, "../../../examples/pytorch/cases");

export async function driveCheck(page: Page): Promise<void> {
  const field = page.getByLabel(/Nothing leaves the page/);
  const verdict = page.locator("[data-verdict]");
  await field.focus();
  await field.setInputFiles(resolve(cases, "mask-f64.safetensors"));
  await verdict.waitFor();
  expect(await verdict.getAttribute("data-verdict")).toBe("match");

  // A wrong one, by dropping: verdict, cause and flow are the command's.
  const name = "recurrent-not-transposed-f64.safetensors";
  const bytes = readFileSync(resolve(cases, name));
  await drop(page, name, bytes);
  await page.locator("[data-verdict=mismatch]").waitFor();
  const { file, flowed } = judgedHere(new Uint8Array(bytes), name);
  const expected = checked(file, flowed);
  expect(expected.verdict).toBe("mismatch");
  expect(expected.mistakes.map((mistake) => mistake.name)).toContain("recurrent-not-transposed");
  await page.locator("[data-mistake=recurrent-not-transposed]").waitFor();
  expect(await page.locator("[data-flow]").getAttribute("data-flow")).toBe(expected.flow);
  expect(await axeViolations(page)).toEqual([]);
  expect(await page.locator(".gradients tbody tr").count()).toBe(expected.gradients.length);

  // The reports are those that the command writes, letter by letter.
  expect(await saved(page, "Save the report")).toBe(await renderReport({ files: [file] }));
  expect(await saved(page, "Save the report on the flow")).toBe(await renderFlowReport([flowed]));

  // A proof, whose certificate the command replays; the report has it from then on.
  await page.getByRole("button", { name: "Prove the derivation" }).click();
  await page.getByText(/^Proving: /).waitFor();
  await page.locator("[data-proof=true]").waitFor();
  const certificate = await saved(page, "Save the certificate");
  expect(await replayed(certificate)).toMatch(/^✓ holds/);
  expect(await saved(page, "Save the report")).toContain("gradproof-certificate.json");

  // What is no case file ends in a message.
  await field.setInputFiles({ name: "x.npz", mimeType: "application/zip", buffer: Buffer.from("PK\x03\x04 nothing") });
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("x.npz cannot be judged");
  expect(await verdict.count()).toBe(0);
  expect(await page.getByRole("button", { name: "Save the report" }).count()).toBe(0);
  // Nor does a header that claims to be longer than any memory, or a name that is markup, come further.
  const boast = Buffer.alloc(64, 0xff);
  await drop(page, "<img src=x onerror=alert(1)>.safetensors", boast);
  await page.getByText("<img src=x onerror=alert(1)>.safetensors cannot be judged").waitFor();
  expect(await page.locator("img").count()).toBe(0);

  // Who has no file takes one of the page's, by the keyboard.
  for (const [example, label] of examples) {
    await page.getByRole("button", { name: label }).focus();
    await page.keyboard.press("Enter");
    const title = `${example}.safetensors`;
    await page.getByRole("heading", { name: new RegExp(title) }).waitFor();
    const here = judgedHere(exampleFile(example), title).file;
    expect(await verdict.getAttribute("data-verdict")).toBe(example === "right" ? "match" : "mismatch");
    expect(here.verdict).toBe(example === "right" ? "match" : "mismatch");
    if (example !== "right") await page.locator(`[data-mistake=${example}]`).waitFor();
  }
}

const examples: readonly (readonly [ExampleName, string])[] = [
  [exampleNames[0], "A right gradient"],
  [exampleNames[1], "A forgotten transpose"],
  [exampleNames[2], "Cut off after three steps"],
];

function judgedHere(bytes: Uint8Array, name: string) {
  const [file, flowed] = [checkBytes(bytes, { name }), flowBytes(bytes, { name })];
  if (!isJudged(file)) throw new Error(file.error);
  return { file, flowed };
}

async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([content, title]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content as number[])], title as string));
      return data;
    },
    [[...bytes], name] as const,
  );
  await page.locator(".drop").dispatchEvent("drop", { dataTransfer: transfer });
}

/** The text of the file that a button has the browser save. */
async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}
