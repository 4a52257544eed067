import { afterAll, expect, test } from "vitest";
import { meterAllocations } from "./allocation-meter.ts";

// All else is loaded once the meter stands, so that the package and its zip library allocate under its eyes.
const meter = meterAllocations();
afterAll(meter.stop);
const { CaseError, FileFormatError } = await import("../../src/errors.ts");
const { readCase } = await import("../../src/case-reader.ts");
const { readNpz } = await import("../../src/npz-reader.ts");
const { readSafetensors } = await import("../../src/safetensors-reader.ts");
const { writeNpz } = await import("../../src/npz-writer.ts");
const { writeSafetensors } = await import("../../src/safetensors-writer.ts");
const { exampleFile } = await import("../case-example.ts");
const { fixture, fixtureFiles } = await import("../fixtures.ts");
const { npyBytes, npyHeader, withField, zipBytes, zipRecords } = await import("../npz-bytes.ts");
const { safetensorsBytes } = await import("../safetensors-bytes.ts");
const { mutations } = await import("./mutations.ts");
const { Random } = await import("./random.ts");

const files = Number(process.env.HOSTILE_FILES ?? 10_000);
const seed = Number(process.env.HOSTILE_SEED ?? 20261122);

/** Milliseconds after which a reader counts as hanging: a thousand times what the slowest file needs on a quiet machine. */
const slowestAllowed = 30_000;

/**
 * Bytes that one array may take. A deflated piece of 1 KiB comes out as up to 1 MiB, in a buffer that has room for
 * twice that; nothing else is larger than a few times the file.
 */
const largestAllowed = (fileBytes: number) => 4 * 2 ** 20 + 16 * fileBytes;

/** All arrays of a reader that inflates nothing: copies of the header, and values twice as wide as in the file. */
const totalAllowed = (fileBytes: number) => 1024 + 12 * fileBytes;

type Format = "safetensors" | "npz";
type TensorFile = ReturnType<typeof readNpz>;
type Tensor = TensorFile["tensors"] extends ReadonlyMap<string, infer T> ? T : never;

const arrayOf: Record<Tensor["dtype"], string> = {
  F64: "Float64Array",
  F32: "Float32Array",
  F16: "Float32Array",
  BF16: "Float32Array",
  I64: "BigInt64Array",
  I32: "Int32Array",
  U8: "Uint8Array",
  BOOL: "Uint8Array",
};

/** A right tensor: as many elements as its shape says, in the array of its dtype, and the same when written again. */
function requireRight(format: Format, file: TensorFile): void {
  const again = format === "npz" ? readNpz(writeNpz(file)) : readSafetensors(writeSafetensors(file));
  for (const [name, { dtype, shape, data }] of file.tensors) {
    const count = shape.reduce((product, length) => product * length, 1);
    if (data.length !== count) throw new Error(`${name}: ${data.length} elements of shape [${shape}]`);
    const kind = Object.prototype.toString.call(data).slice(8, -1);
    if (kind !== arrayOf[dtype]) throw new Error(`${name}: ${dtype} in a ${kind}`);
    const copy = again.tensors.get(name);
    const same = copy !== undefined && data.every((value, i) => Object.is(value, copy.data[i]));
    if (!same) throw new Error(`${name}: other elements when written again`);
  }
  if (again.tensors.size !== file.tensors.size) throw new Error("other tensors when written again");
  expect(again.metadata).toEqual(file.metadata);
}

interface Outcome {
  /** "right", or the problem that the file was refused for. */
  readonly result: string;
  readonly largest: number;
  readonly total: number;
  readonly milliseconds: number;
}

/** What becomes of a file; any error but the two that say what is wrong is thrown on. */
function outcomeOf<T>(read: () => T, requireGood: (value: T) => void): Outcome {
  meter.reset();
  const start = performance.now();
  const measured = () => ({ ...meter.made, milliseconds: performance.now() - start });
  let value: T;
  try {
    value = read();
  } catch (error) {
    const made = measured();
    if (error instanceof FileFormatError) return { result: `${error.format}: ${error.problem}`, ...made };
    if (error instanceof CaseError) return { result: `case: ${error.problem}`, ...made };
    throw error;
  }
  const made = measured();
  requireGood(value);
  return { result: "right", ...made };
}

/** The same, where a busy machine may have one try: what hangs by itself hangs twice. */
function steadyOutcomeOf<T>(read: () => T, requireGood: (value: T) => void): Outcome {
  const outcome = outcomeOf(read, requireGood);
  return outcome.milliseconds < slowestAllowed ? outcome : outcomeOf(read, requireGood);
}

