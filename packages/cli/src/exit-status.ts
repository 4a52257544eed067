import type { CheckedFile } from "./checked-file.ts";

/** What the process ends with. 64 and 70 are those of BSD's sysexits: wrong usage, internal software error. */
export const exitStatus = { match: 0, mismatch: 1, error: 2, inconclusive: 3, usage: 64, fault: 70 } as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Worst first: what says nothing about the gradient outranks what says that it is wrong. */
const byWeight: readonly ExitStatus[] = [70, 2, 1, 3, 0];

/** The exit status of several files: the worst of theirs; 0 of none. */
export function statusOf(files: readonly Pick<CheckedFile, "verdict">[]): ExitStatus {
  const statuses = new Set<ExitStatus>(files.map(({ verdict }) => exitStatus[verdict]));
  return byWeight.find((status) => statuses.has(status)) ?? exitStatus.match;
}
