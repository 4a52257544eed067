import type { FileProblem } from "./errors.ts";
import { quote } from "./quote.ts";
import { fromUtf8 } from "./text-encoding.ts";

interface ForeignFile {
  readonly problem: FileProblem;
  /** "a gzip archive": what the file is, and what to do with it. */
  readonly description: string;
}

/** First bytes by which other files that end up here are known. */
const signatures: readonly (readonly [start: readonly number[], description: string])[] = [
  [[0x89, 0x48, 0x44, 0x46], "an HDF5 file (.h5, .hdf5)"],
  [[0x1f, 0x8b], "compressed with gzip (decompress it first)"],
  [[0x42, 0x5a, 0x68], "compressed with bzip2 (decompress it first)"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed with xz (decompress it first)"],
  [[0x28, 0xb5, 0x2f, 0xfd], "compressed with Zstandard (decompress it first)"],
  [[0x37, 0x7a, 0xbc, 0xaf], "a 7-Zip archive"],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], "a single NumPy array (.npy); numpy.savez writes several by name"],
  [[0x47, 0x47, 0x55, 0x46], "a GGUF model"],
  [[0x4d, 0x41, 0x54, 0x4c, 0x41, 0x42], "a MATLAB file"],
  [[0x89, 0x50, 0x4e, 0x47], "a PNG image"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document"],
];

/** What a file is that is neither safetensors nor zip, or undefined where nothing tells. */
export function describeForeignFile(bytes: Uint8Array): ForeignFile | undefined {
  const starts = (start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);
  if (bytes[0] === 0x80 && (bytes[1] as number) >= 2 && (bytes[1] as number) <= 5) {
    return {
      problem: "pickle",
      description: "a Python pickle (pickle.dump, or torch.save before 1.6), never unpickled",
    };
  }
  if (starts([0x50, 0x4b])) return { problem: "foreign-format", description: "a zip archive, as .npz files are" };
  const known = signatures.find(([start]) => starts(start));
  if (known !== undefined) return { problem: "foreign-format", description: known[1] };
  const text = leadingText(bytes);
  if (text !== undefined) return { problem: "foreign-format", description: `text, beginning ${quote(text)}` };
  return undefined;
}

/** The beginning of a file that is text as far as its first bytes tell: UTF-8 without control characters. */
function leadingText(bytes: Uint8Array): string | undefined {
  // The cut may fall into a character of up to four bytes.
  for (const length of [24, 23, 22, 21]) {
    const text = fromUtf8(bytes.subarray(0, length));
    if (text !== undefined) return /\p{Control}/u.test(text.replace(/[\t\n\r]/g, "")) ? undefined : text;
  }
  return undefined;
}
