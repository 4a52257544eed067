import { readFileSync, statSync } from "node:fs";
import { ReadError } from "./read-error.ts";

/** A case is judged in memory, its numbers several times over. */
const largestFile = 2 ** 30;

const sentences: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file: part of the path is not a folder",
  EACCES: "the file may not be read (permission denied)",
  EPERM: "the file may not be read (not permitted)",
  ELOOP: "the path leads through too many symbolic links",
  ENAMETOOLONG: "the name is longer than the file system allows",
};

/**
 * The bytes of a whole file.
 *
 * @throws ReadError where there is none, it is no regular file, may not be read, or is beyond what is judged in memory.
 */
export function caseBytes(path: string): Uint8Array {
  try {
    const status = statSync(path);
    if (status.isDirectory()) {
      throw new ReadError("this is a folder; expected a .safetensors or .npz file; next: name the files in it");
    }
    if (!status.isFile()) throw new ReadError("this is not a regular file; expected a .safetensors or .npz file");
    if (status.size > largestFile) {
      const size = `the file is ${(status.size / 2 ** 30).toFixed(1)} GiB long; at most 1 GiB is judged`;
      throw new ReadError(`${size}; next: export fewer sequences or fewer steps`);
    }
    const { buffer, byteOffset, byteLength } = readFileSync(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    if (error instanceof ReadError || !isSystemError(error)) throw error;
    throw new ReadError(sentences[error.code] ?? `the file cannot be read (${error.message})`);
  }
}

export function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error && "code" in error;
}
