import type { CaseSource } from "./case-source.ts";
import { quote } from "./quote.ts";

export interface CaseSettings {
  readonly nonlinearity: "tanh" | "relu";
  readonly loss: "cross_entropy" | "mse" | "half_squared_error" | "linear";
  readonly reduction: "sum" | "mean";
}

/** The settings of a file whose inventory is complete. */
export function readSettings(source: CaseSource): CaseSettings {
  const nonlinearity = choose(source, "nonlinearity", ["tanh", "relu"], " of a vanilla RNN");
  if (!source.metadata.has("loss")) {
    if (source.metadata.has("reduction")) choose(source, "reduction", ["sum"], " beside grad_output or grad_hidden");
    return { nonlinearity, loss: "linear", reduction: "sum" };
  }
  const loss = choose(source, "loss", ["cross_entropy", "mse", "half_squared_error"], "");
  return { nonlinearity, loss, reduction: choose(source, "reduction", ["sum", "mean"], "") };
}

function choose<Choice extends string>(
  source: CaseSource,
  setting: string,
  choices: readonly Choice[],
  where: string,
): Choice {
  const value = source.metadata.get(setting) ?? "";
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw source.refuse("setting", `${setting} is ${quote(value)}; expected ${choices.join(" or ")}${where}`, setting);
}
