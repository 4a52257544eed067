import { requireBytes } from "./bytes-argument.ts";
import type { NumericArray, RnnParameters } from "./case.ts";
import { type ReadCaseOptions, readEither, readParameters, readPrecision } from "./case-reader.ts";
import { requireShapes } from "./case-shapes.ts";
import { type CaseSource, caseSource, list } from "./case-source.ts";
import type { FloatDtype } from "./dtype.ts";
import type { StoredTensor } from "./tensor-file.ts";
import { requireVanillaRnn } from "./vanilla-rnn.ts";

export type ReadStateDictOptions = Omit<ReadCaseOptions, "gradientsOptional">;

/** The weights of a vanilla RNN, and of a linear layer on its states if there is one, without any data. */
export interface StateDict {
  readonly parameters: RnnParameters<NumericArray>;
  readonly precision: FloatDtype;
  /** What the file says of it; PyTorch's state dict says nothing. */
  readonly nonlinearity: "tanh" | "relu" | undefined;
}

/**
 * Reads the weights of a network from a `.safetensors` or `.npz` file: a PyTorch state dict, whatever its modules are called.
 * The RNN is `rnn`, or else the only module with `weight_hh_l0`; the readout is `readout`, or else the only other matrix with H columns.
 * What else is in the file is passed over.
 *
 * @param bytes the whole file
 * @throws FileFormatError where the file is not what its format requires, CaseError where it has no vanilla RNN, several, or
 * weights that do not fit together
 */
export function readStateDict(bytes: Uint8Array, options: ReadStateDictOptions = {}): StateDict {
  requireBytes("readStateDict", bytes);
  const file = readEither(bytes, options, "readStateDict");
  const named = caseSource(file, options.name, "readStateDict");
  const source = { ...named, tensors: torchNames(named) };
  requireVanillaRnn(source);
  requireShapes(source, false);
  const nonlinearity = file.metadata.get("nonlinearity");
  if (nonlinearity !== undefined && nonlinearity !== "tanh" && nonlinearity !== "relu") {
    throw source.refuse("setting", `nonlinearity is "${nonlinearity}"; expected tanh or relu`, "nonlinearity");
  }
  return { parameters: readParameters(source), precision: readPrecision(source), nonlinearity };
}

/** The tensors of the network by the names that a case has for them. */
function torchNames(source: CaseSource): Map<string, StoredTensor> {
  const names = [...source.tensors.keys()].filter((name) => !name.startsWith("grad."));
  // A checkpoint of training has the optimiser's memory of every weight beside the network.
  const usual = names.filter((name) => name === "rnn.weight_hh_l0");
  const recurrent = usual.length === 1 ? usual : names.filter((name) => name.endsWith("weight_hh_l0"));
  if (recurrent.length !== 1) {
    const found = recurrent.length === 0 ? `the file has ${list(names)}` : `it has ${list(recurrent)}`;
    throw source.refuse("missing", `expected one tensor that ends in weight_hh_l0; ${found}`, ...recurrent);
  }
  const [Whh = ""] = recurrent;
  const prefix = Whh.slice(0, -"weight_hh_l0".length);
  const own = names.filter((name) => name.startsWith(prefix) && /^(weight|bias)_\w+$/.test(name.slice(prefix.length)));
  const readout = readoutPrefix(source, names, prefix, source.tensors.get(Whh)?.shape[1]);
  const tensors = new Map<string, StoredTensor>();
  for (const name of own) tensors.set(`rnn.${name.slice(prefix.length)}`, source.tensors.get(name) as StoredTensor);
  for (const part of ["weight", "bias"]) {
    const tensor = readout === undefined ? undefined : source.tensors.get(readout + part);
    if (tensor) tensors.set(`readout.${part}`, tensor);
  }
  if (!tensors.has("rnn.weight_ih_l0")) {
    throw source.refuse("missing", `${prefix}weight_ih_l0 is missing beside ${Whh}`, `${prefix}weight_ih_l0`);
  }
  return tensors;
}

function readoutPrefix(
  source: CaseSource,
  names: readonly string[],
  rnn: string,
  H: number | undefined,
): string | undefined {
  if (names.includes("readout.weight")) return "readout.";
  const matrices = names.filter((name) => {
    const shape = source.tensors.get(name)?.shape;
    return name.endsWith("weight") && !(rnn !== "" && name.startsWith(rnn)) && shape?.length === 2 && shape[1] === H;
  });
  const [only] = matrices;
  return matrices.length === 1 ? only?.slice(0, -"weight".length) : undefined;
}
