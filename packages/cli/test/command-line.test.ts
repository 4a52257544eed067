import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { palette } from "../src/text/palette.ts";
import { caseFile, mistakenCase, overflowingCase, tamperedCase } from "./cases.ts";
import { recorded } from "./recording-terminal.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const right = folder.write("right.safetensors", caseFile());
const wrong = folder.write("wrong.npz", mistakenCase("recurrent-term-dropped"));
const undecided = folder.write("overflow.safetensors", overflowingCase());
const notFinite = folder.write("nan.safetensors", tamperedCase(Number.NaN));
const malformed = folder.write("malformed.safetensors", "no case");

const paths: Readonly<Record<string, string>> = { right, wrong, undecided, malformed };

/** An argument of a table, which names files without the folder of this run. */
function located(argument: string): string {
  return argument.replace(/^\w+/, (name) => paths[name] ?? name);
}

const wrongUsage: readonly (readonly [args: readonly string[], sentence: string])[] = [
  [[], "no command is given; expected one of check, prove, replay, flow, train, corpus"],
  [["judge", "a.npz"], "unknown command 'judge'; to judge a file: gradproof check FILE"],
  [["chekc", "a.npz"], "unknown command 'chekc'; did you mean check?"],
  [["help", "judge"], "there is no command 'judge'"],
  [["check"], "missing required argument 'file'; expected at least one case file"],
  [["check", "--sed", "1", "right"], "unknown option '--sed'; did you mean --seed?"],
  [["--json", "check", "right"], "unknown option '--json'"],
  [["check", "--seed", "one", "right"], "argument 'one' is invalid; expected an integer of at least 0"],
  [["check", "--seed", "-1", "right"], "argument '-1' is invalid; expected an integer of at least 0"],
  [["check", "--seed", "1e3", "right"], "argument '1e3' is invalid"],
  [["check", "--seed", "9007199254740993", "right"], "argument '9007199254740993' is invalid"],
  [["check", "right", "--seed"], "option '--seed <number>' argument missing"],
  [["check", "right", "--report"], "option '--report <file.html>' argument missing"],
  [["check", "--report", "right", "right"], "expected a name that ends in .html"],
  [["check", "right", "--report", "right/report.html"], "cannot be written"],
  [["prove", "--problems", "0"], "argument '0' is invalid; expected an integer of at least 1"],
  [["prove", "--problems", "2.5"], "argument '2.5' is invalid"],
  [["prove", "right"], "too many arguments for 'prove'"],
  [["prove", "--runs", "0"], "argument '0' is invalid; expected an integer of at least 1"],
  [["replay"], "missing required argument 'certificate'; expected a certificate"],
];

test.each(wrongUsage)("wrong usage: gradproof %j", async (args, sentence) => {
  const { status, out, err } = await recorded(args.map(located));
  expect(err).toContain(`gradproof: `);
  expect(err).toContain(sentence);
  expect(status).toBe(64);
  expect(out).toBe("");
});

const help = [
  ["--help"],
  ["help"],
  ["check", "--help"],
  ["help", "check"],
  ["prove", "--help"],
  ["replay", "--help"],
  ["check", "right", "-h"],
];

test.each(help.map((args) => ({ args })))("help: gradproof $args", async ({ args }) => {
  const { status, out, err } = await recorded(args.map(located));
  expect(out).toMatch(/^Usage: gradproof/);
  expect(out).toContain("Exit status:");
  expect([status, err]).toEqual([0, ""]);
});

const versions = [["--version"], ["check", "--version"], ["prove", "--version"], ["replay", "--version"]];

test.each(versions.map((args) => ({ args })))("version: gradproof $args", async ({ args }) => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(await recorded(args)).toEqual({ status: 0, out: `${version}\n`, err: "" });
});

const several: readonly (readonly [files: readonly string[], status: number])[] = [
  [["right"], 0],
  [["wrong"], 1],
  [["malformed"], 2],
  [["undecided"], 3],
  [["right", "undecided"], 3],
  [["undecided", "wrong", "right"], 1],
  [["wrong", "malformed", "undecided", "right"], 2],
];

