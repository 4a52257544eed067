import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reportTo } from "../src/report-option.ts";
import { palette } from "../src/text/palette.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();

test("a report that turns out not to be writable is said, and nothing else is lost", async () => {
  let said = "";
  const complain = (text: string) => {
    said += text;
  };
  const terminal = { print: () => {}, complain, palette: palette(false), columns: 80, progress: undefined };
  expect(await reportTo(join(folder.write("file", ""), "report.html"), async () => "<p>report</p>", terminal)).toBe(
    false,
  );
  expect(said).toMatch(/^gradproof: the report .*report\.html cannot be written: /);
  expect(await reportTo(join(folder.path, "report.html"), async () => "<p>report</p>", terminal)).toBe(true);
  expect(existsSync(join(folder.path, "report.html"))).toBe(true);
});
