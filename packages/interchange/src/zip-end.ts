import { FileFormatError, type FileProblem } from "./errors.ts";

// Signatures and field offsets: PKWARE's APPNOTE, 4.3.14 to 4.3.16.
const endOfDirectory = 0x06054b50;
const zip64EndOfDirectory = 0x06064b50;
const zip64Locator = 0x07064b50;

/** Where the directory of an archive stands, as its end says. */
export interface DirectoryPlace {
  readonly offset: number;
  readonly end: number;
  readonly count: number;
}

function refuse(problem: FileProblem, detail: string): FileFormatError {
  return new FileFormatError("npz", problem, detail);
}

/** Finds the central directory from the end of the file, by zip64 records where there are any. */
export function findDirectory(view: DataView): DirectoryPlace {
  const end = findEnd(view);
  let [disk, startDisk, countHere, count] = [4, 6, 8, 10].map((at) => view.getUint16(end + at, true)) as Four;
  let size = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  let directoryEnd = end;
  // Some writers put zip64 records into small archives too; where they are, they hold.
  if (end >= 20 && view.getUint32(end - 20, true) === zip64Locator) {
    const at = safeNumber(view, end - 20 + 8, "the zip64 directory's place");
    if (at + 56 > end - 20 || view.getUint32(at, true) !== zip64EndOfDirectory) {
      throw refuse("zip-directory", `no zip64 end of directory stands at byte ${at}, where its locator points`);
    }
    disk = view.getUint32(at + 16, true);
    startDisk = view.getUint32(at + 20, true);
    countHere = safeNumber(view, at + 24, "the number of entries");
    count = safeNumber(view, at + 32, "the number of entries");
    size = safeNumber(view, at + 40, "the directory's size");
    offset = safeNumber(view, at + 48, "the directory's place");
    directoryEnd = at;
  }
  if (disk !== 0 || startDisk !== 0 || countHere !== count) {
    const detail = `the archive's end speaks of disks ${startDisk} to ${disk} and of ${countHere} of ${count} entries here`;
    throw refuse("zip-directory", `${detail}; expected one archive in one file`);
  }
  if (offset + size !== directoryEnd) {
    const detail = `the directory is said to be ${size} bytes from byte ${offset}, but ends at byte ${directoryEnd}`;
    throw refuse("zip-directory", `${detail}; expected nothing before or inside the archive that is not its own`);
  }
  return { offset, end: directoryEnd, count };
}

type Four = [number, number, number, number];

/** The end record is the last thing in the file but for a comment of at most 65,535 bytes. */
function findEnd(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === endOfDirectory && at + 22 + view.getUint16(at + 20, true) === view.byteLength) {
      return at;
    }
  }
  const detail = `the file of ${view.byteLength} bytes has no zip directory at its end; expected an .npz archive`;
  throw refuse("truncated", `${detail}; it may be cut short`);
}

/** A 64-bit field as a number. No place or size in a file is larger than a number holds. */
export function safeNumber(view: DataView, at: number, what: string): number {
  const value = view.getBigUint64(at, true);
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw refuse("zip-directory", `${what} is ${value}, past any file's end`);
}
