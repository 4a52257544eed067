import type { Case, GivenGradient, NumericArray } from "./case.ts";
import { gradientPrefix, parameterNames } from "./case-names.ts";
import { readCase } from "./case-reader.ts";
import type { FloatDtype } from "./dtype.ts";
import { CaseError, FileFormatError, TensorWriteError } from "./errors.ts";
import { writeNpz } from "./npz-writer.ts";
import { writeSafetensors } from "./safetensors-writer.ts";
import { nearest } from "./tensor-bytes.ts";
import type { WritableTensor } from "./tensor-file.ts";

/**
 * Writes a case as a file that `readCase` reads back to the same values.
 *
 * Parameters are written in `precision`, gradients in their own dtype, each value exactly; x, h0, mask and target in
 * `precision` where it holds them and as F64 where not; classes as I64. h0 is always written.
 *
 * @param given a problem with at least one gradient
 * @param format `safetensors`, or `npz` (stored; NumPy has no BF16)
 * @returns the whole file
 * @throws TensorWriteError where a dtype does not hold a value, CaseError where shapes or values make no case
 * @example
 * ```ts
 * const one = (shape: number[], value: number) => ({ shape, data: Float64Array.of(value) });
 * const bytes = writeCase(
 *   {
 *     precision: "F64",
 *     problem: {
 *       nonlinearity: "tanh",
 *       parameters: { Wxh: one([1, 1], 0.5), Whh: one([1, 1], -1), Why: one([1, 1], 2) },
 *       x: one([1, 1, 1], 0.25),
 *       h0: one([1, 1], 0),
 *       loss: "mse",
 *       reduction: "sum",
 *       target: one([1, 1, 1], 1),
 *     },
 *     gradients: [{ name: "x", of: "x", dtype: "F64", ...one([1, 1, 1], 0.5) }],
 *   },
 *   "npz",
 * );
 * console.log(readCase(bytes).gradients[0]?.name); // -> x
 * ```
 */
export function writeCase(given: Case, format: "safetensors" | "npz"): Uint8Array {
  const file = { tensors: caseTensors(given), metadata: caseSettings(given) };
  try {
    const bytes = format === "npz" ? writeNpz(file) : writeSafetensors(file);
    // What was written is read: a case that could not be judged is refused here, where it was made.
    readCase(bytes);
    return bytes;
  } catch (error) {
    if (error instanceof CaseError) throw new CaseError("writeCase", error.problem, error.detail, error.names);
    if (error instanceof TensorWriteError) throw new TensorWriteError("writeCase", error.place, error.detail);
    if (error instanceof FileFormatError) throw new TensorWriteError("writeCase", error.place ?? "file", error.detail);
    throw error;
  }
}

function caseTensors({ problem, precision, gradients }: Case): Map<string, WritableTensor> {
  const tensors = new Map<string, WritableTensor>();
  for (const [parameter, name] of Object.entries(parameterNames)) {
    const values = problem.parameters[parameter as keyof typeof parameterNames];
    if (values !== undefined) tensors.set(name, { dtype: precision, ...values });
  }
  const add = (name: string, values: NumericArray | undefined) => {
    if (values !== undefined) tensors.set(name, { dtype: holding(precision, values), ...values });
  };
  add("x", problem.x);
  add("h0", problem.h0);
  add("mask", problem.mask);
  if (problem.loss === "linear") {
    add("grad_output", problem.target.outputs);
    add("grad_hidden", problem.target.states);
  } else if (problem.loss === "cross_entropy") {
    const data = BigInt64Array.from(problem.target, BigInt);
    tensors.set("target", { dtype: "I64", shape: problem.x.shape.slice(0, 2), data });
  } else {
    add("target", problem.target);
  }
  for (const gradient of gradients) tensors.set(gradientPrefix + gradient.name, ofGradient(gradient));
  return tensors;
}

function ofGradient({ dtype, shape, data }: GivenGradient): WritableTensor {
  return { dtype, shape, data };
}

/** The case's precision where every value is one of its, F64 otherwise. */
function holding(precision: FloatDtype, { data }: NumericArray): FloatDtype {
  return data.every((value) => Object.is(nearest(precision, value), value)) ? precision : "F64";
}

function caseSettings({ problem }: Case): Map<string, string> {
  const settings = new Map<string, string>([["nonlinearity", problem.nonlinearity]]);
  if (problem.loss === "linear") return settings;
  return settings.set("loss", problem.loss).set("reduction", problem.reduction);
}
