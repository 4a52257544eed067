/** How many tests and checks passed, failed and were skipped. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Tally = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** One check that is not a test runner's. */
export function check(passed: boolean): Tally {
  return passed ? { ...none, passed: 1 } : { ...none, failed: 1 };
}

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * The tests of a vitest run. A file that failed without a failed test in it (it did not load, or a hook threw) is one
 * failure, and so is a run that failed without a failure to show: an unhandled error, or no report at all.
 */
export function vitestTally(report: VitestReport | undefined, exitCode: number): Tally {
  const tally = (report?.testResults ?? [])
    .map((file) => {
      const count = (...statuses: string[]): number =>
        file.assertionResults.filter(({ status }) => statuses.includes(status)).length;
      const failed = count("failed");
      return {
        passed: count("passed"),
        failed: file.status === "failed" ? Math.max(failed, 1) : failed,
        skipped: count("skipped", "pending", "todo", "disabled"),
      };
    })
    .reduce(add, none);
  const failedSilently = tally.failed === 0 && (exitCode !== 0 || report?.success !== true);
  return failedSilently ? { ...tally, failed: 1 } : tally;
}

/** `12 passed, 0 failed`, and `, 1 skipped` if any was. */
export function summary({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
