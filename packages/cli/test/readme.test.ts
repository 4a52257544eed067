import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { recorded } from "./recording-terminal.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const cases = resolve(import.meta.dirname, "../../../apps/examples/pytorch/cases");
const written = temporaryFolder().path;

const sessions = [...readme.matchAll(/```console\n\$ gradproof (.*)\n([^`]*)```/g)].map(
  ([, command = "", output = ""]) => ({
    command,
    output,
  }),
);

test("the README shows sessions", () => {
  expect(sessions).toHaveLength(4);
});

test.each(sessions)("gradproof $command prints what the README says", async ({ command, output }) => {
  const args = command.split(" ").map((word) => {
    if (/\.(safetensors|npz)$/.test(word)) return join(cases, word);
    return /\.(json|html)$/.test(word) ? join(written, word) : word;
  });
  const { out } = await recorded(args, { columns: 80 });
  const printed = out.replaceAll(`${cases}/`, "").replaceAll(`${written}/`, "").trimEnd();
  // A line of dots stands for lines that are left out.
  const [start = "", ...parts] = output.trimEnd().split(/^ *…\n/m);
  expect(printed.slice(0, start.length)).toBe(start);
  let rest = printed.slice(start.length);
  for (const part of parts) {
    expect(rest).toContain(part);
    rest = rest.slice(rest.indexOf(part) + part.length);
  }
  expect(rest).toBe("");
});
