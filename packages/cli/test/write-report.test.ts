import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ReportError, writeReport } from "../src/write-report.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

test("a report takes the place of an older one only when it is whole", () => {
  const path = folder.write("report.html", "the old report");
  const old = openSync(path, "r");
  writeReport(path, "the new report");
  expect(readFileSync(path, "utf8")).toBe("the new report");
  // The old file itself was not written to.
  expect(readFileSync(old, "utf8")).toBe("the old report");
  closeSync(old);
  expect(readdirSync(folder.path).filter((name) => name.includes("tmp"))).toEqual([]);
});

test("folders on the way are made", () => {
  const path = join(folder.path, "a/b/c.htm");
  writeReport(path, "σ");
  expect(readFileSync(path, "utf8")).toBe("σ");
});

test("a case file is not overwritten by an option that lost its value", () => {
  const path = folder.write("case.safetensors", "numbers");
  expect(() => writeReport(path, "report")).toThrow(ReportError);
  expect(readFileSync(path, "utf8")).toBe("numbers");
});

test("what cannot be written leaves nothing behind", () => {
  const taken = join(folder.path, "folder.html");
  mkdirSync(taken);
  expect(() => writeReport(taken, "report")).toThrow(/it is a folder/);
  const below = join(folder.write("file", ""), "report.html");
  expect(() => writeReport(below, "report")).toThrow(ReportError);
  expect(existsSync(below)).toBe(false);
  expect(readdirSync(taken)).toEqual([]);
});
