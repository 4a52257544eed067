import { describe, expect, test } from "vitest";
import { FileFormatError } from "../src/errors.ts";
import { readSafetensors } from "../src/safetensors-reader.ts";
import { safetensorsBytes } from "./safetensors-bytes.ts";
import { thrown } from "./thrown.ts";

const a = { dtype: "F32", shape: [2], data_offsets: [0, 8] };
const b = { dtype: "U8", shape: [3], data_offsets: [8, 11] };

test("data that is not aligned, in a view that does not begin at 0", () => {
  const file = safetensorsBytes({ first: { dtype: "U8", shape: [], data_offsets: [0, 1] }, second: moved(a, 1) }, 9);
  file.set([7, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0], file.length - 9);
  const within = new Uint8Array(file.length + 3);
  within.set(file, 3);
  const { tensors } = readSafetensors(within.subarray(3));
  expect(tensors.get("first")).toEqual({ dtype: "U8", shape: [], data: Uint8Array.of(7) });
  expect(tensors.get("second")).toEqual({ dtype: "F32", shape: [2], data: Float32Array.of(1.5, -2) });
});

test("what is read does not share memory with the file", () => {
  const file = safetensorsBytes({ u: { dtype: "U8", shape: [2], data_offsets: [0, 2] } }, 2);
  const { tensors } = readSafetensors(file);
  file.fill(9);
  expect(tensors.get("u")?.data).toEqual(Uint8Array.of(0, 0));
});

test("names that mean something to JavaScript are names like others", () => {
  const { tensors, metadata } = readSafetensors(
    safetensorsBytes(
      '{"__metadata__":{"__proto__":"p"},"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
    ),
  );
  expect([...tensors.keys()]).toEqual(["__proto__"]);
  expect(metadata.get("__proto__")).toBe("p");
});

const header = (fields: object, dataBytes = 0) => safetensorsBytes(fields, dataBytes);
const moved = ({ data_offsets: [begin = 0, end = 0], ...rest }: typeof a, by: number) => ({
  ...rest,
  data_offsets: [begin + by, end + by],
});

