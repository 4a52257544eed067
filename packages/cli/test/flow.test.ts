import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSafetensors, writeSafetensors } from "@gradproof/interchange";
import { initialise, type NumericArray } from "@gradproof/rnn";
import { HtmlValidate } from "html-validate";
import { parseHTML } from "linkedom";
import { describe, expect, test } from "vitest";
import { isExplained } from "../src/flow/flow-bytes.ts";
import { flowFile } from "../src/flow/flow-file.ts";
import { renderFlowReport } from "../src/render-report.ts";
import { caseFile, numbers, problem } from "./cases.ts";
import { recorded } from "./recording-terminal.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

/** The problem of the other tests over more steps, its recurrent weights scaled. */
function longer(gain: number, T = 60) {
  const { parameters, h0 } = problem;
  const Whh = { ...parameters.Whh, data: parameters.Whh.data.map((weight) => gain * weight) };
  const B = h0.shape[0] as number;
  const [x, target] = [numbers([T, B, 3], 90), numbers([T, B, 2], 150)];
  return { ...problem, parameters: { ...parameters, Whh }, x, target } as typeof problem;
}

/** A case file of that problem without any gradient. */
function caseOf(name: string, gain: number, T?: number): string {
  const { parameters, x } = longer(gain, T);
  const gradients = [
    { name: "x", of: "x", dtype: "F64", shape: x.shape, data: new Float64Array(x.data.length) },
  ] as const;
  const { tensors, metadata } = readSafetensors(caseFile(gradients, "safetensors", longer(gain, T) as never));
  const kept = new Map([...tensors].filter(([tensor]) => !tensor.startsWith("grad.")));
  expect(kept.size).toBeGreaterThan(Object.keys(parameters).length);
  return folder.write(name, writeSafetensors({ tensors: kept, metadata }));
}

/** A state dict as PyTorch writes it, with names of its own. */
function stateDict(name: string, gain: number, names = { rnn: "encoder.", readout: "head." }): string {
  const { Wxh, Whh, Why, bhh } = initialise({ seed: 3, I: 2, H: 12, O: 3, kind: "orthogonal", gain });
  const tensor = (array: NumericArray | undefined) => ({ dtype: "F64" as const, ...(array as NumericArray) });
  const tensors = new Map([
    [`${names.rnn}weight_ih_l0`, tensor(Wxh)],
    [`${names.rnn}weight_hh_l0`, tensor(Whh)],
    [`${names.rnn}bias_hh_l0`, tensor(bhh)],
    [`${names.readout}weight`, tensor(Why)],
    ["embedding.weight", tensor({ shape: [7, 2], data: new Float64Array(14) })],
  ]);
  return folder.write(name, writeSafetensors({ tensors }));
}

const vanishing = caseOf("vanishing.safetensors", 0.05);
const short = caseOf("short.safetensors", 0.05, 12);

test("a vanishing gradient: the cause, the numbers, what to try; exit status 1", async () => {
  const { status, out, err } = await recorded(["flow", vanishing, "--lag", "20"]);
  expect([status, err]).toEqual([1, ""]);
  expect(out).toMatch(/^✗ obstructed {4}.*vanishing\.safetensors\n {2}T 60 {2}B 2 {2}I 3 {2}H 4 {2}O 2 {2}tanh\n/);
  expect(out).toContain("\n  vanishes: the recurrent weights are too small\n");
  expect(out).toMatch(
    /✗ Does it vanish or explode, and by how much per step\?\n {6}λ₁ = −\d\.\d{3} ± \d\.\d{3} a step/,
  );
  expect(out).toMatch(/try: .*λ₁ −\d\.\d+ becomes/);
  expect(out).toMatch(/memory in steps {2}1\/e \d/);
});

test("gradients are optional in a case for flow, and still needed for check", async () => {
  expect((await recorded(["check", vanishing])).status).toBe(2);
  const judged = await recorded(["flow", folder.write("judged.safetensors", caseFile())]);
  expect(judged.out).toContain("the gradients given: match");
});

test("too short a sequence is inconclusive; exit status 3", async () => {
  const { status, out } = await recorded(["flow", short]);
  expect(status).toBe(3);
  expect(out).toMatch(/^\? inconclusive {2}.*\n.*\n {2}the sequence is too short to tell\n/);
  expect(out).toContain("12 steps are too few");
});

test("--json prints one line per file and nothing else", async () => {
  const { status, out } = await recorded(["flow", vanishing, short, "--json", "--exponents", "2"]);
  expect(status).toBe(1);
  const [first, second, ...rest] = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rest).toEqual([]);
  expect(first).toMatchObject({
    schema: 1,
    file: vanishing,
    verdict: "obstructed",
    causes: ["gain-too-small"],
    lag: 30,
  });
  expect(first.spectrum.exponents).toHaveLength(2);
  expect(first.lagShares).toHaveLength(60);
  expect(first.findings.map(({ question }: { question: number }) => question)).toEqual([0, 2, 3, 4, 5, 6, 9, 10]);
  expect(second).toMatchObject({ verdict: "inconclusive", causes: [] });
});

test("weights alone, under names of their own, with generated input", async () => {
  const weights = stateDict("weights.safetensors", 0.4);
  const { status, out } = await recorded(["flow", weights, "--weights", "--steps", "80", "--lag", "20"]);
  expect(status).toBe(1);
  expect(out).toContain("T 80  B 2  I 2  H 12  O 3  tanh  generated input");
  expect(out).toContain("vanishes: the recurrent weights are too small");
  const [one, two] = [1, 2].map((seed) => flowFile(weights, { weights: true, steps: 40, seed }));
  if (!one || !two || !isExplained(one) || !isExplained(two)) throw new Error("expected two explained files");
  expect(one.explanation.flow.gradientNorm).not.toBe(two.explanation.flow.gradientNorm);
});

