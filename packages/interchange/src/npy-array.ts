import { type Dtype, dtypeWidth } from "./dtype.ts";
import { FileFormatError } from "./errors.ts";
import type { NpyHeader } from "./npy-header.ts";
import { quote, showShape } from "./quote.ts";
import { elementCount, indexAt, visitColumnMajor } from "./shape.ts";
import { decodeElements, encodeElements, firstNonBoolean } from "./tensor-bytes.ts";
import type { StoredTensor, WritableTensor } from "./tensor-file.ts";
import { fromUtf8 } from "./text-encoding.ts";

/** Refuses an array whose shape and dtype do not take exactly the bytes that its entry holds. */
export function requireNpySize(name: string, header: NpyHeader, bytes: number): void {
  const { element, shape, dataStart } = header;
  const width = element.kind === "number" ? dtypeWidth[element.dtype] : textWidth(element);
  const kind = element.kind === "number" ? element.dtype : `text of ${element.characters} characters`;
  const count = elementCount(shape);
  if (count !== undefined && count * width === bytes - dataStart) return;
  const needs = count === undefined ? "more bytes than can be counted" : `${count * width} bytes`;
  const detail = `array ${quote(name)} is ${kind} ${showShape(shape)}, which takes ${needs}`;
  throw new FileFormatError("npz", "size", `${detail}, but ${bytes - dataStart} follow its header`, { place: name });
}

function textWidth(element: { readonly kind: "unicode" | "bytes"; readonly characters: number }): number {
  return element.kind === "unicode" ? 4 * element.characters : element.characters;
}

/** The array behind a header whose size has been checked: a tensor, or the text of a 0-d string array. */
export function decodeNpy(name: string, header: NpyHeader, bytes: Uint8Array): StoredTensor | string {
  const { element, shape, fortranOrder } = header;
  const body = bytes.subarray(header.dataStart);
  if (element.kind !== "number") {
    if (shape.length > 0) {
      const detail = `array ${quote(name)} holds text of shape ${showShape(shape)}; expected text only as 0-d arrays`;
      throw new FileFormatError("npz", "shape", detail, { place: name });
    }
    const text = element.kind === "bytes" ? fromUtf8(trimZeros(body)) : fromUtf32(body, element.littleEndian);
    if (text !== undefined) return text;
    const detail = `array ${quote(name)} holds text that is not ${element.kind === "bytes" ? "UTF-8" : "UTF-32"}`;
    throw new FileFormatError("npz", "value", detail, { place: name });
  }
  const inFileOrder = decodeElements(element.dtype, body, element.littleEndian);
  const data = fortranOrder && shape.length > 1 ? toRowMajor(shape, inFileOrder) : inFileOrder;
  const tensor = { dtype: element.dtype, shape, data } as StoredTensor;
  const at = tensor.dtype === "BOOL" ? firstNonBoolean(tensor.data) : -1;
  if (at >= 0) {
    const detail = `array ${quote(name)} is boolean but its byte at [${indexAt(shape, at)}] is ${tensor.data[at]}`;
    throw new FileFormatError("npz", "value", `${detail}; expected 0 or 1`, { place: name });
  }
  return tensor;
}

function toRowMajor(shape: readonly number[], columnMajor: StoredTensor["data"]): StoredTensor["data"] {
  // Elements keep their type: source and result are arrays of the same kind.
  const source = columnMajor as Float64Array;
  const data = source.slice();
  visitColumnMajor(shape, (to, from) => {
    data[to] = source[from] as number;
  });
  return data;
}

/** NumPy pads text with zeros to its fixed length. */
function trimZeros(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

function fromUtf32(bytes: Uint8Array, littleEndian: boolean): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let at = 0; at < bytes.length; at += 4) {
    const point = view.getUint32(at, littleEndian);
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, "");
}

const descrs: Readonly<Record<Exclude<Dtype, "BF16">, string>> = {
  F64: "<f8",
  F32: "<f4",
  F16: "<f2",
  I64: "<i8",
  I32: "<i4",
  U8: "|u1",
  BOOL: "|b1",
};

/** An `.npy` array of version 1.0 in C order, little endian. */
export function encodeNpy(tensor: WritableTensor & { readonly dtype: Exclude<Dtype, "BF16"> }): Uint8Array {
  const { dtype, shape, data } = tensor;
  const { bytes, body } = npyFile(descrs[dtype], shape, data.length * dtypeWidth[dtype]);
  encodeElements(tensor, body);
  return bytes;
}

/** A 0-d array of text, as `numpy.array(text)` makes it; its length counts code points. */
export function encodeNpyText(text: string): Uint8Array {
  const points = Array.from(text, (character) => character.codePointAt(0) as number);
  // NumPy's shortest text is one character long.
  const characters = Math.max(1, points.length);
  const { bytes, body } = npyFile(`<U${characters}`, [], 4 * characters);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  points.forEach((point, i) => {
    view.setUint32(4 * i, point, true);
  });
  return bytes;
}

function npyFile(descr: string, shape: readonly number[], size: number): { bytes: Uint8Array; body: Uint8Array } {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // The data begins at a multiple of 64 bytes; a newline ends the header.
  const dataStart = 64 * Math.ceil((10 + dictionary.length + 1) / 64);
  const header = `\u0093NUMPY\u0001\u0000\u0000\u0000${dictionary}`.padEnd(dataStart - 1, " ").concat("\n");
  const bytes = new Uint8Array(dataStart + size);
  for (let i = 0; i < dataStart; i++) bytes[i] = header.charCodeAt(i);
  new DataView(bytes.buffer).setUint16(8, dataStart - 10, true);
  return { bytes, body: bytes.subarray(dataStart) };
}
