import { type Dtype, dtypeList, dtypeWidth, isDtype } from "./dtype.ts";
import { FileFormatError, type FileProblem } from "./errors.ts";
import { keysOf } from "./json-keys.ts";
import { printable, quote, show, showShape } from "./quote.ts";
import { elementCount, isLength, isShape } from "./shape.ts";
import { fromUtf8 } from "./text-encoding.ts";

/** The format's own limit on its header: 100 MB. */
export const maximumHeaderBytes = 100_000_000;

/** Where a tensor stands: bytes `begin` to `end` of the data that follows the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Parses and checks the JSON of a header; `dataBytes` is what the file holds behind it. */
export function parseSafetensorsHeader(header: Uint8Array, dataBytes: number): SafetensorsHeader {
  const { object, names, settings } = parseObject(header);
  const metadata = new Map<string, string>();
  const entries: TensorEntry[] = [];
  for (const name of names) {
    if (name === "__metadata__") readMetadata(object[name], settings, metadata);
    else entries.push(readEntry(name, object[name]));
  }
  checkLayout(entries, dataBytes);
  return { entries, metadata };
}

function refuse(problem: FileProblem, detail: string, place?: string, listed?: readonly string[]): FileFormatError {
  return new FileFormatError("safetensors", problem, detail, { place, listed });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The header's object with its keys and those of its `__metadata__`, in the order of the text. */
interface ParsedHeader {
  readonly object: Record<string, unknown>;
  readonly names: readonly string[];
  readonly settings: readonly string[];
}

function parseObject(header: Uint8Array): ParsedHeader {
  const text = fromUtf8(header);
  if (text === undefined) throw refuse("header-encoding", "the header is not UTF-8; expected a JSON object in UTF-8");
  const start = quote(text.slice(0, 24));
  if (!text.startsWith("{")) {
    throw refuse("header-json", `the header begins with ${start}; expected a JSON object, beginning with "{"`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = printable(error instanceof Error ? error.message : String(error));
    throw refuse("header-json", `the header ${start} is not JSON (${reason}); expected a JSON object`);
  }
  if (!isObject(value)) throw refuse("header-json", `the header ${start} is no JSON object; expected one`);
  const [names, settings]: [string[], string[]] = [[], []];
  for (const { key, depth, within, isRepeated } of keysOf(text)) {
    if (isRepeated) throw refuse("duplicate-name", `the header has ${quote(key)} twice; expected each name once`, key);
    if (depth === 1) names.push(key);
    else if (depth === 2 && within === "__metadata__") settings.push(key);
  }
  return { object: value, names, settings };
}

function readMetadata(value: unknown, keys: readonly string[], metadata: Map<string, string>): void {
  if (!isObject(value)) throw refuse("metadata", `__metadata__ is ${show(value)}; expected an object of strings`);
  for (const key of keys) {
    const text = value[key];
    if (typeof text !== "string") {
      throw refuse("metadata", `__metadata__ has ${quote(key)}: ${show(text)}; expected a string`, key);
    }
    metadata.set(key, text);
  }
}

function readEntry(name: string, value: unknown): TensorEntry {
  const tensor = `tensor ${quote(name)}`;
  if (!isObject(value)) {
    throw refuse("header-field", `${tensor} is ${show(value)}; expected { dtype, shape, data_offsets }`, name);
  }
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype)) throw refuse("dtype", `${tensor} has dtype ${show(dtype)}; expected ${dtypeList}`, name);
  if (!isShape(shape)) {
    throw refuse("shape", `${tensor} has shape ${show(shape)}; expected a list of whole numbers from 0 on`, name);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isLength)) {
    throw refuse("header-field", `${tensor} has data_offsets ${show(offsets)}; expected [begin, end] in bytes`, name);
  }
  const [begin, end] = offsets as [number, number];
  const count = elementCount(shape);
  if (count === undefined || count > Number.MAX_SAFE_INTEGER / dtypeWidth[dtype]) {
    throw refuse("shape", `${tensor} has shape ${showShape(shape)}, more elements than can be counted`, name);
  }
  const bytes = count * dtypeWidth[dtype];
  if (end - begin !== bytes) {
    const detail = `${tensor} is ${dtype} ${showShape(shape)}, which takes ${bytes} bytes`;
    throw refuse("size", `${detail}; its data_offsets [${begin}, ${end}] span ${end - begin}`, name);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors tile the data: no overlap, no hole, nothing outside, nothing behind. */
function checkLayout(entries: readonly TensorEntry[], dataBytes: number): void {
  const sorted = entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  const tiled = sorted.every((entry, i) => entry.begin === (i === 0 ? 0 : (sorted[i - 1] as TensorEntry).end));
  const listed = entries.map(({ name }) => name);
  if (!tiled) throw layoutError(sorted, dataBytes, listed);
  const described = sorted.at(-1)?.end ?? 0;
  if (described > dataBytes) {
    const missing = described - dataBytes;
    const detail = `the header describes ${described} bytes of data, but only ${dataBytes} follow it`;
    throw refuse("truncated", `${detail}: the file is cut short by ${missing} bytes`, undefined, listed);
  }
  if (described < dataBytes) {
    const detail = `${dataBytes} bytes of data follow the header, but its tensors end at byte ${described}`;
    throw refuse("trailing-bytes", `${detail}; expected every byte to belong to one tensor`, undefined, listed);
  }
}

function layoutError(sorted: readonly TensorEntry[], dataBytes: number, listed: readonly string[]): FileFormatError {
  for (const { name, begin, end } of sorted) {
    if (end > dataBytes) {
      const detail = `tensor ${quote(name)} has data_offsets [${begin}, ${end}]`;
      return refuse(
        "outside",
        `${detail}, outside the ${dataBytes} bytes of data that follow the header`,
        name,
        listed,
      );
    }
  }
  let position = 0;
  let before = "the start of the data";
  for (const { name, begin, end } of sorted) {
    if (begin < position) {
      const detail = `tensor ${quote(name)} [${begin}, ${end}] overlaps ${before}, which ends at byte ${position}`;
      return refuse("overlap", `${detail}; expected every byte to belong to one tensor`, name, listed);
    }
    if (begin > position) {
      const detail = `bytes ${position} to ${begin}, between ${before} and tensor ${quote(name)}, belong to no tensor`;
      return refuse("hole", `${detail}; expected every byte to belong to one`, name, listed);
    }
    position = end;
    before = `tensor ${quote(name)}`;
  }
  return refuse("overlap", "the tensors do not tile the data; expected every byte to belong to one tensor");
}
