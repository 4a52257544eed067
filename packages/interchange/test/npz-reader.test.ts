import { describe, expect, test } from "vitest";
import { FileFormatError } from "../src/errors.ts";
import { readNpz } from "../src/npz-reader.ts";
import { npyBytes, npyHeader, withField, zipBytes, zipRecords } from "./npz-bytes.ts";
import { thrown } from "./thrown.ts";

const array = (header: string, data: Uint8Array | number = 0, version = 1) =>
  zipBytes({ "a.npy": npyBytes(header, data, version) });
const read = (bytes: Uint8Array) => readNpz(bytes).tensors.get("a");

describe("headers of .npy arrays", () => {
  test.each([
    ["keys in any order, no trailing comma", "{'shape': (2,), 'fortran_order': True, 'descr': '|u1'}", [2]],
    ["double quotes and line breaks", '{"descr":"|u1",\n "fortran_order": False ,"shape" :( 1 , 2 )}', [1, 2]],
    ["a byte order that one byte does not need", npyHeader("<u1", "(2,)"), [2]],
    ["no byte order for one byte", npyHeader("u1", "(2,)"), [2]],
    ["Python 2's long integers", npyHeader("|u1", "(2L, 1L)"), [2, 1]],
  ])("are read with %s", (_, header, shape) => {
    expect(read(array(header, Uint8Array.of(3, 4)))).toEqual({ dtype: "U8", shape, data: Uint8Array.of(3, 4) });
  });

  test.each([
    ["no magic", zipBytes({ "a.npy": new Uint8Array(64) }), "header-field", 'does not begin with "\\x93NUMPY"'],
    ["nothing", zipBytes({ "a.npy": new Uint8Array(0) }), "header-field", 'does not begin with "\\x93NUMPY"'],
    ["version 4", array(npyHeader("|u1", "()"), 1, 4), "header-field", "version 4.0; expected 1.0, 2.0 or 3.0"],
    [
      "a header past the end",
      withLength(0xffff),
      "header-length",
      "header said to be 65535 bytes long; the array ends before",
    ],
    ["a header of 4 GB", withLength(0xffffffff), "header-length", "4294967295 bytes long; expected at most 65536"],
    ["code in place of a shape", array(npyHeader("|u1", "(exit(),)"), 1), "header-field", "exit(),)"],
    ["a call in place of a dictionary", array("__import__('os')", 1), "header-field", "__import__('os')"],
    ["a negative length", array(npyHeader("|u1", "(-1,)"), 1), "header-field", "(-1,)"],
    [
      "a length past 2^53",
      array(npyHeader("|u1", "(99999999999999999999,)"), 1),
      "header-field",
      "(99999999999999999999,)",
    ],
    ["a number in place of a tuple", array(npyHeader("|u1", "(1)"), 1), "header-field", "'shape': (1)"],
    [
      "a key twice",
      array("{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': ()}", 1),
      "header-field",
      "expected {'descr'",
    ],
    [
      "a key too many",
      array("{'descr': '|u1', 'fortran_order': False, 'shape': (), 'x': 1}", 1),
      "header-field",
      "'x': 1",
    ],
    ["a key missing", array("{'descr': '|u1', 'shape': ()}", 1), "header-field", "expected {'descr'"],
    [
      "no byte order",
      array(npyHeader("f8", "()"), 8),
      "dtype",
      'dtype "f8", which does not say the byte order; expected "<f8"',
    ],
    ["the writer's own byte order", array(npyHeader("=f8", "()"), 8), "dtype", 'dtype "=f8", which does not say'],
    ["objects", array(npyHeader("|O", "()"), 8), "pickle", "pickled Python objects are never unpickled"],
    [
      "2^40 elements",
      array(npyHeader("<f8", "(1099511627776,)"), 8),
      "size",
      "takes 8796093022208 bytes, but 8 follow",
    ],
    [
      "more elements than can be counted",
      array(npyHeader("<f8", "(9007199254740991, 9007199254740991)"), 8),
      "size",
      "more bytes than can be counted",
    ],
    [
      "fewer elements than bytes",
      array(npyHeader("<f8", "()"), 9),
      "size",
      'array "a" is F64 [], which takes 8 bytes, but 9 follow',
    ],
    [
      "text that is no UTF-32",
      array(npyHeader("<U1", "()"), Uint8Array.of(0, 0, 0x11, 0)),
      "value",
      "text that is not UTF-32",
    ],
    ["half a surrogate pair", array(npyHeader("<U1", "()"), Uint8Array.of(0, 0xd8, 0, 0)), "value", "not UTF-32"],
    ["bytes that are no UTF-8", array(npyHeader("|S1", "()"), Uint8Array.of(0xff)), "value", "not UTF-8"],
    ["a truth value of 7", array(npyHeader("|b1", "(2,)"), Uint8Array.of(1, 7)), "value", "its byte at [1] is 7"],
  ])("are refused with %s", (_, bytes, problem, words) => {
    expectRefusal(bytes, problem, words);
  });
});

