import type { Dtype } from "./dtype.ts";
import { FileFormatError, type FileProblem } from "./errors.ts";
import { quote, show } from "./quote.ts";
import { isLength } from "./shape.ts";
import { fromLatin1, fromUtf8 } from "./text-encoding.ts";

/** The elements of an array: a dtype of tensors, or text of a fixed number of characters. */
export type NpyElement =
  | { readonly kind: "number"; readonly dtype: Dtype; readonly littleEndian: boolean }
  | { readonly kind: "unicode" | "bytes"; readonly characters: number; readonly littleEndian: boolean };

export interface NpyHeader {
  readonly element: NpyElement;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly dataStart: number;
}

/** More than the header of any array that is read here; NumPy's own limit is 10,000. */
const maximumHeaderBytes = 0x10000;

/** Bytes of an array that are enough to read its header. */
export const npyHeadBytes = 12 + maximumHeaderBytes;

const numbers: Readonly<Record<string, Dtype>> = {
  f8: "F64",
  f4: "F32",
  f2: "F16",
  i8: "I64",
  i4: "I32",
  u1: "U8",
  b1: "BOOL",
};

/**
 * Reads the header of an `.npy` array, versions 1.0, 2.0 and 3.0: a magic string, the version, a length, and a Python
 * dictionary with `descr`, `fortran_order` and `shape`.
 */
export function parseNpyHeader(name: string, bytes: Uint8Array): NpyHeader {
  const fail = (problem: FileProblem, detail: string) =>
    new FileFormatError("npz", problem, `array ${quote(name)} ${detail}`, { place: name });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length >= 10 && bytes[0] === 0x93 && fromLatin1(bytes.subarray(1, 6)) === "NUMPY";
  if (!magic) throw fail("header-field", 'does not begin with "\\x93NUMPY"; expected an .npy array');
  const version = `${bytes[6]}.${bytes[7]}`;
  if (!["1.0", "2.0", "3.0"].includes(version)) {
    throw fail("header-field", `has .npy format version ${version}; expected 1.0, 2.0 or 3.0`);
  }
  const start = version === "1.0" ? 10 : 12;
  const length = start > bytes.length ? 0 : version === "1.0" ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length || length > maximumHeaderBytes) {
    const limit = length > maximumHeaderBytes ? `expected at most ${maximumHeaderBytes}` : "the array ends before";
    throw fail("header-length", `has a header said to be ${length} bytes long; ${limit}`);
  }
  const header = bytes.subarray(start, start + length);
  const text = version === "3.0" ? fromUtf8(header) : fromLatin1(header);
  if (text === undefined) throw fail("header-encoding", "has a header that is not UTF-8");
  const fields = parseDictionary(text);
  if (fields === undefined) {
    const expected = "expected {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3)} or the like";
    throw fail("header-field", `has the header ${quote(text.trim())}; ${expected}`);
  }
  if (typeof fields.descr !== "string") {
    throw fail("dtype", `has the structured dtype ${show(fields.descr.python)}; expected one plain dtype`);
  }
  const element = parseDescr(fields.descr);
  if (typeof element === "string") throw fail(fields.descr.includes("O") ? "pickle" : "dtype", element);
  return { element, shape: fields.shape, fortranOrder: fields.fortranOrder, dataStart: start + length };
}

interface Fields {
  readonly descr: string | { readonly python: string };
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** A Python dictionary of exactly the three keys, in any order. Nothing is evaluated. */
function parseDictionary(text: string): Fields | undefined {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) return undefined;
  let descr: Fields["descr"] | undefined;
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  const item =
    /\s*(['"])(descr|fortran_order|shape)\1\s*:\s*(?:(['"])([^'"\\]*)\3|(True|False)|\(([^()]*)\)|(\[.*\]))\s*(?:,|$)/sy;
  for (let at = 0; body.slice(at).trim() !== ""; at = item.lastIndex) {
    item.lastIndex = at;
    const match = item.exec(body);
    if (match === null) return undefined;
    const [, , key, , text, boolean, tuple, list] = match;
    if (key === "descr" && descr === undefined) descr = text ?? (list === undefined ? undefined : { python: list });
    else if (key === "fortran_order" && fortranOrder === undefined && boolean) fortranOrder = boolean === "True";
    else if (key === "shape" && shape === undefined && tuple !== undefined) shape = parseTuple(tuple);
    else return undefined;
  }
  if (descr === undefined || fortranOrder === undefined || shape === undefined) return undefined;
  return { descr, fortranOrder, shape };
}

/** "", "3,", "2, 3": a one-element tuple needs its comma. Python 2 wrote "3L,". */
function parseTuple(text: string): number[] | undefined {
  if (text.trim() === "") return [];
  const items = text.split(",");
  if (items.length === 1) return undefined;
  if (items.at(-1)?.trim() === "") items.pop();
  const shape = items.map((item) => (/^\s*\d+L?\s*$/.test(item) ? Number.parseInt(item, 10) : Number.NaN));
  return shape.every(isLength) ? shape : undefined;
}

/** The element of a `descr`, or the end of a sentence that says why it has none here. */
function parseDescr(descr: string): NpyElement | string {
  const match = /^([<>|=]?)([a-zA-Z])(\d*)$/.exec(descr);
  const [, order, letter, digits] = match ?? [];
  if (letter === "O") {
    return `has dtype object (${quote(descr)}): pickled Python objects are never unpickled; expected numbers or text`;
  }
  const littleEndian = order !== ">";
  if ((letter === "U" || letter === "S") && digits !== undefined && isLength(Number(digits))) {
    return { kind: letter === "U" ? "unicode" : "bytes", characters: Number(digits), littleEndian };
  }
  const dtype = numbers[`${letter}${digits}`];
  if (dtype === undefined) {
    const next = descr.includes("V2") ? " (bfloat16 is saved so; .safetensors keeps it, or .astype('float32'))" : "";
    return `has dtype ${quote(descr)}${next}; expected f8, f4, f2, i8, i4, u1, b1, or a 0-d string`;
  }
  if (order !== "<" && order !== ">" && digits !== "1") {
    return `has dtype ${quote(descr)}, which does not say the byte order; expected "<${letter}${digits}" or ">${letter}${digits}"`;
  }
  return { kind: "number", dtype, littleEndian };
}
