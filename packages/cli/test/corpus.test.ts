import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mistakes } from "@gradproof/verification";
import { expect, test } from "vitest";
import { checkFile } from "../src/check-file.ts";
import { isJudged } from "../src/checked-file.ts";
import type { CorpusEntry } from "../src/corpus-command.ts";
import { namedMistakes } from "../src/text/wording.ts";
import { recorded } from "./recording-terminal.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const folder = temporaryFolder();
const corpus = join(folder.path, "new/corpus");

test("writes a file for every mistake that shows on a problem, and the index; check names each", async () => {
  const { status, out, err } = await recorded(["corpus", corpus, "--scale", "0.5", "--seed", "3"]);
  expect([status, err]).toEqual([0, ""]);
  const index: CorpusEntry[] = JSON.parse(readFileSync(join(corpus, "index.json"), "utf8"));
  expect(out).toContain(`${index.length} case files in ${corpus}: `);
  expect(index.length).toBeGreaterThanOrEqual(mistakes.length);
  const bytes = index.reduce((sum, { file }) => sum + readFileSync(join(corpus, file)).length, 0);
  expect(bytes).toBeLessThan(1e6);
  // One in seven, and every right one.
  const looked = index.filter(({ mistake }, i) => mistake === undefined || i % 7 === 0);
  for (const { file, expect: verdict, mistake } of looked) {
    const checked = checkFile(join(corpus, file));
    expect([file, checked.verdict]).toEqual([file, verdict]);
    if (mistake !== undefined) expect(isJudged(checked) && namedMistakes(checked.judgement)).toContain(mistake);
  }
  expect(looked.length).toBeGreaterThan(15);
});

test("a folder with something in it is left alone", async () => {
  folder.write("mine.txt", "mine");
  const { status, err } = await recorded(["corpus", folder.path]);
  expect(status).toBe(64);
  expect(err).toMatch(/^gradproof: the corpus .* cannot be written: the folder is not empty; expected a new one$/m);
  expect(readFileSync(join(folder.path, "mine.txt"), "utf8")).toBe("mine");
  expect((await recorded(["corpus", join(folder.path, "mine.txt")])).err).toContain("it is a file");
  expect((await recorded(["corpus", corpus, "--scale", "x"])).err).toContain("expected numbers above 0, as 0.001,1");
  expect(existsSync(join(folder.path, ".corpus"))).toBe(false);
});
