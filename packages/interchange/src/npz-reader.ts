import { requireBytes } from "./bytes-argument.ts";
import { FileFormatError } from "./errors.ts";
import { describeForeignFile } from "./foreign-file.ts";
import { decodeNpy, requireNpySize } from "./npy-array.ts";
import { npyHeadBytes, parseNpyHeader } from "./npy-header.ts";
import { quote } from "./quote.ts";
import type { StoredTensor, TensorFile } from "./tensor-file.ts";
import { readZipDirectory, type ZipEntry } from "./zip-directory.ts";
import { entryBytes, entryHead } from "./zip-entry.ts";

/** Limits on what a compressed file may unfold to. */
export interface NpzOptions {
  /** Bytes that all deflated arrays of a file may hold together; 2^30 by default. Stored ones cannot exceed the file. */
  readonly maximumBytes?: number;
}

/**
 * Reads an `.npz` file: a zip archive of `.npy` arrays, stored or deflated, zip64 too.
 *
 * C and Fortran order and both byte orders are read; tensors come out row-major. 0-d text arrays (`U`, `S`) become
 * metadata. Pickled objects are refused, whatever they hold. Memory follows what the file really holds: no array is
 * allocated on the word of a header, and a compressed one is cut off where it exceeds what its headers declare.
 *
 * @param bytes the whole file
 * @returns its tensors, in the archive's order, and its text arrays
 * @throws FileFormatError naming what the file breaks: directory, names, encryption, compression, CRC, dtype, size
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html and PKWARE's APPNOTE for the formats
 * @example
 * ```ts
 * const weight = { dtype: "F64", shape: [2], data: Float64Array.of(0.5, -1) } as const;
 * const bytes = writeNpz({ tensors: new Map([["weight", weight]]), metadata: new Map([["loss", "mse"]]) });
 * console.log(readNpz(bytes).metadata.get("loss")); // -> mse
 * ```
 */
export function readNpz(bytes: Uint8Array, options: NpzOptions = {}): TensorFile {
  requireBytes("readNpz", bytes);
  requireZip(bytes);
  const entries = readZipDirectory(bytes);
  requireArrays(entries, options.maximumBytes ?? 2 ** 30);
  const tensors = new Map<string, StoredTensor>();
  const metadata = new Map<string, string>();
  for (const entry of entries) {
    const name = entry.name.slice(0, -".npy".length);
    const header = parseNpyHeader(name, entryHead(entry, npyHeadBytes));
    requireNpySize(name, header, entry.size);
    const value = decodeNpy(name, header, entryBytes(entry));
    if (typeof value === "string") metadata.set(name, value);
    else tensors.set(name, value);
  }
  return { tensors, metadata };
}

function requireZip(bytes: Uint8Array): void {
  if (bytes.length === 0) {
    throw new FileFormatError(
      "npz",
      "empty-file",
      "the file is empty (0 bytes); expected a zip archive of .npy arrays",
    );
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return;
  const foreign = describeForeignFile(bytes);
  const what = foreign?.description ?? `no zip archive (it begins with the bytes ${bytes.subarray(0, 4).join(", ")})`;
  throw new FileFormatError("npz", foreign?.problem ?? "foreign-format", `the file is ${what}; expected an .npz file`);
}

function requireArrays(entries: readonly ZipEntry[], maximumBytes: number): void {
  const pickle = entries.find(({ name }) => name.endsWith("/data.pkl") || name === "data.pkl");
  if (pickle !== undefined) {
    const detail = `the archive holds ${quote(pickle.name)}: it was written by torch.save as pickled objects`;
    const next = "these are never unpickled; next: write the tensors with numpy.savez or safetensors";
    throw new FileFormatError("npz", "pickle", `${detail}, and ${next}`, { place: pickle.name });
  }
  let deflated = 0;
  for (const { name, method, size } of entries) {
    if (!name.endsWith(".npy")) {
      const detail = `the archive holds ${quote(name)}; expected only arrays, whose names end in ".npy"`;
      throw new FileFormatError("npz", "name", detail, { place: name });
    }
    if (method !== 0) deflated += size;
    if (deflated > maximumBytes) {
      const detail = `the compressed arrays are said to hold more than ${maximumBytes} bytes (up to ${quote(name)})`;
      const next = "next: raise maximumBytes, if the file is to be trusted";
      throw new FileFormatError("npz", "too-large", `${detail}; ${next}`, { place: name });
    }
  }
}
