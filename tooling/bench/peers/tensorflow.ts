import "@tensorflow/tfjs-backend-wasm";
import { dimensions, type NumericArray, parameterNames, type RnnProblem } from "@gradproof/rnn";
import * as tf from "@tensorflow/tfjs";
import type { Prepared } from "../src/contenders/contender.ts";

/** TensorFlow.js by its gradient functions; inputs and outputs of all steps in one product each, as its users would. */
export async function tensorflow(backend: "cpu" | "wasm", problem: RnnProblem<NumericArray>): Promise<Prepared> {
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend}`);
  await tf.ready();
  return prepared(backend, problem);
}

function prepared(backend: string, problem: RnnProblem<NumericArray>): Prepared {
  const { T, B, I, H, O } = dimensions(problem);
  const tensor = ({ data, shape }: NumericArray) => tf.tensor(Float32Array.from(data), [...shape]);
  const parameters = parameterNames.map((name) => tensor(problem.parameters[name] as NumericArray));
  const x = tf.reshape(tensor(problem.x), [T * B, I]);
  const h0 = tensor(problem.h0);
  const target = targetOf(problem, T * B, O);

  function loss(...[Wxh, Whh, Why, bxh, bhh, by]: tf.Tensor[]): tf.Tensor {
    const product = tf.matMul(x, Wxh, false, true);
    const projected = tf.add(tf.add(product, bxh), bhh);
    const states: tf.Tensor[] = [];
    let h: tf.Tensor = h0;
    for (const u of tf.unstack(tf.reshape(projected, [T, B, H]))) {
      h = tf.tanh(tf.add(u, tf.matMul(h, Whh, false, true)));
      states.push(h);
    }
    const all = tf.concat(states, 0);
    const y = tf.add(tf.matMul(all, Why, false, true), by);
    if (problem.loss === "mse") return tf.mean(tf.squaredDifference(y, target));
    return tf.div(tf.sum(tf.mul(tf.logSoftmax(y), target)), -T * B);
  }
  const valueAndGrads = tf.valueAndGrads(loss);
  /** Reading one number makes sure that all is done: both backends compute in order. */
  const run = () => {
    tf.setBackend(backend);
    return valueAndGrads(parameters);
  };
  return {
    step: () => tf.tidy(() => void run().grads[0].dataSync()),
    gradient: () =>
      tf.tidy(() => Object.fromEntries(run().grads.map((grad, i) => [parameterNames[i], Array.from(grad.dataSync())]))),
    close: () => tf.dispose([...parameters, x, h0, target]),
  };
}

function targetOf(problem: RnnProblem<NumericArray>, rows: number, O: number): tf.Tensor {
  if (problem.loss === "cross_entropy") return tf.cast(tf.oneHot(tf.tensor1d(problem.target, "int32"), O), "float32");
  if (problem.loss !== "mse") throw new TypeError(`bench: loss ${problem.loss}; expected cross_entropy or mse`);
  return tf.tensor(Float32Array.from(problem.target.data), [rows, O]);
}