const refusals: [what: string, bytes: Uint8Array, problem: string, words: string | RegExp][] = [
  ["nothing at all", new Uint8Array(0), "empty-file", "the file is empty (0 bytes)"],
  ["seven bytes", new Uint8Array(7), "truncated", "the file has 7 bytes; expected at least the eight"],
  [
    "a header longer than the file",
    safetensorsBytes("{}", 0, 3n),
    "header-length",
    "said to be 3 bytes long, but 2 bytes follow",
  ],
  [
    "a header of 2^64 - 1 bytes",
    safetensorsBytes("{}", 0, 2n ** 64n - 1n),
    "header-length",
    "18446744073709551615 bytes",
  ],
  ["a text file", new TextEncoder().encode("weights: none\n"), "foreign-format", 'text, beginning "weights: none\\n"'],
  ["no header", safetensorsBytes(""), "header-json", 'begins with ""; expected a JSON object'],
  ["a header that is no UTF-8", safetensorsBytes("{}", 2, 4n).fill(0xff, 10), "header-encoding", "not UTF-8"],
  ["a header that begins with a space", safetensorsBytes(" {}"), "header-json", 'begins with " {}"'],
  ["a list as header", safetensorsBytes("[]"), "header-json", 'begins with "[]"'],
  ["JSON with an end missing", safetensorsBytes('{"a":'), "header-json", 'header "{\\"a\\":" is not JSON'],
  [
    "a name twice",
    safetensorsBytes(`{"a":${JSON.stringify(b)}, "\\u0061" :${JSON.stringify(b)}}`, 8),
    "duplicate-name",
    '"a" twice',
  ],
  [
    "a field twice",
    safetensorsBytes('{"a":{"dtype":"U8","shape":[],"shape":[1],"data_offsets":[0,1]}}', 1),
    "duplicate-name",
    '"shape" twice',
  ],
  ["metadata that is no object", header({ __metadata__: [] }), "metadata", "__metadata__ is []; expected an object"],
  ["metadata of numbers", header({ __metadata__: { epoch: 3 } }), "metadata", 'has "epoch": 3; expected a string'],
  ["a tensor that is a number", header({ a: 1 }), "header-field", 'tensor "a" is 1; expected { dtype'],
  [
    "a dtype that is not read",
    header({ a: { ...a, dtype: "I16" } }, 8),
    "dtype",
    'tensor "a" has dtype "I16"; expected F64, F32',
  ],
  ["no dtype", header({ a: { shape: [2] } }), "dtype", 'tensor "a" has dtype undefined'],
  ["a dtype that every object has", header({ a: { ...a, dtype: "toString" } }, 8), "dtype", 'dtype "toString"'],
  ["a negative length", header({ a: { ...a, shape: [-2] } }, 8), "shape", 'tensor "a" has shape [-2]'],
  ["half a row", header({ a: { ...a, shape: [2.5] } }, 8), "shape", "[2.5]"],
  ["a shape that is no list", header({ a: { ...a, shape: 2 } }, 8), "shape", "has shape 2"],
  ["a length past 2^53", header({ a: { ...a, shape: [2 ** 60] } }, 8), "shape", "expected a list of whole numbers"],
  [
    "more elements than can be counted",
    header({ a: { ...a, shape: [2 ** 40, 2 ** 40] } }, 8),
    "shape",
    "more elements than can be counted",
  ],
  [
    "2^40 elements of 8 bytes",
    header({ a: { ...a, shape: [2 ** 40] } }, 8),
    "size",
    "takes 4398046511104 bytes; its data_offsets [0, 8] span 8",
  ],
  [
    "one offset",
    header({ a: { ...a, data_offsets: [0] } }, 8),
    "header-field",
    "has data_offsets [0]; expected [begin, end]",
  ],
  ["offsets backwards", header({ a: { ...a, data_offsets: [8, 0] } }, 8), "size", "[8, 0] span -8"],
  [
    "a shape that takes less than the offsets span",
    header({ a: { ...a, shape: [1] } }, 8),
    "size",
    'tensor "a" is F32 [1], which takes 4 bytes; its data_offsets [0, 8] span 8',
  ],
  [
    "a file cut short",
    header({ a, b }, 10),
    "truncated",
    "describes 11 bytes of data, but only 10 follow it: the file is cut short by 1 bytes",
  ],
  [
    "a tensor far outside",
    header({ a, b: { ...b, data_offsets: [999, 1002] } }, 11),
    "outside",
    'tensor "b" has data_offsets [999, 1002], outside the 11 bytes',
  ],
  [
    "bytes behind the last tensor",
    header({ a }, 9),
    "trailing-bytes",
    "9 bytes of data follow the header, but its tensors end at byte 8",
  ],
  [
    "bytes between tensors",
    header({ a, b: { ...b, data_offsets: [9, 12] } }, 12),
    "hole",
    'bytes 8 to 9, between tensor "a" and tensor "b"',
  ],
  [
    "bytes before the first tensor",
    header({ a: moved(a, 1) }, 9),
    "hole",
    "bytes 0 to 1, between the start of the data",
  ],
  [
    "tensors that share bytes",
    header({ a, b: { ...b, data_offsets: [7, 10] } }, 11),
    "overlap",
    'tensor "b" [7, 10] overlaps tensor "a"',
  ],
  [
    "a truth value of 2",
    header({ t: { dtype: "BOOL", shape: [1, 2], data_offsets: [0, 2] } }, 2).fill(2, -1),
    "value",
    'tensor "t" is BOOL but its byte at [0,1] is 2',
  ],
];

test("a message holds no control characters, whatever the file has", () => {
  const header = '{"\u001b[31m\u009b\u202e\u2028name": \u001b';
  const { message } = thrown(FileFormatError, () => readSafetensors(safetensorsBytes(header)));
  expect(message).toContain("is not JSON");
  const name = JSON.stringify({ "\u001b[31m\u009b\u202e\u2028\ud83d\ude00": { dtype: "\u0007" } });
  const named = thrown(FileFormatError, () => readSafetensors(safetensorsBytes(name)));
  expect(named.message).toContain('tensor "\\u001b[31m\\u{9b}\\u{202e}\\u{2028}😀" has dtype "\\u0007"');
  for (const text of [message, named.message]) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});

describe("a file is refused that has", () => {
  test.each(refusals)("%s", (_, bytes, problem, words) => {
    const error = thrown(FileFormatError, () => readSafetensors(bytes));
    expect(error.problem).toBe(problem);
    expect(error.format).toBe("safetensors");
    expect(error.message).toContain(words);
    expect(error.message).toMatch(/^readSafetensors: /);
  });
});

test("what is no Uint8Array is refused as such", () => {
  const buffer = new ArrayBuffer(8) as unknown as Uint8Array;
  expect(() => readSafetensors(buffer)).toThrow(
    "bytes is ArrayBuffer, expected the file's contents as a Uint8Array; pass",
  );
});
