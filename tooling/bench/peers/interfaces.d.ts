/**
 * What bench calls of the libraries beside this file, so that it can be checked where they are not installed.
 * It is what their own declarations say, cut down to what is called.
 */

declare module "@tensorflow/tfjs-backend-wasm" {}

declare module "@tensorflow/tfjs" {
  interface Tensor {
    dataSync(): Float32Array;
  }
  function setBackend(name: string): Promise<boolean>;
  function ready(): Promise<void>;
  function tensor(values: Float32Array, shape: number[]): Tensor;
  function tensor1d(values: Int32Array, type: "int32"): Tensor;
  function reshape(t: Tensor, shape: number[]): Tensor;
  function matMul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor;
  function add(a: Tensor, b: Tensor): Tensor;
  function mul(a: Tensor, b: Tensor): Tensor;
  function div(a: Tensor, b: number): Tensor;
  function sum(t: Tensor): Tensor;
  function mean(t: Tensor): Tensor;
  function tanh(t: Tensor): Tensor;
  function squaredDifference(a: Tensor, b: Tensor): Tensor;
  function logSoftmax(t: Tensor): Tensor;
  function oneHot(t: Tensor, classes: number): Tensor;
  function cast(t: Tensor, type: "float32"): Tensor;
  function unstack(t: Tensor): Tensor[];
  function concat(parts: Tensor[], axis: number): Tensor;
  function valueAndGrads(
    f: (...parameters: Tensor[]) => Tensor,
  ): (parameters: Tensor[]) => { readonly value: Tensor; readonly grads: Tensor[] };
  function tidy<R>(body: () => R): R;
  function dispose(tensors: Tensor[]): void;
}

declare module "@jax-js/jax" {
  export function init(device: "wasm"): Promise<unknown>;
  export function jit<F>(f: F): F;
  export function valueAndGrad<P>(f: (parameters: P) => numpy.Array): (parameters: P) => [numpy.Array, P];
  export namespace nn {
    function oneHot(classes: numpy.Array, count: number): numpy.Array;
    function logSoftmax(x: numpy.Array): numpy.Array;
  }
  export namespace numpy {
    interface Array {
      readonly ref: Array;
      data(): Promise<Float32Array>;
      dispose(): void;
      add(other: Array): Array;
      sub(other: Array): Array;
      mul(other: Array | number): Array;
      reshape(shape: number[]): Array;
      slice(index: number): Array;
      transpose(): Array;
    }
    function array(values: Float32Array | Int32Array): Array;
    function matmul(a: Array, b: Array): Array;
    function concatenate(parts: Array[], axis: number): Array;
    function tanh(x: Array): Array;
    function square(x: Array): Array;
    function mean(x: Array): Array;
    function sum(x: Array): Array;
  }
}

declare module "js-pytorch" {
  interface Tensor {
    readonly shape: number[];
    readonly grad: unknown;
    zero_grad(): void;
    backward(): void;
  }
  export const torch: {
    tensor(values: unknown, requiresGrad?: boolean): Tensor;
    transpose(t: Tensor, first: number, second: number): Tensor;
    matmul(a: Tensor, b: Tensor): Tensor;
    add(a: Tensor, b: Tensor | number): Tensor;
    mul(a: Tensor, b: Tensor | number): Tensor;
    div(a: Tensor, b: Tensor): Tensor;
    neg(t: Tensor): Tensor;
    exp(t: Tensor): Tensor;
    log(t: Tensor): Tensor;
    pow(t: Tensor, exponent: number): Tensor;
    mean(t: Tensor, axis: number): Tensor;
  };
}
