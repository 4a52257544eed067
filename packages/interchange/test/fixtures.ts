import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { StoredTensor } from "../src/tensor-file.ts";

const folder = fileURLToPath(new URL("./fixtures/", import.meta.url));

/** The bytes of a file that numpy, torch or the safetensors package wrote (fixtures/make_fixtures.py). */
export function fixture(file: string): Uint8Array {
  return new Uint8Array(readFileSync(folder + file));
}

export const fixtureFiles: readonly string[] = readdirSync(folder).filter((file) =>
  /\.(npz|npy|safetensors|p.+)$/.test(file),
);

export interface ExpectedTensor {
  readonly dtype: StoredTensor["dtype"];
  readonly shape: number[];
  /** As `elementTexts` writes them. */
  readonly values: string[];
  readonly stored: string;
}

export interface ExpectedFile {
  readonly kind: string;
  readonly tensors: ReadonlyMap<string, ExpectedTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

interface Document {
  tables: string[];
  files: Record<
    string,
    {
      kind: string;
      tensors: Record<string, { dtype: StoredTensor["dtype"]; shape: string; values: number; stored: string }>;
      metadata: Record<string, string>;
    }
  >;
}

const words = (text: string) => (text === "" ? [] : text.split(" "));

/** What numpy and torch said is in the files when they wrote them. */
export function expectedFiles(): ReadonlyMap<string, ExpectedFile> {
  const document = JSON.parse(readFileSync(`${folder}expected.json`, "utf8")) as Document;
  const files = new Map<string, ExpectedFile>();
  for (const [file, { kind, tensors, metadata }] of Object.entries(document.files)) {
    const described = Object.entries(tensors).map(
      ([name, { dtype, shape, values, stored }]): [string, ExpectedTensor] => {
        return [name, { dtype, shape: words(shape).map(Number), values: words(document.tables[values] ?? ""), stored }];
      },
    );
    files.set(file, { kind, tensors: new Map(described), metadata: new Map(Object.entries(metadata)) });
  }
  return files;
}

const view = new DataView(new ArrayBuffer(8));

/** Elements as text: integers in decimal, floats as the 64 bits of their float64 value, NaN as "nan". */
export function elementTexts({ dtype, data }: StoredTensor): string[] {
  const floats = dtype === "F64" || dtype === "F32" || dtype === "F16" || dtype === "BF16";
  return Array.from(data as ArrayLike<number | bigint>, (value) => {
    if (!floats) return String(value);
    if (Number.isNaN(value)) return "nan";
    view.setFloat64(0, value as number);
    return view.getBigUint64(0).toString(16).padStart(16, "0");
  });
}
