import { gradientPrefix } from "./case-names.ts";
import { type CaseSource, list, showTensor } from "./case-source.ts";

/** Layers, directions and projections that torch.nn names, and what a file that has them is instead. */
const otherModels: readonly (readonly [pattern: RegExp, model: string])[] = [
  [/^rnn\.\w+_l\d+_reverse$/, "a bidirectional RNN"],
  [/^rnn\.\w+_l0*[1-9]\d*$/, "an RNN of several layers"],
  [/^rnn\.weight_hr_l0$/, "an LSTM with projections"],
];

const gatedModels: Readonly<Record<number, string>> = { 3: "a GRU", 4: "an LSTM" };

const expected = "expected a vanilla RNN: one layer, one direction, weight_ih [H, I] and weight_hh [H, H]";

/** Refuses the files of models that gradproof has no derivation for, before anything is said about shapes. */
export function requireVanillaRnn(source: CaseSource): void {
  const names = [...source.tensors.keys()];
  for (const [pattern, model] of otherModels) {
    const found = names.filter((name) =>
      pattern.test(name.startsWith(gradientPrefix) ? name.slice(gradientPrefix.length) : name),
    );
    if (found.length > 0) {
      throw source.refuse("not-a-vanilla-rnn", `${list(found)}: this is ${model}; ${expected}`, ...found);
    }
  }
  const [Wxh, Whh] = [source.tensors.get("rnn.weight_ih_l0"), source.tensors.get("rnn.weight_hh_l0")];
  if (Wxh === undefined || Whh === undefined) return;
  const [rows, columns] = Whh.shape;
  if (Whh.shape.length !== 2 || Wxh.shape[0] !== rows || rows === undefined || columns === undefined) return;
  const model = gatedModels[rows / columns];
  if (model === undefined) return;
  const shapes = `${showTensor("rnn.weight_ih_l0", Wxh)} and ${showTensor("rnn.weight_hh_l0", Whh)}`;
  const detail = `${shapes}: with ${rows} = ${rows / columns}·${columns} rows this is ${model}; ${expected}`;
  throw source.refuse("not-a-vanilla-rnn", detail, "rnn.weight_ih_l0", "rnn.weight_hh_l0");
}
