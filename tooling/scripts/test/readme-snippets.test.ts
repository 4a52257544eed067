import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { blocks } from "../src/snippets/blocks.ts";
import { expectedLines, runSnippet } from "../src/snippets/run.ts";

const root = resolve(import.meta.dirname, "../../..");

/** The folder whose dependencies a README's snippets may import: its own, or for the root's the examples', who use all. */
const readmes = [
  { readme: "README.md", folder: "apps/examples" },
  ...globSync(["packages/*/README.md", "apps/*/README.md"], { cwd: root }).map((readme) => ({
    readme: readme.replaceAll("\\", "/"),
    folder: readme.replace(/README\.md$/, ""),
  })),
].filter(({ readme }) => existsSync(join(root, readme)) && (!readme.startsWith("apps/") || hasSnippets(readme)));

/** A package shows how it is used; an app may be something to look at. */
function hasSnippets(readme: string): boolean {
  return blocks(readFileSync(join(root, readme), "utf8")).some(({ language }) => language === "ts");
}

describe.each(readmes)("$readme", ({ readme, folder }) => {
  const snippets = blocks(readFileSync(join(root, readme), "utf8")).filter(({ language }) => language === "ts");

  test.each(snippets)("the snippet on line $line prints what its comments say", { concurrent: false }, ({ code }) => {
    const { lines, status, errors } = runSnippet(code, join(root, folder));
    expect(errors).toBe("");
    expect(lines).toEqual(expectedLines(code));
    expect(status).toBe(0);
  });
});

describe("a snippet", () => {
  const folder = join(root, "apps/examples");

  test("is taken from its fence, with its place", () => {
    const markdown = [
      "# Title",
      "```ts",
      "one();",
      "```",
      "  ```sh",
      "  npm install",
      "  ```",
      "~~~ts",
      "```",
      "~~~",
    ].join("\n");
    expect(blocks(markdown)).toEqual([
      { language: "ts", code: "one();\n", line: 3 },
      { language: "sh", code: "npm install\n", line: 6 },
      { language: "ts", code: "```\n", line: 9 },
    ]);
  });

  test("that does not end is an error", () => {
    expect(() => blocks("text\n```ts\none();\n")).toThrow("begins on line 2");
  });

  test("says line by line what it prints", () => {
    const code = 'const a: number = 1;\nconsole.log(a); // -> 1\nconsole.log("x\\ny"); // -> x\n// -> y\n';
    expect(expectedLines(code)).toEqual(["1", "x", "y"]);
    expect(runSnippet(code, folder)).toEqual({ lines: ["1", "x", "y"], status: 0, errors: "" });
  });

  test("reads a package of the workspace as source", () => {
    const code =
      'import * as package_ from "@gradproof/arithmetic";\nconsole.log(import.meta.resolve("@gradproof/arithmetic"));';
    expect(runSnippet(code, folder).lines[0]).toMatch(/packages\/arithmetic\/src\/index\.ts$/);
  });

  test("that prints something else, or throws, is told from one that does not", () => {
    expect(runSnippet("console.log(2); // -> 1", folder).lines).not.toEqual(expectedLines("console.log(2); // -> 1"));
    const { status, errors } = runSnippet('throw new Error("no");', folder);
    expect(status).not.toBe(0);
    expect(errors).toContain("no");
  });
});
