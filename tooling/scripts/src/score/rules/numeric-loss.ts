import { float64 } from "@gradproof/arithmetic";
import { forward, liftProblem, mapProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";

/** Numbers by what they are the values, or the gradient, of: Wxh, ..., h0, x. */
export type Inputs = ReadonlyMap<string, Float64Array>;

/** A loss as a function of what it is differentiated with respect to. */
export interface NumericLoss {
  readonly inputs: Inputs;
  readonly at: (inputs: Inputs) => number;
}

/** The problem's loss in float64, a function of its weights, biases, x and h_0. */
export function numericLoss(problem: RnnProblem<NumericArray>): NumericLoss {
  const fixed = new Set(["mask", "target", "target.outputs", "target.states"]);
  const inputs = new Map<string, Float64Array>();
  mapProblem(problem, (values, name) => {
    if (!fixed.has(name)) inputs.set(name, values.data);
  });
  const at = (values: Inputs) => {
    const moved = mapProblem(problem, ({ shape, data }, name) => ({ shape, data: values.get(name) ?? data }));
    let loss = Number.NaN;
    float64.scope(() => {
      loss = float64.lower(forward(float64, liftProblem(float64, moved)).loss)[0] as number;
    });
    return loss;
  };
  return { inputs, at };
}

/** The inputs moved by `step` along a direction; inputs that it has nothing for stay. */
export function moved(inputs: Inputs, direction: Inputs, step: number): Inputs {
  return new Map(
    [...inputs].map(([name, values]) => {
      const along = direction.get(name);
      return [name, along ? values.map((value, i) => value + step * (along[i] as number)) : values];
    }),
  );
}

/** For each element of each input a number, from the loss as a function of that element's displacement. */
export function elementwise(
  { inputs, at }: NumericLoss,
  derivative: (loss: (step: number) => number, value: number) => number,
): Inputs {
  return new Map(
    [...inputs].map(([name, values]) => {
      const own = values.slice();
      const others = new Map(inputs).set(name, own);
      const derivatives = values.map((value, i) => {
        const loss = (step: number) => {
          own[i] = value + step;
          const result = at(others);
          own[i] = value;
          return result;
        };
        return derivative(loss, value);
      });
      return [name, derivatives];
    }),
  );
}

/** Σ a b over everything that both have. */
export function inner(a: Inputs, b: Inputs): number {
  let sum = 0;
  for (const [name, values] of a) {
    const others = b.get(name);
    if (others) for (let i = 0; i < values.length; i++) sum += (values[i] as number) * (others[i] as number);
  }
  return sum;
}