function withLength(length: number): Uint8Array {
  const npy = npyBytes(npyHeader("|u1", "()"), 1, length > 0xffff ? 2 : 1);
  return zipBytes({ "a.npy": withField(npy, 8, length > 0xffff ? 4 : 2, length) });
}

const good = npyBytes(
  npyHeader("<f8", "(4, 8)"),
  Uint8Array.from({ length: 256 }, (_, i) => i),
);
const stored = zipBytes({ "a.npy": good, "b.npy": good });
const deflated = zipBytes({ "a.npy": good, "b.npy": good }, 6);
const at = zipRecords(stored);
const atDeflated = zipRecords(deflated);
const [firstRecord = 0, secondRecord = 0] = at.central;
const [firstDeflated = 0] = atDeflated.central;

describe("an archive is refused with", () => {
  test.each([
    ["nothing", new Uint8Array(0), "empty-file", "the file is empty (0 bytes)"],
    [
      "something else",
      Uint8Array.of(1, 2, 3, 4, 5),
      "foreign-format",
      "no zip archive (it begins with the bytes 1, 2, 3, 4)",
    ],
    ["its end cut off", stored.subarray(0, stored.length - 1), "truncated", "has no zip directory at its end"],
    ["something behind its end", extended(stored, 1), "truncated", "has no zip directory at its end"],
    ["an encrypted entry", withField(stored, firstRecord + 8, 2, 1), "encrypted", 'entry "a.npy" is encrypted'],
    ["an unknown compression", both(stored, 93), "compression-method", "method 93 (Zstandard); expected 0 or 8"],
    ["an undefined compression", both(stored, 1234), "compression-method", "method 1234; expected 0 or 8"],
    ["a stored entry said to hold more", withField(stored, firstRecord + 24, 4, 999), "size", "said to hold 999"],
    [
      "a wrong CRC",
      withField(stored, firstRecord + 16, 4, 1),
      "checksum",
      "the archive says 0x00000001; its bytes have been damaged",
    ],
    ["a damaged byte", damaged(stored, (at.local[0] ?? 0) + 150), "checksum", 'entry "a.npy" has the CRC-32 0x'],
    [
      "a deflated entry said to hold less",
      withField(deflated, firstDeflated + 24, 4, good.length - 1),
      "size",
      "is said to hold 325 bytes but holds more",
    ],
    [
      "a deflated entry said to hold more",
      withField(deflated, firstDeflated + 24, 4, good.length + 1),
      "size",
      "but 257 follow",
    ],
    [
      "a deflated entry said to hold 4 GB",
      withField(deflated, firstDeflated + 24, 4, 0xfffffffe),
      "too-large",
      "the compressed arrays are said to hold more than 1073741824 bytes",
    ],
    [
      "a deflated entry beyond deflate",
      withField(deflated, firstDeflated + 24, 4, 2 ** 29),
      "too-large",
      "more than any",
    ],
    ["no deflate data", damaged(deflated, (atDeflated.local[0] ?? 0) + 35), "deflate", "is not deflate data"],
    ["the same name twice", zipTwice(), "duplicate-name", 'the archive has "a.npy" twice'],
    ["two entries in one place", shareData(), "overlap", 'entry "bb.npy" at byte'],
    ["a name that is no .npy", zipBytes({ "readme.txt": good }), "name", 'holds "readme.txt"; expected only arrays'],
    ["a folder", zipBytes({ "a/": new Uint8Array(0) }), "name", 'holds "a/"'],
    ["a name that is no UTF-8", damaged(stored, firstRecord + 46, 0xff), "name", "is not UTF-8"],
    [
      "an entry elsewhere",
      withField(stored, secondRecord + 42, 4, 1),
      "zip-entry",
      'entry "b.npy" has no header of its own at byte 1',
    ],
    ["an entry past the end", withField(stored, secondRecord + 42, 4, 0xfffffff0), "zip-entry", "no header of its own"],
    ["an entry of the wrong name", damaged(stored, (at.local[1] ?? 0) + 30), "zip-entry", "no header of its own"],
    [
      "an entry that runs into the directory",
      withField(withField(stored, secondRecord + 20, 4, 9999), secondRecord + 24, 4, 9999),
      "zip-entry",
      "runs past the directory",
    ],
    ["a directory elsewhere", withField(stored, at.end + 16, 4, 1), "zip-directory", "the directory is said to be"],
    [
      "a directory of another size",
      withField(stored, at.end + 12, 4, 46),
      "zip-directory",
      "the directory is said to be 46 bytes",
    ],
    [
      "fewer entries than said",
      withField(withField(stored, at.end + 8, 2, 3), at.end + 10, 2, 3),
      "zip-directory",
      "holds 2 entries, but its end says 3",
    ],
    ["a record that is none", damaged(stored, secondRecord), "zip-directory", "no directory record stands at byte"],
    [
      "a record past the directory",
      withField(stored, secondRecord + 32, 2, 500),
      "zip-directory",
      "runs past the directory's end",
    ],
    [
      "several disks",
      withField(stored, at.end + 4, 2, 1),
      "zip-directory",
      "speaks of disks 0 to 1 and of 2 of 2 entries here; expected one archive in one file",
    ],
  ])("%s", (_, bytes, problem, words) => {
    expectRefusal(bytes, problem, words);
  });
});

