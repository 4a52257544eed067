import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { dimensions, type NumericArray, parameterNames, type RnnProblem } from "@gradproof/rnn";
import type { Contender, Prepared } from "./contender.ts";

/** TensorFlow.js by its gradient functions; inputs and outputs of all steps in one product each, as its users would. */
export function tensorflow(backend: "cpu" | "wasm"): Contender {
  return {
    name: `TensorFlow.js ${backend}`,
    slow: backend === "cpu",
    leavesOut: backend === "cpu" ? ["S2", "S3", "S4"] : [],
    async prepare(problem) {
      if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend}`);
      await tf.ready();
      return prepared(backend, problem);
    },
  };
}

function prepared(backend: string, problem: RnnProblem<NumericArray>): Prepared {
  const { T, B, I, H, O } = dimensions(problem);
  const tensor = ({ data, shape }: NumericArray) => tf.tensor(Float32Array.from(data), [...shape]);
  const parameters = parameterNames.map((name) => tensor(problem.parameters[name] as NumericArray));
  const x = tensor(problem.x).reshape([T * B, I]) as tf.Tensor2D;
  const h0 = tensor(problem.h0) as tf.Tensor2D;
  const target = targetOf(problem, T * B, O);

  function loss(...[Wxh, Whh, Why, bxh, bhh, by]: tf.Tensor[]): tf.Scalar {
    const projected = tf.matMul(x, Wxh as tf.Tensor2D, false, true).add(bxh).add(bhh);
    const steps = tf.unstack(projected.reshape([T, B, H]));
    const states: tf.Tensor[] = [];
    let h: tf.Tensor = h0;
    for (const u of steps) {
      h = tf.tanh(u.add(tf.matMul(h as tf.Tensor2D, Whh as tf.Tensor2D, false, true)));
      states.push(h);
    }
    const all = tf.concat(states, 0) as tf.Tensor2D;
    const y = tf.matMul(all, Why as tf.Tensor2D, false, true).add(by);
    if (problem.loss === "mse") return tf.mean(tf.squaredDifference(y, target));
    return tf.logSoftmax(y as tf.Tensor2D).mul(target).sum().div(-T * B);
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
  if (problem.loss === "cross_entropy") return tf.oneHot(tf.tensor1d(problem.target, "int32"), O).toFloat();
  if (problem.loss !== "mse") throw new TypeError(`bench: loss ${problem.loss}; expected cross_entropy or mse`);
  return tf.tensor(Float32Array.from(problem.target.data), [rows, O]);
}