function requireGoodCase({ problem, gradients }: ReturnType<typeof readCase>): void {
  const { shape, data } = problem.x;
  if (data.length !== shape.reduce((product, length) => product * length, 1)) throw new Error("x of another size");
  if (gradients.length === 0) throw new Error("a case without gradients");
}

function table(title: string, counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].sort(([, a], [, b]) => b - a);
  return [`${title}:`, ...rows.map(([result, count]) => `  ${String(count).padStart(6)} ${result}`)].join("\n");
}

test(`${files} random and mutated files end in a clear error or in right tensors (seed ${seed})`, {
  timeout: 300_000,
}, () => {
  const example = exampleFile();
  const cases = [writeSafetensors(example), writeNpz(example), writeNpz(example, { compress: true })];
  const corpus = [...fixtureFiles.map(fixture), ...cases, ...cases];
  const random = new Random(seed);
  const asFile = new Map<string, number>();
  const asCase = new Map<string, number>();
  const slowest = { milliseconds: 0, kind: "" };
  const largest = { bytes: 0, file: 0, kind: "" };
  for (let i = 0; i < files; i++) {
    const [kind, mutate] = random.pick(mutations);
    const bytes = mutate(random, corpus);
    const original = bytes.slice();
    const format: Format = bytes[0] === 0x50 && bytes[1] === 0x4b ? "npz" : "safetensors";
    const where = `file ${i} (${kind}) of seed ${seed}`;
    const file = steadyOutcomeOf(
      () => (format === "npz" ? readNpz(bytes) : readSafetensors(bytes)),
      (value) => requireRight(format, value),
    );
    const judged = steadyOutcomeOf(() => readCase(bytes), requireGoodCase);
    asFile.set(file.result, (asFile.get(file.result) ?? 0) + 1);
    asCase.set(judged.result, (asCase.get(judged.result) ?? 0) + 1);
    for (const made of [file, judged]) {
      expect(made.largest, `${where}: one allocation`).toBeLessThanOrEqual(largestAllowed(bytes.length));
      expect(made.milliseconds, where).toBeLessThan(slowestAllowed);
      if (made.largest > largest.bytes) Object.assign(largest, { bytes: made.largest, file: bytes.length, kind });
      if (made.milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds: made.milliseconds, kind });
    }
    if (format === "safetensors") expect(file.total, where).toBeLessThanOrEqual(totalAllowed(bytes.length));
    expect(bytes.length, where).toBe(original.length);
    expect(
      original.every((byte, at) => byte === bytes[at]),
      `${where} is as it was`,
    ).toBe(true);
  }
  console.log(
    [
      `${files} files of seed ${seed}`,
      table("read as .safetensors or .npz", asFile),
      table("read as a case", asCase),
      `slowest ${slowest.milliseconds.toFixed(1)} ms (${slowest.kind})`,
      `largest single allocation ${largest.bytes} bytes (${largest.kind}, from a file of ${largest.file})`,
    ].join("\n"),
  );
  expect(asFile.get("right") ?? 0).toBeGreaterThan(files / 20);
  expect(asCase.get("right") ?? 0).toBeGreaterThan(files / 100);
  expect(asFile.size).toBeGreaterThan(15);
  expect(asCase.size).toBeGreaterThan(25);
});

test("the meter sees what the readers and their zip library allocate", () => {
  const size = 2 ** 20;
  const array = npyBytes(npyHeader("|u1", `(${size},)`), size);
  for (const file of [zipBytes({ "a.npy": array }), zipBytes({ "a.npy": array }, 9)]) {
    const outcome = outcomeOf(
      () => readNpz(file),
      () => {},
    );
    expect(outcome.result).toBe("right");
    expect(outcome.largest).toBeGreaterThanOrEqual(size);
    // Deflated: pieces as they come, joined, and copied into the tensor.
    expect(outcome.total).toBeGreaterThan(file.length < size ? 3 * size : size);
    expect(outcome.total).toBeLessThan(16 * size);
  }
});

test("a deflate bomb is cut off where it exceeds what is declared", () => {
  const excess = 64 * 2 ** 20;
  const array = npyBytes(npyHeader("|u1", "(100,)"), excess);
  const bytes = zipBytes({ "a.npy": array }, 9);
  const { central } = zipRecords(bytes);
  const lie = withField(bytes, (central[0] ?? 0) + 24, 4, array.length - excess + 100);
  for (const [file, problem] of [
    [bytes, "the array's header says 100 bytes"],
    [lie, "header and directory say 100 bytes"],
  ] as const) {
    const outcome = outcomeOf(
      () => readNpz(file),
      () => {},
    );
    expect(outcome.result, problem).toBe("npz: size");
    expect(outcome.total, problem).toBeLessThan(8 * 2 ** 20);
  }
});

