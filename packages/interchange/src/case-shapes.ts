import { type CaseSource, showTensor } from "./case-source.ts";
import { showShape } from "./quote.ts";

/** A length of the problem: time steps, sequences, inputs, hidden units, outputs. */
type Dimension = "T" | "B" | "I" | "H" | "O";

const meaning: Readonly<Record<Dimension, string>> = {
  T: "time steps",
  B: "sequences",
  I: "inputs",
  H: "hidden units",
  O: "outputs",
};

const layouts: readonly (readonly [tensor: string, layout: readonly Dimension[]])[] = [
  ["rnn.weight_ih_l0", ["H", "I"]],
  ["rnn.weight_hh_l0", ["H", "H"]],
  ["rnn.bias_ih_l0", ["H"]],
  ["rnn.bias_hh_l0", ["H"]],
  ["readout.weight", ["O", "H"]],
  ["readout.bias", ["O"]],
  ["x", ["T", "B", "I"]],
  ["h0", ["B", "H"]],
  ["mask", ["T", "B"]],
  ["grad_output", ["T", "B", "O"]],
  ["grad_hidden", ["T", "B", "H"]],
];

export interface CaseSizes {
  readonly T: number;
  readonly B: number;
  readonly H: number;
}

/**
 * Checks every shape of a case against the others. The first tensor of the table above with a dimension fixes it, and
 * a message about a later one says which did.
 */
export function requireShapes(source: CaseSource, classes: boolean): CaseSizes {
  const fixed = new Map<Dimension, { length: number; by: string }>();
  const target = ["target", classes ? ["T", "B"] : ["T", "B", "O"]] as const;
  for (const [name, layout] of [...layouts, target] as typeof layouts) {
    const tensor = source.tensors.get(name);
    if (tensor === undefined) continue;
    const { shape } = tensor;
    if (shape.length !== layout.length) {
      throw source.refuse(
        "shape",
        `${showTensor(name, tensor)} has ${shape.length} dimensions; ${expected(layout)}`,
        name,
      );
    }
    layout.forEach((dimension, axis) => {
      const length = shape[axis] as number;
      const first = fixed.get(dimension);
      if (first === undefined) {
        if (length < 1) {
          const detail = `${showTensor(name, tensor)} has no ${meaning[dimension]} (${dimension} = 0)`;
          throw source.refuse("shape", `${detail}; expected at least one`, name);
        }
        fixed.set(dimension, { length, by: showTensor(name, tensor) });
      } else if (first.length !== length) {
        const wants = layout.map((d) => fixed.get(d)?.length ?? d);
        const reason = `${dimension} = ${first.length} ${meaning[dimension]} by ${first.by}`;
        const detail = `${showTensor(name, tensor)} does not fit; expected [${wants.join(", ")}], with ${reason}`;
        throw source.refuse("shape", detail, name);
      }
    });
  }
  const size = (dimension: Dimension) => fixed.get(dimension)?.length as number;
  return { T: size("T"), B: size("B"), H: size("H") };
}

function expected(layout: readonly Dimension[]): string {
  const next = layout[0] === "T" ? "; next: time first, sequences second (not batch_first), one sequence is B = 1" : "";
  return `expected ${showShape(layout as unknown as number[])}${next}`;
}