test("a changed byte is noticed or changes no value: in what is stored, all but times, versions and attributes", () => {
  const expected = readNpz(stored).tensors;
  for (const archive of [stored, deflated]) {
    const silent = Array.from(archive, (_, i) => i).filter((i) => {
      try {
        expect(readNpz(damaged(archive, i)).tensors).toEqual(expected);
        return true;
      } catch (error) {
        if (!(error instanceof FileFormatError)) throw error;
        return false;
      }
    });
    const { local, central, end } = zipRecords(archive);
    // What no reader needs: version, flags, time, and the sizes and CRC that the directory repeats.
    const redundant = [
      ...local.flatMap((record) => [...span(record + 4, 4), ...span(record + 10, 16)]),
      ...central.flatMap((record) => [...span(record + 4, 6), ...span(record + 12, 4), ...span(record + 34, 8)]),
    ];
    // Deflate has codes that nothing uses; the CRC vouches for what comes out.
    const compressed = (i: number) => archive === deflated && i < (central[0] ?? 0);
    expect(silent.filter((i) => !redundant.includes(i) && !compressed(i) && i < end)).toEqual([]);
  }
});

test("a compressed file may hold as much as the caller allows", () => {
  expect(() => readNpz(deflated, { maximumBytes: 2 * good.length })).not.toThrow();
  const error = thrown(FileFormatError, () => readNpz(deflated, { maximumBytes: 2 * good.length - 1 }));
  expect(error.message).toContain("next: raise maximumBytes, if the file is to be trusted");
});

function expectRefusal(bytes: Uint8Array, problem: string, words: string) {
  const error = thrown(FileFormatError, () => readNpz(bytes));
  expect(error.problem).toBe(problem);
  expect(error.format).toBe("npz");
  expect(error.message).toContain(words);
  expect(error.message).toMatch(/^readNpz: /);
}

function span(start: number, length: number): number[] {
  return Array.from({ length }, (_, i) => start + i);
}

function extended(bytes: Uint8Array, by: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + by);
  longer.set(bytes);
  return longer;
}

function damaged(bytes: Uint8Array, place: number, value = ~(bytes[place] ?? 0)): Uint8Array {
  const copy = bytes.slice();
  copy[place] = value;
  return copy;
}

/** The compression method of the first entry, in both its records. */
function both(bytes: Uint8Array, method: number): Uint8Array {
  return withField(withField(bytes, (at.local[0] ?? 0) + 8, 2, method), firstRecord + 10, 2, method);
}

function zipTwice(): Uint8Array {
  const copy = stored.slice();
  copy[(at.local[1] ?? 0) + 30] = 0x61;
  copy[secondRecord + 46] = 0x61;
  return copy;
}

/** An archive whose second entry lies inside the data of the first, as in a zip bomb. */
function shareData(): Uint8Array {
  const inner = zipBytes({ "bb.npy": good });
  const archive = zipBytes({ "a.npy": inner, "bb.npy": good });
  const { central } = zipRecords(archive);
  const [, , second = 0] = central;
  return withField(archive, second + 42, 4, 30 + "a.npy".length);
}
