import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { moduleRequests } from "../src/house/module-requests.ts";
import { rooms } from "../src/house/rooms.ts";
import { violations } from "../src/house/violations.ts";
import type { Manifest, Member } from "../src/house/workspace.ts";
import { readWorkspace } from "../src/house/workspace.ts";

/** A small workspace that keeps the table; each test plants one thing in it. */
function sound(): Record<string, { manifest: Manifest; files: Record<string, string> }> {
  const exports = { ".": "./dist/index.js", "./simd": "./dist/simd.js" };
  const development = { vitest: "catalog:", "@gradproof/vitest-preset": "workspace:*" };
  const member = (name: string, dependencies: Record<string, string>, files: Record<string, string>) => ({
    manifest: { name, exports, dependencies, devDependencies: development },
    files: {
      "src/index.ts": 'export { one } from "./one.ts";',
      "vitest.config.ts": 'import "@gradproof/vitest-preset";',
      ...files,
    },
  });
  const onArithmetic = { "@gradproof/arithmetic": "workspace:*" };
  const usesArithmetic = 'import type { T } from "@gradproof/arithmetic";';
  return {
    "packages/arithmetic": member("@gradproof/arithmetic", {}, { "src/one.ts": "export const one = 1;" }),
    "packages/autodiff": member("@gradproof/autodiff", onArithmetic, { "src/one.ts": usesArithmetic }),
    "packages/rnn": member("@gradproof/rnn", onArithmetic, {
      "src/one.ts": 'import { f } from "@gradproof/arithmetic/simd";',
      "test/one.test.ts":
        'import { test } from "vitest";\nimport fs from "node:fs";\nimport { one } from "../src/one.ts";',
    }),
    "packages/verification": member(
      "@gradproof/verification",
      { ...onArithmetic, "@gradproof/autodiff": "workspace:*", "@gradproof/rnn": "workspace:*" },
      { "src/one.ts": 'import "@gradproof/rnn";\nexport { two } from "@gradproof/autodiff";' },
    ),
    "packages/cli": member(
      "gradproof",
      { commander: "catalog:" },
      { "src/one.ts": 'import "node:fs";\nimport "commander";' },
    ),
    "apps/examples": {
      manifest: { name: "@gradproof/examples", dependencies: { gradproof: "workspace:*" } },
      files: { "start.ts": 'import { run } from "gradproof";\nimport fs from "node:fs";' },
    },
    "tooling/vitest": { manifest: { name: "@gradproof/vitest-preset" }, files: {} },
  };
}

function found(plant: (workspace: ReturnType<typeof sound>) => void): readonly string[] {
  const workspace = sound();
  plant(workspace);
  const members: Member[] = Object.entries(workspace).map(([folder, { manifest, files }]) => ({
    folder,
    manifest,
    files: Object.entries(files).map(([path, source]) => ({ path, source })),
  }));
  return violations(members);
}

function plantFile(folder: string, path: string, source: string): readonly string[] {
  return found((workspace) => {
    const member = workspace[folder];
    if (member) member.files[path] = source;
  });
}

function plantDependency(folder: string, field: keyof Manifest, name: string): readonly string[] {
  return found((workspace) => {
    const member = workspace[folder];
    if (member)
      member.manifest = {
        ...member.manifest,
        [field]: { ...(member.manifest[field] as object), [name]: "workspace:*" },
      };
  });
}

