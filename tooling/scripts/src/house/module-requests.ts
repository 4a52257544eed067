import type { Argument, Expression, Program } from "oxc-parser";
import { parseSync, Visitor } from "oxc-parser";

/** A place where a module names another. */
export interface ModuleRequest {
  /** The name as written; undefined where it is computed, and so cannot be checked. */
  readonly specifier: string | undefined;
  readonly line: number;
}

/** Thrown for a source that is not TypeScript. */
export class SyntaxProblem extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = "SyntaxProblem";
    this.line = line;
  }
}

export function parseModule(path: string, source: string): { program: Program; lineAt: (offset: number) => number } {
  const { program, errors } = parseSync(path, source);
  const lineAt = (offset: number): number => source.slice(0, offset).split("\n").length;
  const error = errors[0];
  if (error) throw new SyntaxProblem(error.message, lineAt(error.labels[0]?.start ?? 0));
  return { program, lineAt };
}

/**
 * Every module that a source names: imports and re-exports (of types too), `import()`, `import("...")` as a type,
 * `require`, `import.meta.resolve`, and `new URL("...", import.meta.url)`, by which workers are started.
 */
export function moduleRequests(path: string, source: string): ModuleRequest[] {
  const { program, lineAt } = parseModule(path, source);
  const requests: ModuleRequest[] = [];
  const add = (node: Expression | Argument | undefined, at: number): void => {
    const literal = node?.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
    requests.push({ specifier: literal, line: lineAt(at) });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.start),
    ExportAllDeclaration: (node) => add(node.source, node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source, node.start);
    },
    ImportExpression: (node) => add(node.source, node.start),
    TSImportType: (node) => add(node.source, node.start),
    CallExpression: (node) => {
      const { callee } = node;
      const isRequire = callee.type === "Identifier" && callee.name === "require";
      const isResolve =
        callee.type === "MemberExpression" && source.slice(callee.start, callee.end) === "import.meta.resolve";
      if (isRequire || isResolve) add(node.arguments[0], node.start);
    },
    NewExpression: (node) => {
      const [target, base] = node.arguments;
      if (node.callee.type !== "Identifier" || node.callee.name !== "URL" || !base) return;
      if (source.slice(base.start, base.end) === "import.meta.url") add(target, node.start);
    },
  }).visit(program);
  return requests;
}
