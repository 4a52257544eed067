import { type Zippable, zipSync } from "fflate";

/** An `.npy` array of any header text and data, whether they fit or not. */
export function npyBytes(header: string, data: Uint8Array | number = 0, version = 1): Uint8Array {
  const body = typeof data === "number" ? new Uint8Array(data) : data;
  const text = new TextEncoder().encode(`${header}\n`);
  const start = version === 1 ? 10 : 12;
  const bytes = new Uint8Array(start + text.length + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  const view = new DataView(bytes.buffer);
  if (version === 1) view.setUint16(8, text.length, true);
  else view.setUint32(8, text.length, true);
  bytes.set(text, start);
  bytes.set(body, start + text.length);
  return bytes;
}

export function npyHeader(descr: string, shape: string, fortranOrder = "False"): string {
  return `{'descr': '${descr}', 'fortran_order': ${fortranOrder}, 'shape': ${shape}, }`;
}

/** An archive of these entries, stored unless a level is given. */
export function zipBytes(entries: Record<string, Uint8Array>, level: 0 | 6 | 9 = 0): Uint8Array {
  return zipSync(entries as Zippable, { level, mtime: new Date(1980, 0, 1) });
}

/** Where the records of an archive begin: local headers, directory records, its end. */
export function zipRecords(bytes: Uint8Array): { local: number[]; central: number[]; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const places = (signature: number) =>
    Array.from({ length: bytes.length - 3 }, (_, at) => at).filter((at) => view.getUint32(at, true) === signature);
  return { local: places(0x04034b50), central: places(0x02014b50), end: places(0x06054b50).at(-1) as number };
}

/** A copy with one little-endian field of two or four bytes set. */
export function withField(bytes: Uint8Array, at: number, width: 2 | 4, value: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (width === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return copy;
}
