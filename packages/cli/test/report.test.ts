import { certificateOf, derivations, mistakes, proveRnn } from "@gradproof/verification";
import { HtmlValidate } from "html-validate";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { checkFile } from "../src/check-file.ts";
import { type CheckedFile, isJudged, type JudgedFile } from "../src/checked-file.ts";
import { renderReport } from "../src/render-report.ts";
import { caseFile, mistakenCase, overflowingCase, tamperedCase } from "./cases.ts";
import { wrongDerivation } from "./proof/wrong-derivation.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const check = (name: string, bytes: Uint8Array | string) => checkFile(folder.write(name, bytes), { name });
const right = check("right.safetensors", caseFile());
const wrong = check("wrong.safetensors", mistakenCase("recurrent-term-dropped"));
const tampered = check("tampered.safetensors", tamperedCase(0.5));
const notFinite = check("nan.safetensors", tamperedCase(Number.NEGATIVE_INFINITY));
const undecided = check("overflow.safetensors", overflowingCase());
const malformed = check("malformed.npz", "<script>alert(1)</script> & more of the same");
const files = [right, wrong, tampered, notFinite, undecided, malformed];
const proof = proveRnn({ seed: 1, problems: 5, runs: 1 });
const html = await renderReport({ files, proof });
const { document } = parseHTML(html);
const text = (selector: string) => [...document.querySelectorAll(selector)].map((element) => element.textContent);

const validator = new HtmlValidate({ extends: ["html-validate:recommended", "html-validate:a11y"] });

async function problemsOf(page: string): Promise<string[]> {
  const { results } = await validator.validateString(page);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, line, message }) => `${line}: ${ruleId}: ${message}`),
  );
}

test("the page is valid and accessible HTML", async () => {
  expect(await problemsOf(html)).toEqual([]);
});

test("nothing is loaded and nothing runs", () => {
  expect(html).not.toMatch(/\b(src|srcset|action|data|poster)\s*=/i);
  expect(html).not.toMatch(/url\(|@import|<(script|link|iframe|img|object|embed|base|form)\b/i);
  expect(html.replaceAll(/xmlns(:\w+)?="http[^"]*"/g, "")).not.toMatch(/https?:/i);
  const links = [...document.querySelectorAll("a")].map((link) => link.getAttribute("href"));
  for (const link of links) expect(link).toMatch(/^(#|data:application\/json;base64,)/);
});

test("every file is in the summary with its verdict, and the link leads to its section", () => {
  const rows = [...document.querySelectorAll("table")][0]?.querySelectorAll("tbody tr") ?? [];
  expect([...rows].map((row) => row.querySelector("th")?.textContent)).toEqual(files.map(({ file }) => file));
  [...rows].forEach((row, i) => {
    expect(row.querySelector(".verdict")?.textContent).toContain(files[i]?.verdict);
    const target = row.querySelector("a")?.getAttribute("href")?.slice(1) ?? "";
    expect(document.getElementById(target)?.textContent).toBe(files[i]?.file);
  });
});

test("headings descend one by one, tables have captions and headings with scope", () => {
  expect(text("h1")).toHaveLength(1);
  for (const table of document.querySelectorAll("table")) {
    expect(table.querySelector("caption")?.textContent).not.toBe("");
    for (const heading of table.querySelectorAll("th")) expect(heading.getAttribute("scope")).toMatch(/^(col|row)$/);
  }
});

test("every figure has a text that stands for it, and a mismatch a map of its worst tensor", () => {
  const figures = [...document.querySelectorAll("figure > svg")];
  expect(figures.map((figure) => figure.getAttribute("role"))).toEqual(figures.map(() => "img"));
  const labels = figures.map((figure) => figure.getAttribute("aria-label") ?? "");
  // Of six files one is refused, and one has no finite errors; the tampered one differs in a single element.
  expect(labels.filter((label) => label.startsWith("Errors in σ"))).toHaveLength(4);
  expect(labels).toContainEqual(
    expect.stringMatching(/^1 of 16 elements of rnn\.weight_hh_l0 is beyond 32 σ; .* at \[1, 2\]\./),
  );
});

test("a proof has its tables", () => {
  const [section] = [...document.querySelectorAll("#proof")].map((heading) => heading.parentElement);
  const names = [...(section?.querySelectorAll("tbody th") ?? [])].map((cell) => cell.firstChild?.textContent);
  expect(names).toEqual([...derivations, ...mistakes].map(({ name }) => name));
});

test("a proof that holds has its certificate in the page, as it would be written to a file", () => {
  const link = document.querySelector("a[download]");
  const [, data = ""] = link?.getAttribute("href")?.split("base64,") ?? [];
  expect(JSON.parse(Buffer.from(data, "base64").toString())).toEqual(certificateOf(proof));
});

test("a refuted derivation shows its counterexample, and no certificate", async () => {
  const page = await renderReport({
    proof: proveRnn({ seed: 1, problems: 5, runs: 1, derivations: [wrongDerivation] }),
  });
  expect(page).toContain("✗&nbsp;refuted");
  expect(page).toContain("back-propagation through time, the smallest counterexample: T ");
  expect(page).not.toContain("download");
  expect(await problemsOf(page)).toEqual([]);
});

test("the same contents give the same page", async () => {
  expect(await renderReport({ files, proof })).toBe(html);
});

test("names and messages are text, whatever they hold", async () => {
  const file: CheckedFile = { file: `"><script>alert('x')</script>\u0000\u202e`, verdict: "error", error: "<b>&amp;" };
  const page = await renderReport({ files: [file, malformed] });
  expect(page).not.toContain("<script");
  expect(page).not.toContain("<b>");
  expect(page).toContain("&lt;b&gt;&amp;amp;");
  expect(page).toContain("\\u{0}\\u{202e}");
  expect(await problemsOf(page)).toEqual([]);
});

describe("a page stays below two megabytes", () => {
  const judged = (file: CheckedFile): JudgedFile => {
    if (!isJudged(file)) throw new Error(file.error);
    return file;
  };

  test("with hundreds of files: the worst keep their figures", async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({ ...(i % 2 === 0 ? right : wrong), file: `case-${i}` }));
    const page = await renderReport({ files: many });
    expect(Buffer.byteLength(page)).toBeLessThan(2e6);
    const { document } = parseHTML(page);
    const hasFigure = (id: string) => document.getElementById(id)?.parentElement?.querySelector("figure") !== null;
    // The first is a match, the second a mismatch.
    expect([document.getElementById("file-1")?.localName, document.getElementById("file-2")?.localName]).toEqual([
      "p",
      "h2",
    ]);
    expect(hasFigure("file-2")).toBe(true);
    for (const { file } of many) expect(page).toContain(`>${file}</a>`);
  });

  test("with a large tensor, whose map is coarser", async () => {
    const { judgement, ...rest } = judged(wrong);
    const shape = [1000, 700];
    const errors = Float64Array.from({ length: 700_000 }, (_, i) => i);
    const gradients = judgement.gradients.map((gradient) => ({
      ...gradient,
      shape,
      errors,
      of: "Whh",
      verdict: "mismatch" as const,
    }));
    const large = { ...rest, judgement: { ...judgement, gradients } } as JudgedFile;
    const page = await renderReport({ files: [large] });
    expect(Buffer.byteLength(page)).toBeLessThan(3e5);
    expect(page).toContain("Each square is the largest of up to 315 elements");
  });
});
