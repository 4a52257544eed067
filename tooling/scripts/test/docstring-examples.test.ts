import { existsSync, globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { docstringExamples, exportedNames, withImports } from "../src/snippets/docstrings.ts";
import { expectedLines, runSnippet } from "../src/snippets/run.ts";

const root = resolve(import.meta.dirname, "../../..");
const ours = "@gradproof/";

/** What the packages that an example of a room may use export: itself first, then its dependencies. */
function packagesOf(room: string): Record<string, string[]> {
  const manifest = JSON.parse(readFileSync(join(root, "packages", room, "package.json"), "utf8")) as {
    name: string;
    dependencies?: Record<string, string>;
  };
  const dependencies = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith(ours));
  const rooms: [string, string][] = [
    [manifest.name, room],
    ...dependencies.map((name): [string, string] => [name, name.slice(ours.length)]),
  ];
  return Object.fromEntries(
    rooms.flatMap(([name, folder]) => {
      const index = join(root, "packages", folder, "src/index.ts");
      return existsSync(index) ? [[name, exportedNames(index, readFileSync(index, "utf8"))]] : [];
    }),
  );
}

/** The examples that print; one that does not is an illustration. */
const examples = globSync("packages/*/src/**/*.ts", { cwd: root }).flatMap((path) => {
  const [, room = ""] = path.replaceAll("\\", "/").split("/");
  return docstringExamples(path, readFileSync(join(root, path), "utf8"))
    .filter(({ code }) => code.includes("console.log("))
    .map(({ code, line }) => ({ room, code, place: `${path}:${line}` }));
});

test.each(examples)("the example at $place prints what its comments say", ({ room, code }) => {
  const { lines, errors } = runSnippet(withImports(code, packagesOf(room)), join(root, "packages", room));
  expect(errors).toBe("");
  expect(lines).toEqual(expectedLines(code));
});

describe("an example", () => {
  const source = [
    "/** Nothing here. */",
    "export const one = 1;",
    "",
    "/**",
    " * Doubles.",
    " *",
    " * @example",
    " * ```ts",
    " * console.log(twice(one)); // -> 2",
    " * ```",
    " */",
    "export const twice = (x: number) => 2 * x;",
    "/* ```ts",
    "not a docstring",
    "``` */",
  ].join("\n");

  test("is taken from its docstring, with its place", () => {
    expect(docstringExamples("a.ts", source)).toEqual([
      { language: "ts", code: "console.log(twice(one)); // -> 2\n", line: 9 },
    ]);
  });

  test("gets the imports of the values that it names", () => {
    const index = 'export { one, type T, twice } from "./a.ts";\nexport type { U } from "./b.ts";\n';
    expect(exportedNames("index.ts", index)).toEqual(["one", "twice"]);
    const packages = { "@gradproof/a": ["one", "twice"], "@gradproof/b": ["one", "two"] };
    expect(withImports("twice(one, x.two, twones);", packages)).toBe(
      'import { one, twice } from "@gradproof/a";\ntwice(one, x.two, twones);',
    );
    expect(withImports('import { one } from "x";\none();', packages)).toBe('import { one } from "x";\none();');
  });
});
