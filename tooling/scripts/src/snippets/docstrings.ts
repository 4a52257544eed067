import { parseSync } from "oxc-parser";
import { parseModule } from "../house/module-requests.ts";
import type { Block } from "./blocks.ts";
import { blocks } from "./blocks.ts";

/** The `ts` blocks of a source's docstrings. */
export function docstringExamples(path: string, source: string): Block[] {
  return parseSync(path, source)
    .comments.filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .flatMap(({ start, value }) => {
      const line = source.slice(0, start).split("\n").length;
      const text = value.replaceAll(/^\s*\* ?/gm, (prefix) => (prefix.includes("\n") ? "\n" : ""));
      return blocks(text).map((block) => ({ ...block, line: line + block.line - 1 }));
    })
    .filter(({ language }) => language === "ts");
}

/** The names of the values that an index.ts exports. */
export function exportedNames(path: string, source: string): string[] {
  const { program } = parseModule(path, source);
  return program.body.flatMap((node) =>
    node.type === "ExportNamedDeclaration" && node.exportKind !== "type"
      ? node.specifiers.flatMap(({ exported, exportKind }) =>
          exported.type === "Identifier" && exportKind !== "type" ? exported.name : [],
        )
      : [],
  );
}

/**
 * A docstring's example with the imports that it leaves to the reader: what it names of the packages given, and `op`, the
 * operations of arithmetic. An example with imports of its own stays as it is.
 */
export function withImports(code: string, packages: Readonly<Record<string, readonly string[]>>): string {
  if (/^import /m.test(code)) return code;
  const taken = new Set<string>();
  const imports = Object.entries(packages).flatMap(([name, exported]) => {
    const used = exported.filter((word) => !taken.has(word) && new RegExp(`(?<![.\\w$])${word}(?![\\w$])`).test(code));
    for (const word of used) taken.add(word);
    return used.length > 0 ? [`import { ${used.join(", ")} } from "${name}";\n`] : [];
  });
  if (/(?<![.\w$])op\.\w/.test(code)) imports.unshift('import * as op from "@gradproof/arithmetic/operations";\n');
  return imports.join("") + code;
}
