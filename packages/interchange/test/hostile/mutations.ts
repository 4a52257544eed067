import { zipSync } from "fflate";
import { writeNpz } from "../../src/npz-writer.ts";
import { writeSafetensors } from "../../src/safetensors-writer.ts";
import type { StoredTensor } from "../../src/tensor-file.ts";
import { exampleFile } from "../case-example.ts";
import { npyBytes, npyHeader } from "../npz-bytes.ts";
import { safetensorsBytes } from "../safetensors-bytes.ts";
import type { Random } from "./random.ts";

/** A way of spoiling files. `corpus` holds good and bad files of both formats. */
export type Mutation = (random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

const hostileNumbers = [
  0,
  1,
  -1,
  2,
  7,
  255,
  65535,
  65536,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 40,
  2 ** 53 - 1,
  2 ** 53,
  1e308,
  0.5,
];
const hostileValues = [
  ...hostileNumbers,
  null,
  true,
  "",
  "F64",
  "\u0000",
  [],
  [[[[]]]],
  {},
  [2 ** 40, 2 ** 40],
  Array(300).fill(1),
];

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b;
const isSafetensors = (bytes: Uint8Array) => bytes[8] === 0x7b;

const bitFlips: Mutation = (random, corpus) => {
  const bytes = random.pick(corpus).slice();
  for (let flips = 1 + random.below(8); flips > 0 && bytes.length > 0; flips--) {
    const at = random.below(bytes.length);
    bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
  }
  return bytes;
};

/** Like bit flips, where they hurt: in the header or the directory. */
const structureFlips: Mutation = (random, corpus) => {
  const bytes = random.pick(corpus).slice();
  const within = Math.min(bytes.length, 600);
  for (let flips = 1 + random.below(4); flips > 0 && within > 0; flips--) {
    const at = isZip(bytes) ? bytes.length - 1 - random.below(within) : random.below(within);
    bytes[at] = random.below(256);
  }
  return bytes;
};

const truncation: Mutation = (random, corpus) => {
  const bytes = random.pick(corpus);
  return bytes.slice(0, random.below(bytes.length + 1));
};

const splice: Mutation = (random, corpus) => {
  const [a, b] = [random.pick(corpus), random.pick(corpus)];
  const [head, tail] = [a.subarray(0, random.below(a.length + 1)), b.subarray(random.below(b.length + 1))];
  return concatenated(head, tail);
};

const insertion: Mutation = (random, corpus) => {
  const bytes = random.pick(corpus);
  const [at, cut] = [random.below(bytes.length + 1), random.below(16)];
  return concatenated(bytes.subarray(0, at), random.bytes(random.below(16)), bytes.subarray(at + cut));
};

const noise: Mutation = (random) => {
  const bytes = random.bytes(random.below(400));
  const start = random.pick([
    [],
    [0x50, 0x4b, 3, 4],
    [0x50, 0x4b, 5, 6],
    [2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d],
    [0x80, 2],
  ]);
  bytes.set(start.slice(0, bytes.length));
  return bytes;
};

/** A header of valid JSON in which one or two values have been replaced; its length is right, usually. */
const headerEdit: Mutation = (random, corpus) => {
  const bytes = random.pick(corpus.filter(isSafetensors));
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  for (let edits = 1 + random.below(2); edits > 0; edits--) {
    const names = Object.keys(header);
    const name = random.pick(names);
    const entry = header[name];
    const kind = random.below(8);
    if (kind === 0) delete header[name];
    else if (kind === 1) header[name] = random.pick(hostileValues);
    else if (kind === 2) header[random.pick(["__metadata__", "extra", "x", "rnn.weight_ih_l1"])] = entry;
    else if (entry === null || typeof entry !== "object") continue;
    else if (kind === 3) entry[random.pick(Object.keys(entry))] = random.pick(hostileValues);
    else if (kind === 4) entry.dtype = random.pick(["F64", "F32", "F16", "BF16", "I64", "U8", "BOOL", "F8_E4M3", 1]);
    else if (kind === 5 && Array.isArray(entry.shape)) entry.shape[random.below(4)] = random.pick(hostileNumbers);
    else if (Array.isArray(entry.data_offsets)) entry.data_offsets[random.below(2)] = random.pick(hostileNumbers);
  }
  const text = random.below(8) === 0 ? JSON.stringify(header).replace("{", '{"x":{},') : JSON.stringify(header);
  const declared = random.below(8) === 0 ? 2n ** BigInt(random.below(64)) : undefined;
  const file = safetensorsBytes(text, bytes.length - 8 - length, declared);
  file.set(bytes.subarray(8 + length), file.length - (bytes.length - 8 - length));
  return file;
};

/** A field of two or four bytes in a zip record, set to something. */
const zipFieldEdit: Mutation = (random, corpus) => {
  const bytes = random.pick(corpus.filter(isZip)).slice();
  const view = new DataView(bytes.buffer);
  const records: number[] = [];
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (bytes[at] === 0x50 && bytes[at + 1] === 0x4b) records.push(at);
  }
  for (let edits = 1 + random.below(3); edits > 0; edits--) {
    const at = random.pick(records) + 4 + 2 * random.below(21);
    const value = random.pick([0, 1, 8, 0xff, 0xffff, 0x10000, 0x7fffffff, 0xffffffff, random.below(bytes.length + 1)]);
    if (random.below(2) === 0 && at + 2 <= bytes.length) view.setUint16(at, value, true);
    else if (at + 4 <= bytes.length) view.setUint32(at, value, true);
  }
  return bytes;
};