test("weights that are no vanilla RNN's are refused with their names", async () => {
  const none = folder.write("none.safetensors", writeSafetensors({ tensors: new Map() }));
  const refused = await recorded(["flow", none, "--weights"]);
  expect(refused.status).toBe(2);
  expect(refused.out).toContain("expected one tensor that ends in weight_hh_l0");
  const lstm = new Map([
    ["lstm.weight_ih_l0", { dtype: "F64" as const, ...numbers([16, 3], 1) }],
    ["lstm.weight_hh_l0", { dtype: "F64" as const, ...numbers([16, 4], 1) }],
  ]);
  const gated = await recorded([
    "flow",
    folder.write("lstm.safetensors", writeSafetensors({ tensors: lstm })),
    "--weights",
  ]);
  expect(gated.out).toContain("this is an LSTM");
});

test("several files are a series: one line each", async () => {
  const series = [0.3, 0.7, 1].map((gain, i) => stateDict(`step-${i}.safetensors`, gain));
  const { out } = await recorded(["flow", ...series, "--weights", "--steps", "60"]);
  const lines = out.trimEnd().split("\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/file +flow +λ₁ +1\/e steps +95 % lag +‖gradient‖ +saturated/);
  const rates = lines.slice(1).map((line) => Number(line.match(/-\d\.\d{3}/)?.[0]));
  expect(rates).toEqual(rates.toSorted((a, b) => a - b));
});

test("wrong usage, and what is out of range for a file", async () => {
  for (const [args, message] of [
    [["flow"], "expected at least one case file"],
    [["flow", vanishing, "--lag", "-1"], "expected an integer of at least 0"],
    [["flow", vanishing, "--clip-norm", "0"], "expected a number above 0"],
    [["flow", vanishing, "--nonlinearity", "gelu"], "tanh, relu"],
  ] as const) {
    const { status, err } = await recorded(args);
    expect(status, args.join(" ")).toBe(64);
    expect(err).toContain(message);
    expect(err).toContain("(see gradproof flow --help)");
  }
  const { status, out } = await recorded(["flow", vanishing, "--lag", "60"]);
  expect(status).toBe(2);
  expect(out).toContain("requiredLag is 60; expected less than the 60 steps of the problem");
});

test("progress names what is being computed", async () => {
  const stages = new Set<string>();
  flowFile(vanishing, { onProgress: (stage) => stages.add(stage) });
  expect([...stages].sort()).toEqual(["contributions", "experiments", "forward", "noise", "products"]);
});

describe("the report", async () => {
  const series = [vanishing, short, folder.write("broken.npz", "no such thing")];
  const files = series.map((path, i) => flowFile(path, { name: `file <${i}>` }));
  const html = await renderFlowReport(files);
  const { document } = parseHTML(html);

  test("is valid, accessible HTML that loads nothing and runs nothing", async () => {
    const validator = new HtmlValidate({ extends: ["html-validate:recommended", "html-validate:a11y"] });
    const { results } = await validator.validateString(html);
    expect(
      results.flatMap(({ messages }) => messages.map(({ ruleId, line, message }) => `${line} ${ruleId} ${message}`)),
    ).toEqual([]);
    expect(html).not.toMatch(/\b(src|srcset|action|data|poster)\s*=/i);
    expect(html).not.toMatch(/url\(|@import|<(script|link|iframe|img|object|embed|base|form)\b/i);
    expect(html.replaceAll(/xmlns(:\w+)?="http[^"]*"/g, "")).not.toMatch(/https?:/i);
  });

  test("has for every figure a label, a sentence and a table", () => {
    // Numbers in attributes are rounded, and what is raised in the text has no ^.
    const digits = /[\d.^]/g;
    const figures = [...document.querySelectorAll("figure")];
    // The series, five of each analysed file, and the single neuron.
    expect(figures).toHaveLength(1 + 5 * 2 + 1);
    for (const figure of figures) {
      const label = figure.querySelector("svg[role=img]")?.getAttribute("aria-label") ?? "";
      expect(label.length).toBeGreaterThan(30);
      expect(figure.querySelector("figcaption")?.textContent.replaceAll(digits, "")).toContain(
        label.replaceAll(digits, ""),
      );
      const details = figure.nextElementSibling;
      expect(details?.tagName).toBe("DETAILS");
      expect(details?.querySelectorAll("tbody tr").length).toBeGreaterThan(1);
    }
  });

  test("says the same each time, and escapes what comes from outside", async () => {
    expect(await renderFlowReport(files)).toBe(html);
    expect(html).toContain("file &lt;0&gt;");
  });

  test("stays below two megabytes, however many files there are", async () => {
    const many = Array.from({ length: 150 }, () => files[0] as (typeof files)[number]);
    const page = await renderFlowReport(many);
    expect(Buffer.byteLength(page)).toBeLessThan(2_000_000);
    expect(page).toContain("Figures are left out to keep this report small");
  });
});

test("--report writes it, and a report that cannot be written is said before any work", async () => {
  const report = join(folder.path, "flow.html");
  await recorded(["flow", vanishing, "--report", report, "--json"]);
  expect(readFileSync(report, "utf8")).toContain("Does the gradient flow?");
  const { status, err } = await recorded(["flow", vanishing, "--report", join(folder.path, "flow.txt")]);
  expect(status).toBe(64);
  expect(err).toContain("expected a name that ends in .html");
});
