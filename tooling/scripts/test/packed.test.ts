import { describe, expect, test } from "vitest";
import { contentProblems, manifestProblems } from "../src/packed/tarball.ts";

describe("a tarball", () => {
  const sound = [
    "LICENSE",
    "README.md",
    "dist/index.d.ts",
    "dist/index.js",
    "dist/deep/one.js",
    "package.json",
    "texts/README.md",
    "texts/one.txt",
  ];

  test("holds what is built and what explains it", () => {
    expect(contentProblems({ contents: sound })).toEqual([]);
  });

  test.each([
    "src/index.ts",
    "dist/index.ts",
    "test/one.test.ts",
    "dist/tsconfig.tsbuildinfo",
    ".types/src/index.d.ts",
    "texts/one.ts",
  ])("does not hold %s", (path) => {
    expect(contentProblems({ contents: [...sound, path] })).toEqual([`ships ${path}`]);
  });

  test.each(["LICENSE", "dist/index.js", "dist/index.d.ts"])("does not lack %s", (path) => {
    expect(contentProblems({ contents: sound.filter((other) => other !== path) })).toEqual([`lacks ${path}`]);
  });

  test("does not speak of the workspace in its package.json", () => {
    expect(manifestProblems('{ "dependencies": { "@gradproof/arithmetic": "0.1.0" } }')).toEqual([]);
    expect(manifestProblems('{ "dependencies": { "@gradproof/arithmetic": "workspace:*" } }')).toHaveLength(1);
    expect(manifestProblems('{ "exports": { ".": { "@gradproof/source": "./src/index.ts" } } }')).toHaveLength(1);
  });
});
