import { FileFormatError, type FileProblem } from "./errors.ts";
import { quote } from "./quote.ts";
import { fromUtf8 } from "./text-encoding.ts";
import { type DirectoryPlace, findDirectory, safeNumber } from "./zip-end.ts";

/** One file of an archive: what the directory says of it, and its bytes as they stand in the archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes once decompressed, as the directory declares them. Nothing is allocated on their word. */
  readonly size: number;
  /** The stored or compressed bytes: a view into the archive. */
  readonly data: Uint8Array;
}

// Signatures and field offsets: PKWARE's APPNOTE, 4.3.7 (local header), 4.3.12 (directory), 4.5.3 (zip64 extra field).
const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;

/** Set in a 32-bit field whose value stands in the zip64 extra field instead. */
const elsewhere32 = 0xffffffff;

/** A central directory's record of a file, before its data has been found. */
interface DirectoryRecord {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localOffset: number;
}

function refuse(problem: FileProblem, detail: string, place?: string): FileFormatError {
  return new FileFormatError("npz", problem, detail, { place });
}

/**
 * The files of a zip archive, from its central directory, each checked to lie inside the archive and apart from the
 * others. Archives on several disks, with something before or behind them, or encrypted are refused.
 */
export function readZipDirectory(bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = findDirectory(view);
  const records = readRecords(bytes, view, directory);
  const spans: { start: number; end: number; name: string }[] = [];
  const entries = records.map((record) => {
    const start = dataStart(bytes, view, record);
    const end = start + record.compressedSize;
    if (end > directory.offset) {
      const detail = `entry ${quote(record.name)} of ${record.compressedSize} bytes from byte ${start} runs past the`;
      throw refuse("zip-entry", `${detail} directory at byte ${directory.offset}`, record.name);
    }
    spans.push({ start: record.localOffset, end, name: record.name });
    const { name, method, crc, size } = record;
    return { name, method, crc, size, data: bytes.subarray(start, end) };
  });
  requireApart(spans);
  return entries;
}

/** Entries that share bytes are how a small archive declares any amount of data. */
function requireApart(spans: { start: number; end: number; name: string }[]): void {
  let before = { end: 0, name: "" };
  for (const span of spans.sort((a, b) => a.start - b.start)) {
    if (span.start < before.end) {
      const detail = `entry ${quote(span.name)} at byte ${span.start} overlaps entry ${quote(before.name)}`;
      throw refuse("overlap", `${detail}, which ends at byte ${before.end}`, span.name);
    }
    before = span;
  }
}

function readRecords(bytes: Uint8Array, view: DataView, directory: DirectoryPlace): DirectoryRecord[] {
  const records: DirectoryRecord[] = [];
  const names = new Set<string>();
  let at = directory.offset;
  // Each record takes at least 46 bytes of the file, so that its count allocates nothing by itself.
  while (at < directory.end) {
    if (at + 46 > directory.end || view.getUint32(at, true) !== centralHeader) {
      throw refuse("zip-directory", `no directory record stands at byte ${at}, where the last one ends`);
    }
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const end = extraEnd + view.getUint16(at + 32, true);
    if (end > directory.end) {
      throw refuse("zip-directory", `the directory record at byte ${at} runs past the directory's end`);
    }
    const nameBytes = bytes.subarray(at + 46, nameEnd);
    const name = fromUtf8(nameBytes);
    if (name === undefined) throw refuse("name", `the name of the entry at byte ${at} is not UTF-8`);
    if (names.has(name)) throw refuse("duplicate-name", `the archive has ${quote(name)} twice`, name);
    names.add(name);
    const flags = view.getUint16(at + 8, true);
    if (flags & 0x2041) throw refuse("encrypted", `entry ${quote(name)} is encrypted; expected plain entries`, name);
    const sizes = readSizes(view, at, nameEnd, extraEnd, name);
    const method = view.getUint16(at + 10, true);
    records.push({ name, nameBytes, method, crc: view.getUint32(at + 16, true), ...sizes });
    at = end;
  }
  if (records.length !== directory.count) {
    const detail = `the directory holds ${records.length} entries, but its end says ${directory.count}`;
    throw refuse("zip-directory", detail);
  }
  return records;
}

/** Sizes and place of an entry; each that is set to all ones stands in the zip64 extra field, in this order. */
function readSizes(view: DataView, at: number, extraStart: number, extraEnd: number, name: string) {
  let size = view.getUint32(at + 24, true);
  let compressedSize = view.getUint32(at + 20, true);
  let localOffset = view.getUint32(at + 42, true);
  if (![size, compressedSize, localOffset].includes(elsewhere32)) return { size, compressedSize, localOffset };
  for (let field = extraStart; field + 4 <= extraEnd; ) {
    const end = field + 4 + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1 && end <= extraEnd) {
      let value = field + 4;
      const next = (old: number) => {
        if (old !== elsewhere32 || value + 8 > end) return old;
        value += 8;
        return safeNumber(view, value - 8, `a size of entry ${quote(name)}`);
      };
      size = next(size);
      compressedSize = next(compressedSize);
      localOffset = next(localOffset);
    }
    field = end;
  }
  return { size, compressedSize, localOffset };
}

/** Where an entry's data begins: behind its local header, whose name and extra field have lengths of their own. */
function dataStart(
  bytes: Uint8Array,
  view: DataView,
  { name, nameBytes, method, localOffset }: DirectoryRecord,
): number {
  const missing = () => {
    const detail = `entry ${quote(name)} has no header of its own at byte ${localOffset}, where the directory points`;
    return refuse("zip-entry", detail, name);
  };
  if (localOffset + 30 > view.byteLength || view.getUint32(localOffset, true) !== localHeader) throw missing();
  const nameEnd = localOffset + 30 + view.getUint16(localOffset + 26, true);
  const localName = bytes.subarray(localOffset + 30, nameEnd);
  const sameName = localName.length === nameBytes.length && localName.every((byte, i) => byte === nameBytes[i]);
  if (!sameName || view.getUint16(localOffset + 8, true) !== method) throw missing();
  return nameEnd + view.getUint16(localOffset + 28, true);
}
