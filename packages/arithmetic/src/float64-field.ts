import { LiftError } from "./errors.ts";
import type { BinaryOperation, BinarySlot, NudgedField, UnaryOperation, UnarySlot } from "./field.ts";
import { multiplyAddLanes, perturbLanes } from "./float64-lanes.ts";

import { sigmoid } from "./sigmoid.ts";
import { signOf } from "./sign.ts";

const unary: Record<UnaryOperation, UnarySlot<Float64Array>> = {
  negate: (o, i, a, j) => {
    o[i] = -a[j];
  },
  square: (o, i, a, j) => {
    o[i] = a[j] * a[j];
  },
  oneMinus: (o, i, a, j) => {
    o[i] = 1 - a[j];
  },
  reciprocal: (o, i, a, j) => {
    o[i] = 1 / a[j];
  },
  tanh: (o, i, a, j) => {
    o[i] = Math.tanh(a[j]);
  },
  sigmoid: (o, i, a, j) => {
    o[i] = sigmoid(a[j]);
  },
  exp: (o, i, a, j) => {
    o[i] = Math.exp(a[j]);
  },
  log: (o, i, a, j) => {
    o[i] = Math.log(a[j]);
  },
  log1p: (o, i, a, j) => {
    o[i] = Math.log1p(a[j]);
  },
  sqrt: (o, i, a, j) => {
    o[i] = Math.sqrt(a[j]);
  },
  sin: (o, i, a, j) => {
    o[i] = Math.sin(a[j]);
  },
  cos: (o, i, a, j) => {
    o[i] = Math.cos(a[j]);
  },
  relu: (o, i, a, j) => {
    o[i] = Math.max(a[j], 0);
  },
  step: (o, i, a, j) => {
    if (a[j] > 0) o[i] = 1;
    else o[i] = Number.isNaN(a[j]) ? Number.NaN : 0;
  },
  sign: (o, i, a, j) => {
    o[i] = signOf(a[j]);
  },
};

const binary: Record<BinaryOperation, BinarySlot<Float64Array>> = {
  add: (o, i, a, j, b, k) => {
    o[i] = a[j] + b[k];
  },
  subtract: (o, i, a, j, b, k) => {
    o[i] = a[j] - b[k];
  },
  multiply: (o, i, a, j, b, k) => {
    o[i] = a[j] * b[k];
  },
  divide: (o, i, a, j, b, k) => {
    o[i] = a[j] / b[k];
  },
  maximum: (o, i, a, j, b, k) => {
    o[i] = Math.max(a[j], b[k]);
  },
};

/** Doubles one at a time: what `dense`, `dual` and `stochastic` build on; {@link float64} is the fast one of the same bits. */
export const float64Field: NudgedField<Float64Array> = {
  name: "float64",
  unitRoundoff: 2 ** -53,
  store: (elements) => new Float64Array(elements),
  copy(o, i, a, j) {
    o[i] = a[j];
  },
  lift(o, i, x) {
    if (!Number.isFinite(x)) throw new LiftError("float64", x, "a finite number");
    o[i] = x;
  },
  round(o, i, x) {
    o[i] = x;
  },
  lower: (a, i) => a[i],
  same: (a, i, b, j) => Object.is(a[i], b[j]),
  poison(o, i) {
    o[i] = Number.NaN;
  },
  poisonAll(o, start, end) {
    o.fill(Number.NaN, start, end);
  },
  unary: (operation) => unary[operation],
  binary: (operation) => binary[operation],
  multiplyAdd(o, i, a, j, b, k) {
    o[i] += a[j] * b[k];
  },
  nudge(o, i, relative, absolute) {
    o[i] += o[i] * relative + absolute;
  },
  perturbLanes,
  multiplyAddLanes,
};
