import { requireBytes } from "./bytes-argument.ts";
import type { Case, NumericArray, RnnParameters, RnnProblem } from "./case.ts";
import { readGradients } from "./case-gradients.ts";
import { describeGaps, requireInventory } from "./case-inventory.ts";
import { parameterNames } from "./case-names.ts";
import { readSettings } from "./case-settings.ts";
import { requireShapes } from "./case-shapes.ts";
import { type CaseSource, caseSource } from "./case-source.ts";
import { readClasses, readMask, readNumbers, requireClassDtype, requireFloat } from "./case-values.ts";
import type { FloatDtype } from "./dtype.ts";
import { FileFormatError } from "./errors.ts";
import { describeForeignFile } from "./foreign-file.ts";
import { type NpzOptions, readNpz } from "./npz-reader.ts";
import { readSafetensors } from "./safetensors-reader.ts";
import type { TensorFile } from "./tensor-file.ts";
import { requireVanillaRnn } from "./vanilla-rnn.ts";

export interface ReadCaseOptions extends NpzOptions {
  /** What messages call the file: its path, for instance. */
  readonly name?: string;
  /** Whether a case may come without gradients: for those who want the problem alone. */
  readonly gradientsOptional?: boolean;
}

/** An initial state that the file does not have may take this many bytes beyond the file's own size. */
const maximumZeros = 2 ** 24;

/**
 * Reads a case file: one vanilla RNN training problem and the gradients somebody computed for it.
 *
 * The format is told by the contents. Tensors bear torch.nn's names: rnn.weight_ih_l0 [H, I], rnn.weight_hh_l0 [H, H],
 * rnn.bias_ih_l0 and rnn.bias_hh_l0 [H], readout.weight [O, H], readout.bias [O]; x [T, B, I], h0 [B, H], target
 * ([T, B] classes or [T, B, O] values), mask [T, B]; grad.NAME of NAME's shape. In place of target and loss,
 * grad_output [T, B, O] and grad_hidden [T, B, H]. Settings: nonlinearity, loss, reduction. Names that begin with
 * `extra.` are passed over; any other is an error.
 *
 * @param bytes the whole `.safetensors` or `.npz` file
 * @throws FileFormatError where the file is not what its format requires, CaseError where its contents are no case
 * @example
 * ```ts
 * try {
 *   readCase(new Uint8Array(0), { name: "run-7.npz" });
 * } catch (error) {
 *   if (error instanceof FileFormatError) console.log(error.problem); // -> empty-file
 * }
 * ```
 */
export function readCase(bytes: Uint8Array, options: ReadCaseOptions = {}): Case {
  requireBytes("readCase", bytes);
  const file = readEither(bytes, options);
  const source = caseSource(file, options.name);
  requireVanillaRnn(source);
  requireInventory(source);
  const problem = readProblem(source, bytes.length);
  const precision = readPrecision(source);
  return { problem, precision, gradients: readGradients(source, problem.h0.shape, options.gradientsOptional) };
}

/** A file of either format, which is told by the contents. */
export function readEither(
  bytes: Uint8Array,
  { name, gradientsOptional, ...options }: ReadCaseOptions,
  caller: "readCase" | "readStateDict" = "readCase",
): TensorFile {
  try {
    const format = detectFormat(bytes);
    return format === "npz" ? readNpz(bytes, options) : readSafetensors(bytes);
  } catch (error) {
    if (!(error instanceof FileFormatError)) throw error;
    const where = { place: error.place, file: name, listed: error.listed, caller };
    const gaps =
      error.listed === undefined || caller !== "readCase" ? "" : describeGaps(error.listed, gradientsOptional);
    throw new FileFormatError(error.format, error.problem, error.detail + gaps, where);
  }
}

