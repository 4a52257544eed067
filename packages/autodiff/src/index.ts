export { at, broadcastTo, reshape, slice, sum, sumTo, take, transpose } from "./movement.ts";
export {
  add,
  logSumExp,
  matmul,
  multiply,
  negate,
  relu,
  softmax,
  softmaxCrossEntropy,
  square,
  subtract,
  tanh,
} from "./operations.ts";
export { grad, type Inputs, valueAndGrad, vjp } from "./transforms.ts";
export { type Variable, type Vjp, variable, wrap } from "./variable.ts";
