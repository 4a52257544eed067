import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isSystemError } from "./case-bytes.ts";
import { writeWhole } from "./whole-file.ts";

/** A report, or another file, that cannot be written where it was asked for. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  readonly path: string;
  constructor(path: string, what: string, kind = "report") {
    super(`the ${kind} ${path} cannot be written: ${what}`);
    this.path = path;
  }
}

/**
 * Makes sure, before any work, that a report can be written to a path; makes its folder.
 *
 * @throws ReportError where it cannot, and where the name does not end in .html or .htm: it might be a file to be checked.
 */
export function prepareReport(path: string): void {
  prepareFile(path, ["html", "htm"], "report");
}

/** The same for a file of another kind, by what its name may end in. */
export function prepareFile(path: string, endings: readonly string[], kind: string): void {
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (!path.includes(".") || !endings.includes(ending)) {
    throw new ReportError(path, `expected a name that ends in .${endings[0]}`, kind);
  }
  attempt(path, kind, () => {
    mkdirSync(dirname(path), { recursive: true });
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new ReportError(path, "it is a folder", kind);
  });
}

/**
 * Writes a report: whole or not at all, so that an older report stays until then, and where writing fails.
 *
 * @throws ReportError where it cannot be written.
 */
export function writeReport(path: string, html: string): void {
  prepareReport(path);
  writeFile(path, html, "report");
}

/** The same for a file of another kind, once it is prepared. */
export function writeFile(path: string, text: string, kind: string): void {
  attempt(path, kind, () => writeWhole(path, Buffer.from(text)));
}

function attempt(path: string, kind: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new ReportError(path, error.message, kind);
  }
}