test("2^40 elements are refused before anything is allocated for them", () => {
  const header = { a: { dtype: "F64", shape: [2 ** 40], data_offsets: [0, 2 ** 43] } };
  const tensors = safetensorsBytes(header, 64);
  const array = zipBytes({ "a.npy": npyBytes(npyHeader("<f8", `(${2 ** 40},)`), 64) });
  for (const file of [tensors, array]) {
    const outcome = outcomeOf(
      () => readCase(file),
      () => {},
    );
    expect(outcome.result).toMatch(/truncated|size/);
    expect(outcome.total).toBeLessThan(4 * file.length);
    expect(outcome.milliseconds).toBeLessThan(slowestAllowed);
  }
});

const million = 1_000_000;
const slow: [what: string, make: () => Uint8Array, result: RegExp][] = [
  ["an array with 21,000 axes of length 1 in Fortran order", manyAxes, /right/],
  [
    "megabytes behind the end of a deflate stream",
    () => deflatedAs(npyBytes(npyHeader("|u1", "(9,)"), 9), million),
    /npz: deflate/,
  ],
  ["megabytes of empty deflate blocks", () => deflatedAs(new Uint8Array(0), 0, million), /npz: (deflate|size|header)/],
  [
    "a million brackets",
    () => safetensorsBytes(`{"a":${"[".repeat(million)}${"]".repeat(million)}}`),
    /safetensors: header-field/,
  ],
  [
    "a million brackets that do not close",
    () => safetensorsBytes(`{"a":${"[".repeat(million)}`),
    /safetensors: header-json/,
  ],
  [
    "a million backslashes in a name",
    () => safetensorsBytes(`{"${"\\\\".repeat(million)}":1}`),
    /safetensors: header-field/,
  ],
  ["a hundred thousand tensors", manyTensors, /right/],
  ["a hundred thousand tensors that all overlap", () => manyTensors(0), /safetensors: overlap/],
  [
    "a million zip signatures",
    () => new TextEncoder().encode("PK\u0005\u0006".repeat(million)),
    /npz: (truncated|zip)/,
  ],
];

test.each(slow)("%s: read or refused without hanging", (_, make, result) => {
  const bytes = make();
  const outcome = steadyOutcomeOf(
    () => (bytes[0] === 0x50 ? readNpz(bytes) : readSafetensors(bytes)),
    () => {},
  );
  expect(outcome.result).toMatch(result);
  expect(outcome.milliseconds).toBeLessThan(slowestAllowed);
});

function manyAxes(): Uint8Array {
  const header = npyHeader("|u1", `(400000, ${"1, ".repeat(21_000)}2)`, "True");
  return zipBytes({ "a.npy": npyBytes(header, 800_000) });
}

function manyTensors(step = 1): Uint8Array {
  const count = 100_000;
  const entries = Array.from({ length: count }, (_, i) => {
    const begin = i * step;
    return [`t${i}`, { dtype: "U8", shape: [1], data_offsets: [begin, begin + 1] }];
  });
  return safetensorsBytes(Object.fromEntries(entries), count);
}

/** An archive of one entry whose compressed bytes are these, stored blocks, then zeros, then empty blocks. */
function deflatedAs(content: Uint8Array, zeros: number, emptyBlocks = 0): Uint8Array {
  const block = Uint8Array.of(
    0,
    content.length & 255,
    content.length >> 8,
    ~content.length & 255,
    (~content.length >> 8) & 255,
  );
  const compressed = new Uint8Array(block.length + content.length + zeros + emptyBlocks);
  block[0] = zeros > 0 ? 1 : 0;
  compressed.set(block);
  compressed.set(content, block.length);
  for (let at = block.length + content.length + zeros; at + 5 <= compressed.length; at += 5)
    compressed.set([0, 0, 0, 255, 255], at);
  const archive = zipBytes({ "a.npy": compressed });
  const { local, central } = zipRecords(archive);
  const deflated = withField(withField(archive, (local[0] ?? 0) + 8, 2, 8), (central[0] ?? 0) + 10, 2, 8);
  return withField(deflated, (central[0] ?? 0) + 24, 4, Math.max(content.length, 200));
}
