import { requireBytes } from "./bytes-argument.ts";
import { FileFormatError } from "./errors.ts";
import { describeForeignFile } from "./foreign-file.ts";
import { quote } from "./quote.ts";
import { maximumHeaderBytes, parseSafetensorsHeader } from "./safetensors-header.ts";
import { indexAt } from "./shape.ts";
import { decodeElements, firstNonBoolean } from "./tensor-bytes.ts";
import type { StoredTensor, TensorFile } from "./tensor-file.ts";

/**
 * Reads a `.safetensors` file: eight bytes of header length, a JSON header, the tensors' bytes.
 *
 * Everything that the format requires is checked before a tensor is allocated, so that a file can make the reader take
 * at most a small multiple of the file's own size. NaN payloads are not kept.
 *
 * @param bytes the whole file
 * @returns its tensors in the header's order, row-major, and its `__metadata__`
 * @throws FileFormatError naming what the file breaks: header length, JSON, names, dtypes, shapes, offsets, size
 * @see https://huggingface.co/docs/safetensors for the format
 * @example
 * ```ts
 * const weight = { dtype: "F32", shape: [2, 1], data: Float32Array.of(0.5, -1) } as const;
 * const bytes = writeSafetensors({ tensors: new Map([["weight", weight]]) });
 * console.log(readSafetensors(bytes).tensors.get("weight")?.shape); // -> [ 2, 1 ]
 * ```
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  requireBytes("readSafetensors", bytes);
  const headerBytes = headerLength(bytes);
  const dataStart = 8 + headerBytes;
  const { entries, metadata } = parseSafetensorsHeader(bytes.subarray(8, dataStart), bytes.length - dataStart);
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    const data = decodeElements(dtype, bytes.subarray(dataStart + begin, dataStart + end), true);
    const tensor = { dtype, shape, data } as StoredTensor;
    requireBooleans(name, tensor);
    tensors.set(name, tensor);
  }
  return { tensors, metadata };
}

function headerLength(bytes: Uint8Array): number {
  if (bytes.length === 0) {
    const detail = "the file is empty (0 bytes); expected eight bytes of header length and a header";
    throw new FileFormatError("safetensors", "empty-file", detail);
  }
  if (bytes.length < 8) {
    const detail = `the file has ${bytes.length} bytes; expected at least the eight of the header length`;
    throw new FileFormatError("safetensors", "truncated", detail);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getBigUint64(0, true);
  const present = bytes.length - 8;
  if (length <= present && length <= maximumHeaderBytes) return Number(length);
  const foreign = describeForeignFile(bytes);
  if (foreign !== undefined) {
    const detail = `the file is ${foreign.description}; expected a .safetensors file`;
    throw new FileFormatError("safetensors", foreign.problem, detail);
  }
  const most = length <= present ? `; the format allows ${maximumHeaderBytes}` : `, but ${present} bytes follow`;
  throw new FileFormatError("safetensors", "header-length", `the header is said to be ${length} bytes long${most}`);
}

function requireBooleans(name: string, tensor: StoredTensor): void {
  if (tensor.dtype !== "BOOL") return;
  const at = firstNonBoolean(tensor.data);
  if (at < 0) return;
  const place = `tensor ${quote(name)} is BOOL but its byte at [${indexAt(tensor.shape, at)}] is ${tensor.data[at]}`;
  throw new FileFormatError("safetensors", "value", `${place}; expected 0 or 1`, { place: name });
}
