import type { GradientOf, RnnParameters } from "./case.ts";

/** The parameters by the names that torch.nn.RNN and torch.nn.Linear give them. */
export const parameterNames: Readonly<Record<keyof RnnParameters<unknown>, string>> = {
  Wxh: "rnn.weight_ih_l0",
  Whh: "rnn.weight_hh_l0",
  bxh: "rnn.bias_ih_l0",
  bhh: "rnn.bias_hh_l0",
  Why: "readout.weight",
  by: "readout.bias",
};

/** What a name of a file is the name of, where a gradient of it can be given. */
export const differentiable: ReadonlyMap<string, GradientOf> = new Map<string, GradientOf>([
  ...Object.entries(parameterNames).map(([of, name]) => [name, of as GradientOf] as const),
  ["x", "x"],
  ["h0", "h0"],
]);

/** Tensors that are no gradient under test. */
export const tensorNames: readonly string[] = [
  ...differentiable.keys(),
  "target",
  "mask",
  "grad_output",
  "grad_hidden",
];

export const settingNames = ["nonlinearity", "loss", "reduction"] as const;

export const gradientPrefix = "grad.";

/** Tensors and settings of this prefix are nobody's business but the file's owner's. */
export const extraPrefix = "extra.";
