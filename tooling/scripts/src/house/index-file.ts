import { parseModule } from "./module-requests.ts";

/** What an index.ts holds besides explicit named re-exports, which is all it may hold. */
export function indexProblems(path: string, source: string): { line: number; what: string }[] {
  const { program, lineAt } = parseModule(path, source);
  return program.body
    .filter((node) => node.type !== "ExportNamedDeclaration" || !node.source)
    .map((node) => ({
      line: lineAt(node.start),
      what:
        node.type === "ExportAllDeclaration"
          ? "re-exports everything; an index.ts names what it exports"
          : "an index.ts holds named re-exports and nothing else",
    }));
}
