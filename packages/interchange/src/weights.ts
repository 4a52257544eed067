import type { NumericArray, RnnParameters } from "./case.ts";
import { parameterNames } from "./case-names.ts";
import type { StoredTensor, WritableTensor } from "./tensor-file.ts";

type Weight = keyof RnnParameters<unknown>;
const weights = Object.keys(parameterNames) as Weight[];

/** A file that does not hold the weights of a vanilla RNN. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
  /** The tensor that is missing or is not as expected. */
  readonly tensor: string;
  /** The sentence without the function. */
  readonly detail: string;
  constructor(tensor: string, detail: string) {
    super(`weightsOf: ${detail}`);
    this.tensor = tensor;
    this.detail = detail;
  }
}

/**
 * The weights of torch.nn.RNN (as `rnn`) and torch.nn.Linear (as `readout`) among a file's tensors; others are passed over.
 *
 * @param prefix what their names begin with, before `rnn.` and `readout.`
 * @throws WeightsError where one without which there is no RNN is missing, or one is not F32 or F64
 * @example
 * ```ts
 * const shape = [1, 1];
 * const parameters = { Wxh: { shape, data: Float64Array.of(0.5) }, Whh: { shape, data: Float64Array.of(0.25) } };
 * const tensors = weightTensors({ ...parameters, Why: parameters.Wxh }, "F32");
 * console.log([...tensors.keys()].join(" ")); // -> rnn.weight_ih_l0 rnn.weight_hh_l0 readout.weight
 * console.log(weightsOf(readSafetensors(writeSafetensors({ tensors })).tensors).Whh.data[0]); // -> 0.25
 * ```
 */
export function weightsOf(tensors: ReadonlyMap<string, StoredTensor>, prefix = ""): RnnParameters<NumericArray> {
  const found: Partial<Record<Weight, NumericArray>> = {};
  for (const of of weights) {
    const name = prefix + parameterNames[of];
    const tensor = tensors.get(name);
    if (tensor?.dtype === "F32" || tensor?.dtype === "F64") {
      found[of] = { shape: tensor.shape, data: Float64Array.from(tensor.data) };
    } else if (tensor) {
      throw new WeightsError(name, `${name} has the dtype ${tensor.dtype}; expected F32 or F64`);
    } else if (of === "Wxh" || of === "Whh" || of === "Why") {
      throw new WeightsError(name, `there is no tensor ${name}; expected the weights of an RNN and its readout`);
    }
  }
  return found as RnnParameters<NumericArray>;
}

/** Weights as tensors that torch.nn.RNN and torch.nn.Linear load as they are; the other way of {@link weightsOf}. */
export function weightTensors(
  parameters: Readonly<Partial<Record<Weight, NumericArray | undefined>>>,
  dtype: "F32" | "F64",
  prefix = "",
): Map<string, WritableTensor> {
  return new Map(
    weights.flatMap((of): [string, WritableTensor][] => {
      const array = parameters[of];
      return array ? [[prefix + parameterNames[of], { dtype, ...array }]] : [];
    }),
  );
}