describe("the table of the house", () => {
  test("has nothing against a workspace that keeps it", () => {
    expect(found(() => {})).toEqual([]);
  });

  test("lets an app, and no package, import what a bundler makes", () => {
    const source = 'import { table } from "virtual:table";';
    expect(plantFile("apps/examples", "table.ts", source)).toEqual([]);
    expect(plantFile("packages/rnn", "src/two.ts", source)).toEqual([expect.stringContaining("virtual:table")]);
  });

  test("keeps the three that check one another apart", () => {
    const three = ["autodiff", "rnn", "diagnostics"];
    const others = three.map((room) => `@gradproof/${room}`);
    for (const room of three) expect(rooms[room]?.imports.filter((name) => others.includes(name))).toEqual([]);
  });

  test.each([
    ["a value", 'import { grad } from "@gradproof/autodiff";'],
    ["a type", 'import type { Node } from "@gradproof/autodiff";'],
    ["a type in place", 'export type N = import("@gradproof/autodiff").Node;'],
    ["a re-export", 'export { grad } from "@gradproof/autodiff";'],
    ["everything", 'export * from "@gradproof/autodiff";'],
    ["an import at run time", 'export const later = () => import("@gradproof/autodiff");'],
    ["require", 'const a = require("@gradproof/autodiff");'],
    ["a resolved name", 'const url = import.meta.resolve("@gradproof/autodiff");'],
    ["a worker's address", 'const url = new URL("@gradproof/autodiff", import.meta.url);'],
    ["a path into it", 'import { grad } from "../../autodiff/src/one.ts";'],
  ])("refuses an arrow that it does not have: %s", (_, source) => {
    expect(plantFile("packages/rnn", "src/two.ts", `\n${source}`)).toEqual([
      expect.stringMatching(/^packages\/rnn\/src\/two\.ts:2: imports .*(does not allow|outside its package)/),
    ]);
    expect(plantFile("packages/rnn", "test/two.test.ts", source)).toHaveLength(1);
  });

  test.each(["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"] as const)(
    "refuses a package.json with an arrow that it does not have: %s",
    (field) => {
      expect(plantDependency("packages/rnn", field, "@gradproof/autodiff")).toEqual([
        expect.stringContaining("packages/rnn/package.json: depends on @gradproof/autodiff"),
      ]);
    },
  );

  test.each(["packages/arithmetic", "packages/autodiff", "packages/rnn"])(
    "refuses a package of others in %s",
    (folder) => {
      expect(plantDependency(folder, "dependencies", "fflate")).toHaveLength(1);
      expect(plantFile(folder, "src/two.ts", 'import { zip } from "fflate";')).toHaveLength(1);
    },
  );

  test("lets a package of others in where it lists it, once declared", () => {
    expect(plantFile("packages/cli", "src/two.ts", 'import pc from "picocolors";')).toEqual([
      "packages/cli/src/two.ts:1: imports picocolors, which its package.json does not declare",
    ]);
  });

  test("refuses what is only declared for development in what is published", () => {
    expect(plantFile("packages/rnn", "src/two.ts", 'import { test } from "vitest";')).toHaveLength(1);
    expect(plantFile("packages/rnn", "src/two.ts", 'import "../test/one.test.ts";')).toHaveLength(1);
  });

  test("refuses the inside of another package", () => {
    expect(plantFile("packages/rnn", "src/two.ts", 'import "@gradproof/arithmetic/src/one.ts";')).toHaveLength(1);
  });

  test("refuses Node's modules where the package also runs elsewhere", () => {
    expect(plantFile("packages/rnn", "src/two.ts", 'import "node:fs";')).toHaveLength(1);
    expect(plantFile("packages/rnn", "src/two.ts", 'import "fs";')).toHaveLength(1);
  });

  test("refuses a computed name", () => {
    expect(plantFile("packages/cli", "src/two.ts", "export const load = (name: string) => import(name);")).toHaveLength(
      1,
    );
  });

  test("refuses a package's own index.ts inside it", () => {
    expect(plantFile("packages/rnn", "src/two.ts", 'import { one } from "./index.ts";')).toHaveLength(1);
    expect(plantFile("packages/rnn", "src/deep/two.ts", 'import { one } from "../index.ts";')).toHaveLength(1);
    expect(plantFile("packages/rnn", "test/two.test.ts", 'import { one } from "../src/index.ts";')).toHaveLength(1);
    expect(plantFile("packages/rnn", "src/two.ts", 'import { one } from "@gradproof/rnn";')).toHaveLength(1);
  });

  test.each([
    'export * from "./one.ts";',
    'export * as one from "./one.ts";',
    "export const two = 2;",
    'import { one } from "./one.ts";\nexport { one };',
    'import "./one.ts";',
    'export { default } from "./one.ts";\nconsole.log(1);',
  ])("refuses an index.ts that is more than named re-exports: %s", (source) => {
    expect(plantFile("packages/rnn", "src/index.ts", source)).not.toEqual([]);
  });

  test("refuses an import of an app", () => {
    expect(plantFile("packages/cli", "src/two.ts", 'import "@gradproof/examples";')).toHaveLength(1);
  });

  test("refuses what an app does not declare", () => {
    expect(plantFile("apps/examples", "two.ts", 'import "@gradproof/rnn";')).toHaveLength(1);
  });

  test("refuses a package that it does not know", () => {
    const unknown = { manifest: { name: "@gradproof/new" }, files: {} };
    expect(found((workspace) => Object.assign(workspace, { "packages/new": unknown }))).toHaveLength(1);
  });

  test("names the place of a source that it cannot read", () => {
    expect(plantFile("packages/rnn", "src/two.ts", "\n\nexport const = ;")).toEqual([
      expect.stringMatching(/^packages\/rnn\/src\/two\.ts:3: /),
    ]);
  });
});

test("names in comments and strings are not imports", () => {
  expect(moduleRequests("a.ts", '// import "a";\nconst text = \'import "b"\';\nnew URL("c", base);')).toEqual([]);
});

test("a folder with a package.json of its own may use what that declares, and its package may not", () => {
  const root = mkdtempSync(join(tmpdir(), "gradproof-house-"));
  const files = {
    "tooling/bench/package.json": "{}",
    "tooling/bench/peers/package.json": '{ "dependencies": { "library": "1.0.0" } }',
    "tooling/bench/peers/one.ts": 'import "library";',
    "tooling/bench/src/two.ts": 'import "library";',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const found = violations(readWorkspace(root));
  rmSync(root, { recursive: true });
  expect(found).toEqual(["tooling/bench/src/two.ts:1: imports library, which its package.json does not declare"]);
});