/** By the first bytes: "PK" is a zip archive; eight bytes of a possible header length, or "{" behind them, safetensors. */
function detectFormat(bytes: Uint8Array): "safetensors" | "npz" {
  const expected = "expected a .safetensors or .npz file";
  if (bytes.length === 0)
    throw new FileFormatError("unknown", "empty-file", `the file is empty (0 bytes); ${expected}`);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return "npz";
  // No header is 2^32 bytes long, so that the upper half of its length is zero.
  const plausible = bytes.length > 8 && (bytes[8] === 0x7b || bytes.subarray(4, 8).every((byte) => byte === 0));
  if (plausible) return "safetensors";
  const foreign = describeForeignFile(bytes);
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const what = foreign?.description ?? `of a kind unknown here (${bytes.length} bytes, beginning ${start})`;
  throw new FileFormatError("unknown", foreign?.problem ?? "foreign-format", `the file is ${what}; ${expected}`);
}

function readProblem(source: CaseSource, fileBytes: number): RnnProblem<NumericArray> {
  const { nonlinearity, loss, reduction } = readSettings(source);
  if (loss === "cross_entropy") requireClassDtype(source);
  const { B, H } = requireShapes(source, loss === "cross_entropy");
  const base = {
    nonlinearity,
    parameters: readParameters(source),
    x: readNumbers(source, "x"),
    h0: source.tensors.has("h0") ? readNumbers(source, "h0") : zeros(source, B, H, fileBytes),
    ...(source.tensors.has("mask") ? { mask: readMask(source) } : {}),
  };
  if (loss === "linear") {
    const given = (name: string) => (source.tensors.has(name) ? readNumbers(source, name) : undefined);
    const [outputs, states] = [given("grad_output"), given("grad_hidden")];
    const target = { ...(outputs === undefined ? {} : { outputs }), ...(states === undefined ? {} : { states }) };
    return { ...base, loss, reduction: "sum", target };
  }
  if (loss === "cross_entropy") {
    const outputs = base.parameters.Why?.shape[0] ?? 0;
    return { ...base, loss, reduction, target: readClasses(source, outputs) };
  }
  return { ...base, loss, reduction, target: readNumbers(source, "target") };
}

/** B comes from x and H from the weights: their product may be far more than the file's size. */
function zeros(source: CaseSource, B: number, H: number, fileBytes: number): NumericArray {
  if (8 * B * H > maximumZeros + 8 * fileBytes) {
    const detail = `h0 is not there, and zeros of its shape [${B}, ${H}] would take ${8 * B * H} bytes`;
    throw source.refuse("too-large", `${detail}, far more than the file's ${fileBytes}; next: store h0`, "h0");
  }
  return { shape: [B, H], data: new Float64Array(B * H) };
}

export function readParameters(source: CaseSource): RnnParameters<NumericArray> {
  const parameters: Partial<Record<keyof RnnParameters<unknown>, NumericArray>> = {};
  for (const [parameter, name] of parametersOf(source)) parameters[parameter] = readNumbers(source, name);
  return parameters as RnnParameters<NumericArray>;
}

export function readPrecision(source: CaseSource): FloatDtype {
  const dtypes = new Map<FloatDtype, string>();
  for (const [, name] of parametersOf(source)) {
    const dtype = requireFloat(source, name, source.tensors.get(name)?.dtype ?? "F64");
    if (!dtypes.has(dtype)) dtypes.set(dtype, name);
  }
  const [precision, ...others] = dtypes.keys();
  if (precision !== undefined && others.length === 0) return precision;
  const which = Array.from(dtypes, ([dtype, name]) => `${name} is ${dtype}`).join(", ");
  throw source.refuse("dtype", `the parameters have several dtypes: ${which}; expected one`, ...dtypes.values());
}

function parametersOf(source: CaseSource): [keyof RnnParameters<unknown>, string][] {
  const all = Object.entries(parameterNames) as [keyof RnnParameters<unknown>, string][];
  return all.filter(([, name]) => source.tensors.has(name));
}
