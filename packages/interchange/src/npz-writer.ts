import { zipSync } from "fflate";
import type { Dtype } from "./dtype.ts";
import { TensorWriteError } from "./errors.ts";
import { encodeNpy, encodeNpyText } from "./npy-array.ts";
import { quote } from "./quote.ts";
import type { WritableTensor, WritableTensorFile } from "./tensor-file.ts";
import { hasLoneSurrogate } from "./text-encoding.ts";
import { requireWritable, type WriteOptions } from "./writable.ts";

export interface NpzWriteOptions extends WriteOptions {
  /** Deflate the arrays (default: store them). */
  readonly compress?: boolean;
}

/** Zip without zip64, which is what is written here, counts entries in 16 bits and bytes in 32. */
const maximumEntries = 0xffff - 1;
const maximumBytes = 0xffffffff - 1;

/**
 * Writes an `.npz` file that `numpy.load` reads: C order, little endian. The same tensors give the same bytes.
 *
 * @param file tensors by name, row-major, and text settings, which become 0-d text arrays
 * @param options `compress`, and `rounding`: what to do with a value that its dtype cannot hold (default: refuse it)
 * @returns the whole file
 * @throws TensorWriteError where a dtype (BF16), a shape, a length, a value or a name does not fit
 * @example
 * ```ts
 * const mask = { dtype: "BOOL", shape: [2], data: Uint8Array.of(1, 0) } as const;
 * const bytes = writeNpz({ tensors: new Map([["mask", mask]]) }, { compress: true });
 * console.log(readNpz(bytes).tensors.get("mask")?.dtype); // -> BOOL
 * ```
 */
export function writeNpz(file: WritableTensorFile, options: NpzWriteOptions = {}): Uint8Array {
  const entries: Record<string, Uint8Array> = {};
  let total = 22;
  const add = (name: string, bytes: Uint8Array) => {
    entries[`${name}.npy`] = bytes;
    total += bytes.length + 128 + 6 * name.length;
  };
  for (const [name, tensor] of file.tensors) {
    requireName(name, name);
    requireWritable("writeNpz", name, tensor, options);
    add(name, encodeNpy(requireNumpyDtype(name, tensor)));
  }
  for (const [name, text] of file.metadata ?? []) {
    requireName(name, name + text);
    if (file.tensors.has(name)) {
      throw new TensorWriteError("writeNpz", name, `${quote(name)} names a tensor and a setting; expected one of them`);
    }
    if (text.endsWith("\0")) {
      const detail = `setting ${quote(name)} ends with a zero character, which NumPy drops; expected text without`;
      throw new TensorWriteError("writeNpz", name, detail);
    }
    add(name, encodeNpyText(text));
  }
  if (Object.keys(entries).length > maximumEntries || total > maximumBytes) {
    const detail = `${Object.keys(entries).length} arrays of about ${total} bytes together`;
    const next = "expected less than 65,535 arrays and 4 GiB; next: writeSafetensors";
    throw new TensorWriteError("writeNpz", "file", `${detail}; ${next}`);
  }
  // Zip's first day: the bytes do not depend on when they were written.
  return zipSync(entries, { level: options.compress === true ? 6 : 0, mtime: new Date(1980, 0, 1) });
}

function requireName(name: string, text: string): void {
  if (name !== "" && !name.includes("\0") && !hasLoneSurrogate(text)) return;
  const detail = `${quote(name)} cannot be stored; expected a name that is not empty, and no zero or half surrogate pair`;
  throw new TensorWriteError("writeNpz", name, detail);
}

type NumpyTensor = WritableTensor & { readonly dtype: Exclude<Dtype, "BF16"> };

function requireNumpyDtype(name: string, tensor: WritableTensor): NumpyTensor {
  if (tensor.dtype !== "BF16") return tensor as NumpyTensor;
  const next = "expected another dtype; next: writeSafetensors, or F32, which holds every BF16 value";
  throw new TensorWriteError("writeNpz", name, `tensor ${quote(name)} is BF16, which NumPy does not have; ${next}`);
}
