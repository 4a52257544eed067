import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { caseFile, mistakenCase, overflowingCase } from "./cases.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const right = "right.safetensors";
folder.write(right, caseFile());
const wrong = "wrong.safetensors";
folder.write(wrong, mistakenCase("derivative-missing"));
const undecided = "overflow.safetensors";
folder.write(undecided, overflowingCase());
const malformed = "malformed.npz";
folder.write(malformed, "no case");

const node = ["--conditions=@gradproof/source", join(import.meta.dirname, "../src/main.ts")];

function gradproof(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    encoding: "utf8",
    cwd: folder.path,
    env: { ...process.env, FORCE_COLOR: "1", NO_COLOR: "" },
  });
  return { status, stdout, stderr };
}

test.each([
  [["check", right], 0],
  [["check", wrong, right], 1],
  [["check", wrong, malformed], 2],
  [["check", undecided], 3],
  [["check"], 64],
  [["prove", "--problems", "2"], 0],
])("gradproof %j ends with %i", (args, status) => {
  expect(gradproof(...args)).toMatchObject({ status });
});

test("in a pipe: no colours, no progress, and with --json nothing but JSON", () => {
  const { stdout, stderr } = gradproof("check", "--json", right, wrong, malformed);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).verdict),
  ).toEqual(["match", "mismatch", "error"]);
  expect(stderr).toBe("");
  expect(gradproof("check", wrong).stdout).not.toContain("\u001b");
});

test("a reader that closes the pipe early changes nothing about the exit status", async () => {
  const child = spawn(process.execPath, [...node, "check", wrong, right, right, right], {
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const status = await new Promise((done) => child.on("close", done));
  expect([status, errors]).toEqual([1, ""]);
});

test.runIf(existsSync("/dev/full"))("results that cannot be written are not lost silently", () => {
  const out = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [...node, "check", right], {
    encoding: "utf8",
    cwd: folder.path,
    stdio: ["ignore", out, "pipe"],
  });
  closeSync(out);
  expect(stderr).toContain("standard output cannot be written");
  expect(status).toBe(70);
});