test.each(several)("%j: the worst counts, and none stops the others", async (files, status) => {
  const result = await recorded(["check", ...files.map(located)]);
  expect(result.status).toBe(status);
  for (const file of files) expect(result.out).toContain(located(file));
  expect(result.err).toBe("");
});

test("check says for each gradient its verdict, the largest error, where, and what would have shown", async () => {
  const { out } = await recorded(["check", right]);
  expect(out).toMatch(/^✓ match +\S+right\.safetensors$/m);
  expect(out).toContain("T 5  B 2  I 3  H 4  O 2  tanh  mse (mean)  float64");
  for (const name of ["rnn.weight_ih_l0", "rnn.weight_hh_l0", "readout.weight", "h0", "x"]) {
    expect(out).toMatch(
      new RegExp(`^ {2}${name} +✓ match +[\\d.]+ σ +\\[[\\d, ]+\\] +\\de-1[3-6]$`.replace("\\de", "[\\d.]+e"), "m"),
    );
  }
  expect(out).toMatch(
    /power {2}\d+ of \d+ known mistakes would have been caught; inert here: .*; truncations visible to lag 4 of 4$/m,
  );
});

test("check says of a mismatch both values, the known mistake and its formula", async () => {
  const { out } = await recorded(["check", wrong]);
  expect(out).toMatch(/^ {6}given -?[\d.]+, reference -?[\d.]+$/m);
  expect(out).toMatch(/^ {9}recurrent-term-dropped$/m);
  expect(out).toMatch(/^ {2}where {2}the gradient of x is right at x\[4\] and after, wrong from x\[3\] back: .*$/m);
  expect(out).toContain("given by  ∂J/∂h_t = W_hyᵀ e_t\n");
  expect(out).toContain("should be ∂J/∂h_t = W_hyᵀ e_t + W_hhᵀ δ_{t+1}\n");
});

test("--json prints one object per file and line, and nothing else", async () => {
  const files = [right, wrong, malformed, notFinite, undecided];
  const { out, err } = await recorded(["check", "--json", ...files]);
  const objects = out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(objects.map(({ file }) => file)).toEqual(files);
  expect(objects.map(({ verdict }) => verdict)).toEqual(["match", "mismatch", "error", "mismatch", "inconclusive"]);
  expect(err).toBe("");
  const [match, mismatch, error, nan, overflow] = objects;
  expect(match).toMatchObject({
    schema: 1,
    gradients: expect.arrayContaining([
      {
        name: "rnn.weight_hh_l0",
        of: "Whh",
        dtype: "F64",
        shape: [4, 4],
        verdict: "match",
        worst: {
          index: [expect.any(Number), expect.any(Number)],
          given: expect.any(Number),
          reference: expect.any(Number),
          sigma: expect.any(Number),
        },
        errorInSigma: expect.any(Number),
        rmsInSigma: expect.any(Number),
        resolution: expect.any(Number),
        mistakes: [],
      },
    ]),
    power: { caught: expect.arrayContaining(["recurrent-term-dropped"]), visibleLag: 4, largestLag: 4 },
    problem: { T: 5, H: 4 },
    seed: 1,
  });
  expect(mismatch.gradients.flatMap(({ mistakes }: { mistakes: string[] }) => mistakes)).toContain(
    "recurrent-term-dropped",
  );
  expect(mismatch.diagnosis).toMatchObject({
    mistakes: [{ name: "recurrent-term-dropped", mistaken: "∂J/∂h_t = W_hyᵀ e_t" }],
    together: true,
    location: { by: "steps", step: 3, wrong: 4, steps: 5 },
  });
  expect(Object.keys(match)).not.toContain("diagnosis");
  expect(error).toEqual({ schema: 1, file: malformed, verdict: "error", error: expect.stringContaining("text") });
  const whh = (record: typeof nan) => record.gradients.find(({ of }: { of: string }) => of === "Whh");
  expect(whh(nan)).toMatchObject({ verdict: "mismatch", worst: { index: [1, 2], given: "NaN" } });
  expect(whh(overflow)).toMatchObject({ verdict: "inconclusive", worst: { given: "Infinity" } });
});

