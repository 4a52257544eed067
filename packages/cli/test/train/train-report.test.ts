import { readFileSync } from "node:fs";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { recorded } from "../recording-terminal.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const folder = temporaryFolder();
const validator = new HtmlValidate({ extends: ["html-validate:recommended", "html-validate:a11y"] });
const text = folder.write("own.txt", "row, row, row your boat, gently down the stream. ".repeat(20));

const runs: [string, string[]][] = [
  ["adding", ["adding", "--length", "4", "--hidden", "8", "--steps", "80", "--check-every", "40"]],
  ["classes", ["embedded-reber", "--hidden", "8", "--steps", "30", "--clip-value", "0.1"]],
  ["a text", ["text", "--text", text, "--hidden", "8", "--steps", "40", "--length", "5"]],
  ["one that diverges", ["adding", "--steps", "9", "--optimiser", "sgd", "--learning-rate", "1e38", "--no-clip"]],
];

describe.each(runs)("the report of a run on %s", (name, args) => {
  const file = join(folder.path, `${name.replaceAll(" ", "-")}.html`);

  test("is valid, accessible HTML that loads nothing, below two megabytes", async () => {
    await recorded(["train", ...args, "--report", file]);
    const page = readFileSync(file, "utf8");
    const { results } = await validator.validateString(page);
    expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual(
      [],
    );
    expect(page).not.toMatch(/<script|(src|href)="(?!#)|url\(|@import|NaN<|undefined/);
    expect(page.length).toBeLessThan(2e6);
  });

  test("has three figures that are told in words, a table of moments, and every setting", () => {
    const { document } = parseHTML(readFileSync(file, "utf8"));
    const figures = [...document.querySelectorAll("figure svg")];
    expect(figures).toHaveLength(3);
    for (const figure of figures) expect(figure.getAttribute("aria-label")?.length).toBeGreaterThan(30);
    expect(document.querySelectorAll("table caption").length).toBeGreaterThan(0);
    const settings = [...document.querySelectorAll("#settings ~ dl dt")].map(({ textContent }) => textContent);
    expect(settings).toEqual(
      expect.arrayContaining(["task", "precision", "seed", "hidden", "optimiser", "learningRate"]),
    );
  });
});

test("after --resume the report is about the whole run: its curve from the first step, and every check", async () => {
  const [save, file] = [join(folder.path, "resumed"), join(folder.path, "resumed.html")];
  const args = ["train", "delayed-xor", "--length", "1", "--hidden", "6", "--no-stop", "--check-every", "20"];
  await recorded([...args, "--steps", "50", "--save", save]);
  const { out } = await recorded([...args, "--steps", "90", "--save", save, "--resume", "--report", file]);
  expect(out).toContain("4 of 4 gradients checked while training match");
  await recorded([...args, "--steps", "90", "--report", join(folder.path, "whole.html")]);
  const [resumed, whole] = [file, join(folder.path, "whole.html")].map(
    (path) => parseHTML(readFileSync(path, "utf8")).document,
  );
  const told = (document: typeof resumed, selector: string) =>
    [...(document?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent);
  for (const selector of ["#checks ~ section td", "#flow ~ section td", "figcaption", "#sample ~ section td"]) {
    expect(told(resumed, selector).length).toBeGreaterThan(1);
    expect(told(resumed, selector)).toEqual(told(whole, selector));
  }
  expect(told(resumed, "#checks ~ section tr td:first-child")).toEqual(["20", "40", "60", "80"]);
  expect(told(resumed, "dd")[0]).toMatch(/at step 90, \d+ s after it went on from step 50$/);
  expect(told(whole, "dd")[0]).toMatch(/at step 90, \d+ s after it began$/);
  // On this task the horizon is longer than what the task asks: its line stays in the picture all the same.
  const paths = [...(resumed?.querySelectorAll("figure svg path") ?? [])].map((path) => path.getAttribute("d") ?? "");
  const curves = paths.map((d) => [...d.matchAll(/,(-?[\d.]+)/g)].map(([, y]) => Number(y)));
  const lines = curves.filter(({ length }) => length > 20);
  expect(lines).toHaveLength(2);
  const [, , width, height] =
    resumed?.querySelector("figure svg")?.getAttribute("viewBox")?.split(" ").map(Number) ?? [];
  expect([width, height]).toEqual([560, 220]);
  for (const y of lines.flat()) expect(y > 0 && y < 220).toBe(true);
});

test("checked gradients, a sample and where it diverged are in it", () => {
  const page = (name: string) => readFileSync(join(folder.path, `${name}.html`), "utf8");
  expect(page("adding")).toMatch(/✓ match/);
  expect(page("a-text")).toMatch(/bits per character on held-out text; 1-gram/);
  expect(page("a-text")).toMatch(/<pre>/);
  expect(page("one-that-diverges")).toMatch(/first not finite<\/dt><dd>.* is (NaN|-?Infinity)</);
});