/** An archive whose CRCs are right and whose arrays' headers are not. */
const npyHeaderEdit: Mutation = (random) => {
  const descr = random.pick([
    "<f8",
    ">f4",
    "<f2",
    "|u1",
    "|b1",
    "<i8",
    "|O",
    "<U4",
    ">U9999999",
    "|S0",
    "<c16",
    "f8",
    "'",
  ]);
  const lengths = Array.from({ length: random.below(4) }, () => String(random.pick(hostileNumbers)));
  const shape = random.pick([
    `(${lengths.join(", ")}${lengths.length === 1 ? "," : ""})`,
    "()",
    "(",
    `(${"1, ".repeat(9000)})`,
  ]);
  const header = random.pick([
    npyHeader(descr, shape),
    npyHeader(descr, "(4,)", random.pick(["True", "1"])),
    `{'descr': `,
  ]);
  const npy = npyBytes(header, random.bytes(random.below(64)), random.pick([1, 2, 3, 9]));
  if (random.below(4) === 0) new DataView(npy.buffer).setUint16(8, random.below(0x10000), true);
  return zipSync({ "a.npy": npy, [random.pick(["b.npy", "loss.npy", "b"])]: npy }, { level: random.pick([0, 6]) });
};

/** Few bytes that unfold to many: some honest, some cut or with sizes that they do not have. */
const bomb: Mutation = (random) => {
  const size = random.pick([1 << 16, 1 << 20, 1 << 21]);
  const honest = npyBytes(npyHeader("|u1", `(${size},)`), size);
  const lying = npyBytes(npyHeader("<f8", random.pick(["(2,)", `(${2 ** 40},)`])), size);
  const bytes = zipSync({ "a.npy": random.pick([honest, lying, lying]) }, { level: 9 });
  const view = new DataView(bytes.buffer);
  const record = bytes.length - 22 - 46 - "a.npy".length;
  const declared = random.pick([undefined, 128, size >> 1, 1 << 24, 0xfffffffe]);
  if (declared !== undefined) view.setUint32(record + 24, declared, true);
  return random.below(4) === 0 ? concatenated(bytes.subarray(0, 60), random.bytes(8), bytes.subarray(68)) : bytes;
};

/** A well-formed file of something that is nearly a case. */
const caseEdit: Mutation = (random) => {
  const { tensors, metadata } = exampleFile();
  for (let edits = random.below(3); edits > 0; edits--) {
    const name = random.pick([...tensors.keys()]);
    const tensor = tensors.get(name) as StoredTensor;
    const kind = random.below(9);
    if (kind === 0) tensors.delete(name);
    else if (kind === 1) tensors.set(random.pick([...tensors.keys()]), tensor);
    else if (kind === 2) tensors.set(`${name}${random.pick(["_reverse", "1", ".x"])}`, tensor);
    else if (kind === 3) tensors.set(name, { ...tensor, shape: tensor.shape.toReversed() });
    else if (kind === 4) tensors.set(name, { ...tensor, shape: [...tensor.shape, 1] });
    else if (kind === 5) tensors.set(name, { dtype: "I32", shape: [0, 2], data: new Int32Array(0) });
    else if (kind === 6 && tensor.dtype === "F64")
      tensor.data[random.below(tensor.data.length)] = random.pick([Number.NaN, 9e99]);
    else if (kind === 7)
      metadata.set(random.pick(["loss", "reduction", "nonlinearity", "note"]), random.pick(["mse", "relu", ""]));
    else if (kind === 8) metadata.delete(random.pick([...metadata.keys()]));
  }
  const write = random.pick([writeSafetensors, writeNpz]);
  return write({ tensors, metadata: new Map([...metadata].filter(([name]) => !tensors.has(name))) });
};

/** Each with its share: bombs take a hundred times as long to make as anything else. */
const shares: readonly (readonly [kind: string, mutation: Mutation, share: number])[] = [
  ["bit flips", bitFlips, 8],
  ["structure flips", structureFlips, 5],
  ["truncation", truncation, 5],
  ["splice", splice, 5],
  ["insertion", insertion, 5],
  ["noise", noise, 5],
  ["header edit", headerEdit, 8],
  ["zip field edit", zipFieldEdit, 8],
  ["npy header edit", npyHeaderEdit, 8],
  ["case edit", caseEdit, 8],
  ["bomb", bomb, 1],
];

export const mutations: readonly (readonly [kind: string, mutation: Mutation])[] = shares.flatMap(
  ([kind, mutation, share]) => Array.from({ length: share }, () => [kind, mutation] as const),
);

function concatenated(...parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
