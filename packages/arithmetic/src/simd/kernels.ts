import { baseline, relaxed } from "./generated/kernels.ts";
import { type Memory, type Module, webAssembly } from "./web-assembly.ts";

/** Which instructions the kernels use: `relaxed` fuses products into sums where the machine can. */
export type Variant = "baseline" | "relaxed";

/** The kernels of one number type; addresses and strides in bytes, modes as 0 (write) or 1 (accumulate). */
export interface Kernels {
  gemm(
    out: number,
    oRow: number,
    oColumn: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    rows: number,
    columns: number,
    inner: number,
    accumulate: number,
  ): void;
  unary(
    operation: number,
    out: number,
    oRow: number,
    oColumn: number,
    a: number,
    aRow: number,
    aColumn: number,
    rows: number,
    columns: number,
  ): void;
  binary(
    operation: number,
    out: number,
    oRow: number,
    oColumn: number,
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    rows: number,
    columns: number,
  ): void;
  /** out ← a, the rows of out contiguous, the columns of a. */
  transposed(out: number, oRow: number, a: number, aColumn: number, rows: number, columns: number): void;
  sum(
    out: number,
    oRow: number,
    oColumn: number,
    a: number,
    aRow: number,
    aColumn: number,
    rows: number,
    columns: number,
  ): void;
  softmax(
    out: number,
    oRow: number,
    oColumn: number,
    a: number,
    aRow: number,
    aColumn: number,
    rows: number,
    columns: number,
  ): void;
  logSumExp(out: number, oRow: number, a: number, aRow: number, aColumn: number, rows: number, columns: number): void;
  /** `turns` times 12 independent multiply-adds of a vector, read from the two at `address`: what a core can do at most. */
  peak(turns: number, address: number): void;
}

const texts: Readonly<Record<Variant, string>> = { baseline, relaxed };
const modules = new Map<Variant, Module>();

function bytesOf(variant: Variant): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(texts[variant]), (character) => character.charCodeAt(0));
}

/** Whether this machine's engine has the instructions of a variant. */
export function supports(variant: Variant): boolean {
  return modules.has(variant) || webAssembly().validate(bytesOf(variant));
}

/** An instance of the kernels that works in that memory, of which it needs the bytes before `tensorsStart` for itself. */
export function kernelsIn(
  memory: Memory,
  variant: Variant,
  bits: 32 | 64,
): { readonly kernels: Kernels; readonly tensorsStart: number } {
  const module = modules.get(variant) ?? new (webAssembly().Module)(bytesOf(variant));
  modules.set(variant, module);
  const { exports } = new (webAssembly().Instance)(module, { env: { memory } });
  const kernel = (name: string) => exports[`${name}${bits}`] as never;
  const names = ["gemm", "unary", "binary", "transposed", "sum", "softmax", "logSumExp", "peak"] as const;
  const kernels = Object.fromEntries(names.map((name) => [name, kernel(name)])) as unknown as Kernels;
  return { kernels, tensorsStart: (exports.tensorsStart as { readonly value: number }).value };
}
