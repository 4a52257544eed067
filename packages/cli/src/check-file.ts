import { caseBytes } from "./case-bytes.ts";
import { type CheckBytesOptions, checkBytes } from "./check-bytes.ts";
import type { CheckedFile } from "./checked-file.ts";
import { unjudged } from "./unjudged.ts";

/** Of `checkBytes`; the name is the file's path unless given. */
export type CheckFileOptions = Partial<CheckBytesOptions>;

/**
 * Reads a case file and judges its gradients. Never throws: what cannot be judged, and a fault of gradproof, are results.
 *
 * @example
 * ```ts
 * const { verdict } = checkFile("no-such-file.safetensors");
 * console.log(verdict); // -> error
 * ```
 */
export function checkFile(path: string, { name = path, ...options }: CheckFileOptions = {}): CheckedFile {
  try {
    return checkBytes(caseBytes(path), { name, ...options });
  } catch (error) {
    return unjudged(name, error);
  }
}
