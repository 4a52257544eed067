import { float64 } from "@gradproof/arithmetic";
import { type Case, type FloatDtype, type GivenGradient, type NumericArray, writeCase } from "@gradproof/interchange";
import { backward, bptt, type Equations, forward, liftProblem, type RnnProblem } from "@gradproof/rnn";
import { mistakes } from "@gradproof/verification";

/** Numbers that repeat nothing and are exact in float32: a walk of multiples of 1/64 in [-1, 1]. */
export function numbers(shape: readonly number[], start: number): NumericArray {
  const length = shape.reduce((product, axis) => product * axis, 1);
  const data = Float64Array.from({ length }, (_, i) => (((i + start) * 37) % 129) / 64 - 1);
  return { shape, data };
}

const [T, B, I, H, O] = [5, 2, 3, 4, 2];

/** A tanh RNN with squared error. */
export const problem: RnnProblem<NumericArray> = {
  nonlinearity: "tanh",
  loss: "mse",
  reduction: "mean",
  parameters: {
    Wxh: numbers([H, I], 1),
    Whh: numbers([H, H], 20),
    bxh: numbers([H], 50),
    Why: numbers([O, H], 60),
    by: numbers([O], 80),
  },
  x: numbers([T, B, I], 90),
  h0: numbers([B, H], 130),
  target: numbers([T, B, O], 150),
};

/** What the hand-derived BPTT gives in float64, or one with equations replaced. */
export function gradientsOf(equations?: Partial<Equations<Float64Array>>): GivenGradient[] {
  const A = float64;
  const lifted = liftProblem(A, problem);
  const gradient = backward(A, lifted, forward(A, lifted), { ...bptt<Float64Array>(), ...equations });
  const names = { Wxh: "rnn.weight_ih_l0", Whh: "rnn.weight_hh_l0", Why: "readout.weight", h0: "h0", x: "x" } as const;
  return Object.entries(names).map(([of, name]): GivenGradient => {
    const tensor = gradient[of as keyof typeof names];
    if (tensor === undefined) throw new Error(`no gradient of ${of}`);
    return { name, of: of as keyof typeof names, dtype: "F64", shape: tensor.shape, data: A.lower(tensor) };
  });
}

/** The bytes of a case file of that problem. */
export function caseFile(
  gradients: readonly GivenGradient[] = gradientsOf(),
  format: "safetensors" | "npz" = "safetensors",
  of: Case["problem"] = problem as Case["problem"],
  precision: FloatDtype = "F64",
): Uint8Array {
  return writeCase({ problem: of, precision, gradients }, format);
}

/** A case whose gradients a known mistake gave. */
export function mistakenCase(name: string): Uint8Array {
  const mistake = mistakes.find((known) => known.name === name);
  if (mistake === undefined) throw new Error(`no mistake is named ${name}`);
  return caseFile(gradientsOf(mistake.equations<Float64Array>()));
}

/** A correct float32 program overflows on this one, and may then give anything. */
export function overflowingCase(): Uint8Array {
  const parameters = { ...problem.parameters, Whh: { shape: [H, H], data: new Float64Array(H * H).fill(2 ** 100) } };
  const shape = [H, H];
  const data = new Float64Array(H * H).fill(Number.POSITIVE_INFINITY);
  const gradients: GivenGradient[] = [{ name: "rnn.weight_hh_l0", of: "Whh", dtype: "F32", shape, data }];
  const overflowing = {
    ...problem,
    nonlinearity: "relu",
    parameters,
    h0: { ...problem.h0, data: problem.h0.data.map(Math.abs) },
  };
  return caseFile(gradients, "safetensors", overflowing as Case["problem"], "F32");
}

/** One number of the gradient of W_hh replaced. */
export function tamperedCase(value: number): Uint8Array {
  const gradients = gradientsOf().map((gradient) => {
    if (gradient.of !== "Whh") return gradient;
    const data = gradient.data.slice();
    data[6] = value;
    return { ...gradient, data };
  });
  return caseFile(gradients);
}
