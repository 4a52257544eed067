import { dimensions, type NumericArray, parameterNames, type RnnProblem } from "@gradproof/rnn";
import { torch } from "js-pytorch";
import type { Prepared } from "../src/contenders/contender.ts";

type JsTensor = ReturnType<typeof torch.tensor>;
type Nested = number[] | Nested[];

/** js-pytorch, whose tensors are nested arrays; it has no tanh, which is made of exp, and adds a bias to one row only: the shapes with a batch of 1 are within its reach. */
export function jsPytorch(problem: RnnProblem<NumericArray>): Prepared {
  const { T, B, I, O } = dimensions(problem);
  const parameters = Object.fromEntries(
    parameterNames.map((name) => {
      const { shape, data } = problem.parameters[name] as NumericArray;
      return [name, torch.tensor(nested(shape.length === 1 ? [1, ...shape] : shape, data) as never, true)];
    }),
  ) as Record<string, JsTensor>;
  const steps = Array.from({ length: T }, (_, t) =>
    torch.tensor(nested([B, I], problem.x.data.subarray(t * B * I, (t + 1) * B * I)) as never),
  );
  const h0 = torch.tensor(nested(problem.h0.shape, problem.h0.data) as never);
  const targets = Array.from({ length: T }, (_, t) => torch.tensor(targetRows(problem, t, B, O) as never));

  function run(): void {
    const { Wxh, Whh, Why, bxh, bhh, by } = parameters as Record<string, never>;
    for (const parameter of Object.values(parameters)) parameter.zero_grad();
    const transposed = (w: JsTensor) => torch.transpose(w, 0, 1);
    const [x2h, h2h, h2y] = [transposed(Wxh), transposed(Whh), transposed(Why)];
    let h: JsTensor = h0;
    let total: JsTensor | undefined;
    for (let t = 0; t < T; t++) {
      const input = torch.add(torch.add(torch.matmul(steps[t], x2h), bxh), bhh);
      h = tanh(torch.add(input, torch.matmul(h, h2h)));
      const y = torch.add(torch.matmul(h, h2y), by);
      const term = problem.loss === "mse" ? squared(y, targets[t]) : crossEntropy(y, targets[t]);
      total = total ? torch.add(total, term) : term;
    }
    const scale = problem.loss === "mse" ? 1 / (T * B * O) : 1 / (T * B);
    torch.mul(total as JsTensor, scale).backward();
  }
  return {
    step: run,
    gradient() {
      run();
      return Object.fromEntries(parameterNames.map((name) => [name, flat(parameters[name].grad as Nested)]));
    },
  };
}

/** (e^2u - 1) / (e^2u + 1) */
function tanh(u: JsTensor): JsTensor {
  const e = torch.exp(torch.mul(u, 2));
  return torch.div(torch.add(e, -1), torch.add(e, 1));
}

function squared(y: JsTensor, target: JsTensor): JsTensor {
  return sum(torch.pow(torch.add(y, torch.neg(target)), 2));
}

/** Targets are one-hot rows; the logits are small enough for the plain formula. */
function crossEntropy(y: JsTensor, target: JsTensor): JsTensor {
  return torch.add(torch.log(sum(torch.exp(y))), torch.neg(sum(torch.mul(y, target))));
}

/** Σ of a row [1, N], as [1]. */
function sum(t: JsTensor): JsTensor {
  return torch.mul(torch.mean(t, -1), t.shape[1]);
}

function targetRows(problem: RnnProblem<NumericArray>, t: number, B: number, O: number): Nested {
  if (problem.loss === "cross_entropy") {
    return Array.from({ length: B }, (_, b) =>
      Array.from({ length: O }, (_, o) => Number(problem.target[t * B + b] === o)),
    );
  }
  return nested([B, O], (problem.target as NumericArray).data.subarray(t * B * O, (t + 1) * B * O));
}

function nested(shape: readonly number[], data: Float64Array): Nested {
  if (shape.length === 1) return Array.from(data);
  const size = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => nested(shape.slice(1), data.subarray(i * size, (i + 1) * size)));
}

function flat(values: Nested): number[] {
  return (values as number[]).flat(Number.POSITIVE_INFINITY) as number[];
}
