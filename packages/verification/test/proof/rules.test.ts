import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notCovered, rules } from "../../src/proof/rules.ts";

const root = join(import.meta.dirname, "../../../..");

test.each([...rules, ...notCovered].map(({ rule, test }) => ({ rule, test })))(
  "the test of an assumption is there: $test",
  ({ test }) => {
    const [file = "", title = ""] = test.split(" › ");
    expect(existsSync(join(root, file))).toBe(true);
    expect(title).not.toBe("");
    expect(readFileSync(join(root, file), "utf8")).toContain(title);
  },
);
