import { dtypeWidth } from "./dtype.ts";
import { TensorWriteError } from "./errors.ts";
import { quote } from "./quote.ts";
import { maximumHeaderBytes } from "./safetensors-header.ts";
import { encodeElements } from "./tensor-bytes.ts";
import type { WritableTensorFile } from "./tensor-file.ts";
import { hasLoneSurrogate, toUtf8 } from "./text-encoding.ts";
import { requireWritable, type WriteOptions } from "./writable.ts";

/**
 * Writes a `.safetensors` file. The same tensors give the same bytes.
 *
 * @param file tensors by name, row-major, and text settings, which become `__metadata__`
 * @param options `rounding`: what to do with a value that its dtype cannot hold (default: refuse it)
 * @returns the whole file; wide elements first, so that each tensor is aligned to its element
 * @throws TensorWriteError where a shape, a length, a value or a name does not fit
 * @example
 * ```ts
 * const third = { dtype: "F16", shape: [1], data: Float64Array.of(1 / 3) } as const;
 * const bytes = writeSafetensors({ tensors: new Map([["third", third]]) }, { rounding: "nearest-even" });
 * console.log(readSafetensors(bytes).tensors.get("third")?.data[0]); // -> 0.333251953125
 * ```
 */
export function writeSafetensors(file: WritableTensorFile, options: WriteOptions = {}): Uint8Array {
  const caller = "writeSafetensors";
  for (const [name, tensor] of file.tensors) {
    if (name === "__metadata__") {
      throw new TensorWriteError(caller, name, 'a tensor is named "__metadata__"; expected any other name');
    }
    requireText(caller, name, name);
    requireWritable(caller, name, tensor, options);
  }
  for (const [name, text] of file.metadata ?? []) requireText(caller, name, name + text);

  const byWidth = [...file.tensors].sort(([, a], [, b]) => dtypeWidth[b.dtype] - dtypeWidth[a.dtype]);
  const fields: string[] = [];
  if (file.metadata !== undefined && file.metadata.size > 0) {
    const settings = [...file.metadata].map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
    fields.push(`"__metadata__":{${settings.join(",")}}`);
  }
  let dataBytes = 0;
  for (const [name, { dtype, shape, data }] of byWidth) {
    const end = dataBytes + data.length * dtypeWidth[dtype];
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [dataBytes, end] })}`);
    dataBytes = end;
  }

  const header = toUtf8(`{${fields.join(",")}}`);
  const headerBytes = 8 * Math.ceil(header.length / 8);
  if (headerBytes > maximumHeaderBytes) {
    const detail = `the header takes ${headerBytes} bytes; the format allows ${maximumHeaderBytes}`;
    throw new TensorWriteError(caller, "header", detail);
  }
  const bytes = new Uint8Array(8 + headerBytes + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(header, 8);
  bytes.fill(0x20, 8 + header.length, 8 + headerBytes);
  let at = 8 + headerBytes;
  for (const [, tensor] of byWidth) {
    const end = at + tensor.data.length * dtypeWidth[tensor.dtype];
    encodeElements(tensor, bytes.subarray(at, end));
    at = end;
  }
  return bytes;
}

function requireText(caller: string, name: string, text: string): void {
  if (!hasLoneSurrogate(text)) return;
  throw new TensorWriteError(
    caller,
    name,
    `${quote(name)} has half a surrogate pair; expected text that UTF-8 can hold`,
  );
}
