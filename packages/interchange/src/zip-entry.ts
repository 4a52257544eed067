import { Inflate } from "fflate";
import { crc32 } from "./crc32.ts";
import { FileFormatError, type FileProblem } from "./errors.ts";
import { quote } from "./quote.ts";
import type { ZipEntry } from "./zip-directory.ts";

/** What one byte of deflate can stand for at most: two bits for a run of 258 bytes. */
export const maximumDeflateRatio = 1032;

/** Compressed bytes that may give nothing: a stored block is 65,535 bytes long and comes out whole. */
const maximumSilence = 0x20000;

const compressionMethods: Readonly<Record<number, string>> = {
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "xz",
  99: "AES encryption",
};

function refuse(entry: ZipEntry, problem: FileProblem, detail: string): FileFormatError {
  return new FileFormatError("npz", problem, `entry ${quote(entry.name)} ${detail}`, { place: entry.name });
}

/** The first bytes of an entry, up to `most` of them, unchecked: enough to see what the whole will be. */
export function entryHead(entry: ZipEntry, most: number): Uint8Array {
  if (entry.method === 8) return inflate(entry, Math.min(most, entry.size));
  requireStored(entry);
  return entry.data.subarray(0, most);
}

/** The bytes of an entry, checked against its size and CRC. Stored ones are a view into the archive. */
export function entryBytes(entry: ZipEntry): Uint8Array {
  if (entry.method !== 8) requireStored(entry);
  const bytes = entry.method === 8 ? inflate(entry, entry.size + 1) : entry.data;
  if (bytes.length !== entry.size) {
    throw refuse(entry, "size", `is said to hold ${entry.size} bytes but holds ${bytes.length}; expected them equal`);
  }
  const crc = crc32(bytes);
  if (crc !== entry.crc) {
    const values = `${hexadecimal(crc)}, the archive says ${hexadecimal(entry.crc)}`;
    throw refuse(entry, "checksum", `has the CRC-32 ${values}; its bytes have been damaged`);
  }
  return bytes;
}

function hexadecimal(value: number): string {
  return `0x${value.toString(16).padStart(8, "0")}`;
}

function requireStored(entry: ZipEntry): void {
  if (entry.method !== 0) {
    const known = compressionMethods[entry.method];
    const method = `${entry.method}${known === undefined ? "" : ` (${known})`}`;
    const next = "numpy.savez and numpy.savez_compressed write these";
    throw refuse(entry, "compression-method", `is compressed by method ${method}; expected 0 or 8: ${next}`);
  }
  if (entry.data.length !== entry.size) {
    const detail = `is stored in ${entry.data.length} bytes but said to hold ${entry.size}; expected them equal`;
    throw refuse(entry, "size", detail);
  }
}

/**
 * Inflates until `stopAt` bytes are there or the stream ends. The compressed bytes go in piece by piece, and what comes
 * out is counted as it comes, so that memory follows what the data really holds.
 */
function inflate(entry: ZipEntry, stopAt: number): Uint8Array {
  const { data, size } = entry;
  if (size > data.length * maximumDeflateRatio) {
    const detail = `is said to hold ${size} bytes, more than any ${data.length} bytes of deflate can`;
    throw refuse(entry, "too-large", detail);
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((piece) => {
    if (piece.length > 0) pieces.push(piece);
    length += piece.length;
  });
  // A piece can come out 1032 times its length: small pieces, unless much is to come.
  const step = Math.min(Math.max(1024, Math.ceil(stopAt / maximumDeflateRatio)), 0x10000);
  let silence = 0;
  for (let at = 0; at < data.length && length < stopAt; at += step) {
    const before = length;
    try {
      stream.push(data.subarray(at, at + step), at + step >= data.length);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw refuse(entry, "deflate", `is not deflate data (${reason}) after ${length} of ${size} bytes`);
    }
    silence = length === before ? silence + step : 0;
    if (silence > maximumSilence) {
      throw refuse(entry, "deflate", `gives nothing for ${silence} compressed bytes after ${length} of ${size} bytes`);
    }
  }
  if (length > size) throw refuse(entry, "size", `is said to hold ${size} bytes but holds more`);
  return join(pieces, length);
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
