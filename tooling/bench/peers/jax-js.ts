import { dimensions, type NumericArray, parameterNames, type RnnProblem } from "@gradproof/rnn";
import { init, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { Prepared } from "../src/contenders/contender.ts";

type Parameters = Record<(typeof parameterNames)[number], np.Array>;

/** jax-js on its WebAssembly device, the whole step compiled. */
export async function jaxJs(problem: RnnProblem<NumericArray>): Promise<Prepared> {
  await init("wasm");
  const { T, B, I, H, O } = dimensions(problem);
  const array = ({ data, shape }: NumericArray) => np.array(Float32Array.from(data)).reshape([...shape]);
  const parameters = Object.fromEntries(
    parameterNames.map((name) => [name, array(problem.parameters[name] as NumericArray)]),
  ) as Parameters;
  const x = array(problem.x).reshape([T * B, I]);
  const h0 = array(problem.h0);
  const target =
    problem.loss === "cross_entropy"
      ? nn.oneHot(np.array(Int32Array.from(problem.target)), O)
      : array(problem.target as NumericArray).reshape([T * B, O]);

  function loss({ Wxh, Whh, Why, bxh, bhh, by }: Parameters): np.Array {
    const u = np.matmul(x.ref, Wxh.transpose()).add(bxh).add(bhh).reshape([T, B, H]);
    const transposed = Whh.transpose();
    const states: np.Array[] = [];
    let h = h0.ref;
    for (let t = 0; t < T; t++) {
      h = np.tanh(u.ref.slice(t).add(np.matmul(h, transposed.ref)));
      states.push(h.ref);
    }
    h.dispose();
    u.dispose();
    transposed.dispose();
    const y = np.matmul(np.concatenate(states, 0), Why.transpose()).add(by);
    if (problem.loss === "mse") return np.mean(np.square(y.sub(target.ref)));
    return np.sum(nn.logSoftmax(y).mul(target.ref)).mul(-1 / (T * B));
  }
  const step = jit(valueAndGrad(loss));
  const held = (): Parameters =>
    Object.fromEntries(parameterNames.map((name) => [name, parameters[name].ref])) as Parameters;
  return {
    async step() {
      const [value, gradient] = step(held());
      for (const name of parameterNames) await gradient[name].data();
      value.dispose();
    },
    async gradient() {
      const [value, gradient] = step(held());
      value.dispose();
      const entries = parameterNames.map(async (name) => [name, await gradient[name].data()] as const);
      return Object.fromEntries(await Promise.all(entries));
    },
  };
}
