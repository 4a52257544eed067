import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const sources = join(import.meta.dirname, "../../src");

/** The files that a module loads, itself among them. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, specifier] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) {
    loadedBy(join(dirname(file), specifier), seen);
  }
  return seen;
}

test("both variants of the kernels take at most 25 kB compressed", () => {
  const bytes = gzipSync(readFileSync(join(sources, "simd/generated/kernels.ts")), { level: 9 }).length;
  console.log(`kernels, both variants, gzipped: ${bytes} bytes`);
  expect(bytes).toBeLessThanOrEqual(25_000);
});

test("the package's main entry loads none of them", () => {
  const isSimd = (file: string): boolean => file.startsWith(join(sources, "simd"));
  expect([...loadedBy(join(sources, "index.ts"))].filter(isSimd)).toEqual([]);
  expect([...loadedBy(join(sources, "simd/index.ts"))].filter(isSimd).length).toBeGreaterThan(4);
});
