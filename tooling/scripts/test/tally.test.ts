import { describe, expect, test } from "vitest";
import type { VitestReport } from "../src/tally.ts";
import { summary, vitestTally } from "../src/tally.ts";

type File = VitestReport["testResults"][number];

const file = (status: string, ...tests: string[]): File => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});
const report = (success: boolean, ...testResults: File[]): VitestReport => ({ success, testResults });

describe("the tally of a vitest run", () => {
  test("counts the tests of all files", () => {
    const files = [file("passed", "passed", "passed", "skipped"), file("failed", "failed", "passed", "todo", "failed")];
    expect(vitestTally(report(false, ...files), 1)).toEqual({ passed: 3, failed: 2, skipped: 2 });
  });

  test("counts a file that did not load as one failure", () => {
    expect(vitestTally(report(false, file("failed"), file("passed", "passed")), 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  test("counts a file whose hook threw as one failure beside its tests", () => {
    expect(vitestTally(report(false, file("failed", "passed")), 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test.each([
    ["an unhandled error", report(false, file("passed", "passed")), 1],
    ["an exit status without a reason", report(true, file("passed", "passed")), 1],
  ])("counts %s as one failure", (_, found, exitCode) => {
    expect(vitestTally(found, exitCode)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test("counts a run without a report as one failure", () => {
    expect(vitestTally(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

test("the summary names the skipped only if there are any", () => {
  expect(summary({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
  expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe("3 passed, 1 failed, 2 skipped");
});
