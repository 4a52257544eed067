import { float64, random, type Tensor } from "@gradproof/arithmetic";
import { type Case, type GivenGradient, parameterNames, writeCase } from "@gradproof/interchange";
import { backward, bptt, forward, initialise, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { mistakes } from "@gradproof/verification";

export const exampleNames = ["right", "recurrent-not-transposed", "window-3"] as const;

/** A gradient without a mistake, or the name of the catalogue of the one in it. */
export type ExampleName = (typeof exampleNames)[number];

const [T, B, I, H, O] = [16, 2, 3, 6, 2];

/** The problem of the examples: a loss at every step, so that there is something to carry back. */
function problem(): RnnProblem<NumericArray> {
  const source = random(11);
  const draw = (...shape: number[]): NumericArray => {
    const length = shape.reduce((product, size) => product * size, 1);
    return { shape, data: Float64Array.from({ length }, () => source.normal()) };
  };
  return {
    nonlinearity: "tanh",
    loss: "mse",
    reduction: "mean",
    parameters: initialise({ seed: 5, I, H, O, kind: "uniform" }),
    x: draw(T, B, I),
    h0: draw(B, H),
    target: draw(T, B, O),
  };
}

/** A case file as a program would write it whose BPTT has the mistake, or none. */
export function exampleFile(name: ExampleName): Uint8Array<ArrayBuffer> {
  const given = problem();
  const lifted = liftProblem(float64, given);
  const mistake = mistakes.find((known) => known.name === name);
  const equations = { ...bptt<Float64Array>(), ...mistake?.equations<Float64Array>() };
  const derived = backward(float64, lifted, forward(float64, lifted), equations);
  const gradients = Object.entries(derived).map(([key, tensor]: [string, Tensor<Float64Array>]): GivenGradient => {
    const of = key as GivenGradient["of"];
    const name = of === "x" || of === "h0" ? of : parameterNames[of];
    return { name, of, dtype: "F64", shape: tensor.shape, data: float64.lower(tensor) };
  });
  // Nothing in it is undefined, which is all that the two declarations of a problem differ in.
  const problemOfFile = given as Case["problem"];
  return Uint8Array.from(writeCase({ problem: problemOfFile, precision: "F64", gradients }, "safetensors"));
}
