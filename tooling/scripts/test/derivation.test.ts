import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { claims } from "@gradproof/verification";
import { describe, expect, test } from "vitest";
import { runClaims, seed, withClaimTables } from "../src/derivation/claim-tables.ts";
import { claimsReport } from "../src/derivation/claims-report.ts";
import { pasted } from "../src/derivation/pasted.ts";
import { tagProblems, tagsInDocument, tagsInSource } from "../src/derivation/tags.ts";

const root = resolve(import.meta.dirname, "../../..");
const path = "apps/docs/derivation.md";
const derivation = readFileSync(join(root, path), "utf8");
const sources = globSync("packages/rnn/src/**/*.ts", { cwd: root })
  .map((file) => file.replaceAll("\\", "/"))
  .sort()
  .map((file) => ({ path: file, source: readFileSync(join(root, file), "utf8") }));

function problemsWith(document: string, code = sources): string[] {
  return tagProblems(
    code.flatMap((file) => tagsInSource(file.path, file.source)),
    tagsInDocument(path, document),
  );
}

describe("tags of equations", () => {
  test("are the same in rnn's code and in the derivation", () => {
    expect(problemsWith(derivation)).toEqual([]);
    const { equations } = tagsInDocument(path, derivation);
    expect(equations.map(({ tag }) => tag)).toEqual(expect.arrayContaining(["F1", "B3", "B12", "L2", "S3"]));
  });

  test("that the derivation lacks are named with their place in the code", () => {
    const without = derivation.replace("\\tag{B3}", "").replace("| (B7)", "| B7");
    expect(problemsWith(without)).toEqual([
      expect.stringMatching(/^packages\/rnn\/src\/.+:\d+: \(B3\) has no equation in the document$/),
      expect.stringMatching(/^packages\/rnn\/src\/.+:\d+: \(B7\) has no equation in the document$/),
      expect.stringMatching(/^apps\/docs\/derivation\.md:\d+: \(B3\) is mentioned, and no equation has that tag$/),
    ]);
  });

  test("that the code lacks are named with their place in the derivation", () => {
    const code = sources.map((file) => ({ ...file, source: file.source.replaceAll("(B11)", "") }));
    expect(problemsWith(derivation, code)).toEqual([
      expect.stringMatching(/^apps\/docs\/derivation\.md:\d+: \(B11\) is in no comment of the code$/),
    ]);
  });

  test("stand for one equation each", () => {
    expect(problemsWith(`${derivation}\n$a = b \\tag{F1}$\n`)).toEqual([
      expect.stringMatching(/^apps\/docs\/derivation\.md:\d+: \(F1\) is the tag of another equation already$/),
    ]);
  });

  test("are read from comments alone, with their lines", () => {
    const source =
      'const a = f(B1); // (B2) and (B10)\nconst b = "(B3)";\n/**\n * (F1) u\n * (see B4), (b5), (B)\n */\n';
    expect(tagsInSource("a.ts", source)).toEqual([
      { tag: "B2", path: "a.ts", line: 1 },
      { tag: "B10", path: "a.ts", line: 1 },
      { tag: "F1", path: "a.ts", line: 4 },
    ]);
  });
});

describe("tables of claims", () => {
  const runs = runClaims(seed);

  test("are in the derivation as the tests give them; else run `pnpm notes --write`", () => {
    expect(derivation).toBe(withClaimTables(derivation, runs));
  });

  test("a stale one is seen", () => {
    const stale = derivation.replace("w_nn = 1, u = 0: ∂h_1/∂h_0 = 1", "w_nn = 1, u = 0: ∂h_1/∂h_0 = 2");
    expect(stale).not.toBe(derivation);
    expect(withClaimTables(stale, runs)).toBe(derivation);
  });

  test("hold every claim once", () => {
    for (const { row, statement } of claims) {
      const cell = statement.replaceAll(/[|*]/g, "\\$&");
      expect(derivation.split(` ${cell} (`), `${row}: ${statement}`).toHaveLength(2);
    }
  });

  test("print with a line of sums, and say what failed", () => {
    const report = claimsReport(runs);
    expect(report).toContain("0 failed");
    expect(report).toMatch(/Eq\. 15 +exact +40 +\d+ +40\/40 {2}the loss of step 2/);
    const [first] = runs;
    expect(first).toBeDefined();
    if (first) expect(claimsReport([{ ...first, failure: "it does not hold" }])).toContain("FAILED: it does not hold");
  });
});

test("text is pasted between its marks, and marks that are not there are an error", () => {
  expect(pasted("a\n<!-- t -->\nold\n<!-- /t -->\nb\n", "t", "| new |\n")).toBe(
    "a\n<!-- t -->\n\n| new |\n\n<!-- /t -->\nb\n",
  );
  expect(() => pasted("a\n<!-- t -->\n", "t", "")).toThrow("the document has no <!-- t -->");
});