test("the same seed prints the same, another one something else", async () => {
  const check = async (seed: string) => (await recorded(["check", "--json", "--seed", seed, right, wrong])).out;
  expect(await check("5")).toBe(await check("5"));
  expect(await check("6")).not.toBe(await check("5"));
  const prove = async (...seed: string[]) => (await recorded(["prove", "--json", "--problems", "5", ...seed])).out;
  expect(await prove("--seed", "5")).toBe(await prove("--seed", "5"));
  expect(JSON.parse(await prove()).seed).not.toBe(JSON.parse(await prove()).seed);
});

test("prove prints what became of each derivation and each known mistake", async () => {
  const { status, out, err } = await recorded(["prove", "--problems", "20", "--seed", "3"]);
  expect([status, err]).toEqual([0, ""]);
  expect(out).toMatch(/^✓ proven {2}all \d+ derivations = autodiff on 20 random problems, seed 3$/m);
  expect(out).toMatch(/^ {2}back-propagation through time +20 +0 +\d+ +\d+ +\d\.\de-\d+$/m);
  expect(out).toMatch(/^ {2}recurrent-term-dropped +\d+ +\d+ +0$/m);
  const json = JSON.parse((await recorded(["prove", "--problems", "20", "--seed", "3", "--json"])).out);
  expect(json).toMatchObject({ schema: 1, verdict: "proven", problems: 20, runs: 2, seed: 3 });
  expect(json.error).toBeLessThan(1e-12);
  for (const { proven, control } of json.derivations) {
    expect([proven, control.refused + control.inert, control.unexpected]).toEqual([20, 20, []]);
  }
  for (const { refused, inert, unexpected } of json.mistakes) expect([refused + inert, unexpected]).toEqual([20, []]);
});

test("--report writes the report beside what is printed, in a folder that it makes", async () => {
  const report = join(folder.path, "new/folder/report.html");
  const { status, out } = await recorded(["check", "--json", wrong, malformed, "--report", report]);
  expect(status).toBe(2);
  expect(out.trimEnd().split("\n")).toHaveLength(2);
  expect(readFileSync(report, "utf8")).toContain("recurrent-term-dropped");
  expect(readdirSync(join(folder.path, "new/folder"))).toEqual(["report.html"]);
  const proof = join(folder.path, "proof.html");
  expect((await recorded(["prove", "--problems", "3", "--report", proof])).status).toBe(0);
  expect(readFileSync(proof, "utf8")).toContain("on 3 random problems");
});

test("a report that cannot be written is said before any work", async () => {
  const { status, out, err } = await recorded(["check", right, "--report", join(right, "sub/report.html")]);
  expect([status, out]).toEqual([64, ""]);
  expect(err).toContain("cannot be written");
  expect(existsSync(join(right, "sub"))).toBe(false);
});

const escapeCharacter = "\u001b";

test("colours are what the palette makes of them; without, there is no escape sequence", async () => {
  expect((await recorded(["check", right, wrong, malformed])).out).not.toContain(escapeCharacter);
  expect((await recorded(["check", wrong], { palette: palette(true) })).out).toContain(`${escapeCharacter}[31m`);
});

test("names cannot act on the terminal", async () => {
  const { out } = await recorded(["check", `${folder.path}/a${escapeCharacter}[2Jb`]);
  expect(out).not.toContain(escapeCharacter);
  expect(out).toContain("a\\u{1b}[2Jb");
});

test("lines are broken at the width of a terminal", async () => {
  const { out } = await recorded(["check", wrong, right], { columns: 80 });
  const long = out.split("\n").filter((line) => [...line].length > 80 && !line.includes(folder.path));
  expect(long).toEqual([]);
});
