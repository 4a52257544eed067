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
  /** out ← (out + a) + b in every row, the columns of all contiguous. */
  addRows(out: number, oRow: number, a: number, b: number, rows: number, columns: number): void;
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
    accumulate: number,
  ): void;
  /** Softmax of each row; and log Σ exp of it, where logs is not 0. */
  softmax(
    out: number,
    oRow: number,
    oColumn: number,
    a: number,
    aRow: number,
    aColumn: number,
    rows: number,
    columns: number,
    logs: number,
    logRow: number,
  ): void;
  logSumExp(out: number, oRow: number, a: number, aRow: number, aColumn: number, rows: number, columns: number): void;
  /** Bytes of workspace that `recurrence` needs. */
  recurrenceBytes(rows: number, columns: number): number;
  /** For each step sums ← sums + states weight, the next states ← f(sums), or f(beside, sums) where beside is not 0. */
  recurrence(
    operation: number,
    states: number,
    stateStep: number,
    stateRow: number,
    sums: number,
    sumStep: number,
    sumRow: number,
    beside: number,
    besideStep: number,
    besideRow: number,
    weight: number,
    weightRow: number,
    weightColumn: number,
    steps: number,
    rows: number,
    columns: number,
    workspace: number,
  ): void;
  /** `turns` times 12 independent multiply-adds of a vector, read from the two at `address`: what a core can do at most. */
  peak(turns: number, address: number): void;
}

const texts: Readonly<Record<Variant, string>> = { baseline, relaxed };
const modules = new Map<Variant, Module>();

/** The module of a variant. */
export function bytesOf(variant: Variant): Uint8Array<ArrayBuffer> {
  const text = texts[variant];
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = 16 * digitAt(text, 2 * i) + digitAt(text, 2 * i + 1);
  return bytes;
}

/** The hexadecimal digit there: 0 to 9 or a to f. */
function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

/** Whether this machine's engine has the instructions of a variant. */
export function supports(variant: Variant): boolean {
  return modules.has(variant) || webAssembly().validate(bytesOf(variant));
}

function compiled(variant: Variant): Module {
  const module = modules.get(variant) ?? new (webAssembly().Module)(bytesOf(variant));
  modules.set(variant, module);
  return module;
}

/**
 * An instance of the kernels that works in that memory, of which it needs the bytes before `tensorsStart` for itself; each
 * further instance in the same memory needs `scratchBytes`.
 */
export function kernelsIn(
  memory: Memory,
  bits: 32 | 64,
  variant: Variant,
  module: Module = compiled(variant),
): { readonly kernels: Kernels; readonly tensorsStart: number; readonly scratchBytes: number } {
  const { exports } = new (webAssembly().Instance)(module, { env: { memory } });
  const kernel = (name: string) => exports[`${name}${bits}`] as never;
  const number = (name: string) => (exports[name] as { readonly value: number }).value;
  const names = [
    "gemm",
    "unary",
    "binary",
    "addRows",
    "transposed",
    "sum",
    "softmax",
    "logSumExp",
    "recurrenceBytes",
    "recurrence",
    "peak",
  ] as const;
  const kernels = Object.fromEntries(names.map((name) => [name, kernel(name)])) as unknown as Kernels;
  return { kernels, tensorsStart: number("tensorsStart"), scratchBytes: number("scratchBytes") };
}
