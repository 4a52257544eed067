import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "gradproof-start-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pytorch = join(import.meta.dirname, "../pytorch");
const index: { file: string; expect: string }[] = JSON.parse(readFileSync(join(pytorch, "cases/index.json"), "utf8"));

function start(...args: string[]) {
  const script = join(pytorch, "start.ts");
  return spawnSync(process.execPath, ["--conditions=@gradproof/source", script, ...args], { encoding: "utf8" });
}

test("start proves, judges every case as expected, and writes its report", () => {
  const report = join(folder, "out/report.html");
  const { status, stdout, stderr } = start(report);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/✓ proven {2}all \d+ derivations = autodiff on 40 random problems/);
  for (const { file, expect: verdict } of index) {
    expect(stdout).toMatch(new RegExp(`^ {2}${file} +. ${verdict} .* yes$`, "m"));
    expect(readFileSync(report, "utf8")).toContain(file);
  }
  expect(stdout).toMatch(
    /^ {4}why +a known mistake gives all 8 gradients.*\n.*\n +recurrent-not-transposed\n +given by .*\n +should be .*\n {4}where /m,
  );
  expect(stdout.split("\n").filter((line) => [...line].length > 80 && !line.includes(folder))).toEqual([]);
});

test("an unexpected verdict is said, and the exit status is 1", () => {
  const cases = join(folder, "cases");
  cpSync(join(pytorch, "cases"), cases, { recursive: true });
  const [first, second] = index;
  writeFileSync(join(cases, "index.json"), JSON.stringify([{ ...first, expect: "mismatch" }, second]));
  const { status, stdout } = start(join(folder, "unexpected.html"), cases);
  expect(status).toBe(1);
  expect(stdout).toMatch(/ NO$/m);
  expect(stdout).toContain("1 of 2 verdicts not as expected");
});
