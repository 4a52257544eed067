import { random } from "@gradproof/arithmetic";

export type Kind =
  | "smooth"
  | "scaled"
  | "cancelling"
  | "kink"
  | "noise"
  | "stairs"
  | "edge"
  | "flat"
  | "jump"
  | "undefined"
  | "coarse"
  | "vanishing";

/** A function whose derivative is known, at a point, with gradients that are wrong. */
export interface Known {
  readonly name: string;
  readonly kind: Kind;
  readonly f: (x: Float64Array) => number;
  readonly at: Float64Array;
  /** Right gradients: at a kink any choice between the one-sided derivatives. */
  readonly right: readonly ((x: Float64Array) => readonly number[] | Float64Array)[];
  readonly wrong: readonly Mistake[];
  readonly options?: { readonly unitRoundoff?: number; readonly scale?: number };
}

export interface Mistake {
  readonly name: string;
  readonly gradient: (x: Float64Array) => readonly number[] | Float64Array;
}

type Gradient = (x: Float64Array) => readonly number[] | Float64Array;

/** Mistakes that any gradient can have. */
function usual(gradient: Gradient): Mistake[] {
  const largest = (g: readonly number[] | Float64Array) => {
    let index = 0;
    g.forEach((value, i) => {
      if (Math.abs(value) > Math.abs(g[index])) index = i;
    });
    return index;
  };
  const off =
    (share: number): Gradient =>
    (x) => {
      const g = [...gradient(x)];
      g[largest(g)] *= 1 + share;
      return g;
    };
  return [
    { name: "factor 2", gradient: (x) => Array.from(gradient(x), (value) => 2 * value) },
    { name: "sign", gradient: (x) => Array.from(gradient(x), (value) => -value) },
    { name: "off by 1e-3", gradient: off(1e-3) },
    { name: "off by 1e-6", gradient: off(1e-6) },
  ];
}

function scalar(
  kind: Kind,
  name: string,
  f: (x: number) => number,
  x: number,
  derivative: number | ((x: number) => number),
  more: { wrong?: readonly (readonly [string, number])[]; right?: readonly number[]; options?: Known["options"] } = {},
): Known {
  const right: Gradient = typeof derivative === "number" ? () => [derivative] : ([y]) => [derivative(y)];
  const extra = (more.wrong ?? []).map(([label, value]): Mistake => ({ name: label, gradient: () => [value] }));
  const isZero = right(Float64Array.of(x))[0] === 0;
  return {
    name,
    kind,
    f: ([y]) => f(y),
    at: Float64Array.of(x),
    right: [
      right,
      ...(more.right ?? []).map(
        (value): Gradient =>
          () => [value],
      ),
    ],
    wrong: [...(isZero || !Number.isFinite(right(Float64Array.of(x))[0]) ? [] : usual(right)), ...extra],
    ...(more.options && { options: more.options }),
  };
}

function vector(
  kind: Kind,
  name: string,
  f: (x: Float64Array) => number,
  at: readonly number[],
  gradient: Gradient,
  wrong: Readonly<Record<string, Gradient>> = {},
): Known {
  const extra = Object.entries(wrong).map(([label, other]) => ({ name: label, gradient: other }));
  return { name, kind, f, at: Float64Array.from(at), right: [gradient], wrong: [...usual(gradient), ...extra] };
}

const { sin, cos, exp, log, tanh, sqrt, abs, max, min, floor, fround } = Math;
const sech2 = (x: number) => 1 - tanh(x) ** 2;

/** A hundred layers of tanh, a derivative as long. */
const deep = (x: number) => {
  let h = x;
  for (let i = 0; i < 100; i++) h = tanh(1.02 * h + 0.01);
  return h;
};
const deepDerivative = (x: number) => {
  let [h, d] = [x, 1];
  for (let i = 0; i < 100; i++) {
    h = tanh(1.02 * h + 0.01);
    d *= 1.02 * (1 - h * h);
  }
  return d;
};

/** ½ |tanh(W x)|² in the 2 x 3 elements of W, x fixed; the transposed gradient is a mistake that can be made. */
const [rows, columns] = [2, 3];
const fixed = [0.5, -1.25, 0.75];
const hidden = (W: Float64Array, r: number) =>
  tanh(fixed.reduce((sum, value, c) => sum + W[r * columns + c] * value, 0));
const layer = (W: Float64Array) => (hidden(W, 0) ** 2 + hidden(W, 1) ** 2) / 2;
const layerGradient = (W: Float64Array) =>
  Array.from(W, (_, i) => {
    const h = hidden(W, Math.floor(i / columns));
    return h * (1 - h * h) * fixed[i % columns];
  });
const transposed = (g: readonly number[]) => g.map((_, i) => g[(i % rows) * columns + Math.floor(i / rows)]);

/**
 * A recurrent net of two units over 6 steps with weights of about 1e-3, loss ½ |h_T|²: gradients are tiny, and so are the
 * mistakes in them. x = W (4 elements), U (2): h_t = tanh(W h_{t-1} + U).
 */
const steps = 6;
const states = (x: Float64Array) => {
  const h: [number, number][] = [[0.4, -0.3]];
  for (let t = 0; t < steps; t++) {
    const [a, b] = h[t];
    h.push([tanh(x[0] * a + x[1] * b + x[4]), tanh(x[2] * a + x[3] * b + x[5])]);
  }
  return h;
};
const recurrent = (x: Float64Array) => (states(x)[steps][0] ** 2 + states(x)[steps][1] ** 2) / 2;
const backward = (
  carry: (x: Float64Array, delta: [number, number], h: [number, number]) => [number, number],
  from = 0,
): Gradient => {
  return (x) => {
    const h = states(x);
    const g = new Array<number>(6).fill(0);
    let dh = h[steps];
    for (let t = steps - 1; t >= from; t--) {
      const delta: [number, number] = [dh[0] * (1 - h[t + 1][0] ** 2), dh[1] * (1 - h[t + 1][1] ** 2)];
      for (const r of [0, 1]) {
        g[2 * r] += delta[r] * h[t][0];
        g[2 * r + 1] += delta[r] * h[t][1];
        g[4 + r] += delta[r];
      }
      dh = carry(x, delta, dh);
    }
    return g;
  };
};
const throughTime = backward((x, [a, b]) => [x[0] * a + x[2] * b, x[1] * a + x[3] * b]);
const recurrentMistakes: Record<string, Gradient> = {
  "missing transpose": backward((x, [a, b]) => [x[0] * a + x[1] * b, x[2] * a + x[3] * b]),
  "recurrent term dropped": backward(() => [0, 0]),
  "carry without f'": backward((x, _, [a, b]) => [x[0] * a + x[2] * b, x[1] * a + x[3] * b]),
  "oldest step skipped": backward((x, [a, b]) => [x[0] * a + x[2] * b, x[1] * a + x[3] * b], 1),
};
const recurrentAt = (size: number) => [0.9, -0.5, 0.3, 0.7, 0.2, -0.4].map((value) => value * size);

/** Sum of many float32 products, as a float32 library has it. */
const float32Sum = (x: Float64Array) => {
  let sum = 0;
  for (let i = 0; i < 200; i++) sum = fround(sum + fround(fround(x[i % 2]) * fround(sin(i))));
  return sum;
};
const float32SumGradient = () => {
  const g = [0, 0];
  for (let i = 0; i < 200; i++) g[i % 2] += fround(sin(i));
  return g;
};

function noisy(level: number, seed: number): (x: number) => number {
  const source = random(seed);
  return (x) => sin(x) + level * (source.unit() - 0.5);
}

const quantised = (f: (x: number) => number, quantum: number) => (x: number) => Math.round(f(x) / quantum) * quantum;
const relu = (x: number) => max(x, 0);
const clip = (x: number) => min(max(x, -1), 1);

export const knownFunctions: readonly Known[] = [
  scalar("smooth", "x²", (x) => x * x, 3, 6),
  scalar(
    "smooth",
    "x⁵ - 2x³ + x",
    (x) => x ** 5 - 2 * x ** 3 + x,
    1.5,
    (x) => 5 * x ** 4 - 6 * x * x + 1,
  ),
  scalar("smooth", "7x", (x) => 7 * x, 0.3, 7),
  scalar("smooth", "exp x", exp, 2, exp),
  scalar("smooth", "sin x", sin, 1, cos),
  scalar("smooth", "cos x at 0", cos, 0, 0, {
    wrong: [
      ["a derivative of 1e-6", 1e-6],
      ["a derivative of 1", 1],
    ],
  }),
  scalar("smooth", "x³ at 0", (x) => x ** 3, 0, 0, { wrong: [["a derivative of 1e-6", 1e-6]] }),
  scalar("smooth", "log x", log, 0.5, (x) => 1 / x),
  scalar("smooth", "√x", sqrt, 2, (x) => 0.5 / sqrt(x)),
  scalar(
    "smooth",
    "1/x",
    (x) => 1 / x,
    -0.4,
    (x) => -1 / (x * x),
  ),
  scalar("smooth", "tanh x", tanh, -0.7, sech2),
  scalar(
    "smooth",
    "softplus",
    (x) => Math.log1p(exp(x)),
    0.3,
    (x) => 1 / (1 + exp(-x)),
  ),
  scalar(
    "smooth",
    "x sin x exp -x",
    (x) => x * sin(x) * exp(-x),
    1.2,
    (x) => exp(-x) * (sin(x) + x * cos(x) - x * sin(x)),
  ),
  scalar(
    "smooth",
    "x / (1 + x²)",
    (x) => x / (1 + x * x),
    2.5,
    (x) => (1 - x * x) / (1 + x * x) ** 2,
  ),
  scalar("smooth", "100 layers of tanh", deep, 0.2, deepDerivative),
  scalar(
    "smooth",
    "x² at a point of 16 digits",
    (x) => x * x,
    Math.PI / 3,
    (x) => 2 * x,
  ),
  vector(
    "smooth",
    "Π x",
    (x) => x[0] * x[1] * x[2],
    [2, -3, 0.5],
    (x) => [x[1] * x[2], x[0] * x[2], x[0] * x[1]],
    {
      "missing factor": (x) => [x[1], x[0] * x[2], x[0] * x[1]],
    },
  ),
  vector(
    "smooth",
    "Rosenbrock",
    (x) => (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2,
    [-1.2, 1],
    (x) => [-2 * (1 - x[0]) - 400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)],
    { "missing term": (x) => [-400 * x[0] * (x[1] - x[0] ** 2), 200 * (x[1] - x[0] ** 2)] },
  ),
  vector(
    "smooth",
    "log Σ exp x",
    (x) => log(x.reduce((sum, value) => sum + exp(value), 0)),
    [0.5, -1, 2],
    (x) => {
      const total = x.reduce((sum, value) => sum + exp(value), 0);
      return Array.from(x, (value) => exp(value) / total);
    },
    { "not normalised": (x) => Array.from(x, exp) },
  ),
  vector("smooth", "½ |tanh W x|²", layer, [0.3, -0.5, 0.8, 0.1, 0.6, -0.2], layerGradient, {
    transposed: (W) => transposed(layerGradient(W)),
    "f' missing": (W) => Array.from(W, (_, i) => hidden(W, Math.floor(i / columns)) * fixed[i % columns]),
  }),

  scalar("scaled", "exp 1e8 x at 0", (x) => exp(1e8 * x), 0, 1e8),
  scalar(
    "scaled",
    "sin x / 1e8 at 1e8",
    (x) => sin(x / 1e8),
    1e8,
    (x) => 1e-8 * cos(x / 1e8),
  ),
  scalar("scaled", "x² at 1e8", (x) => x * x, 1e8, 2e8),
  scalar("scaled", "x² at 1e-8", (x) => x * x, 1e-8, 2e-8),
  scalar("scaled", "log x at 1e-8", log, 1e-8, 1e8),
  scalar("scaled", "log x at 1e-300", log, 1e-300, 1e300),
  scalar(
    "scaled",
    "1e-8 sin x",
    (x) => 1e-8 * sin(x),
    1,
    (x) => 1e-8 * cos(x),
  ),
  scalar(
    "scaled",
    "1e8 sin x",
    (x) => 1e8 * sin(x),
    1,
    (x) => 1e8 * cos(x),
  ),
  scalar("scaled", "1e-200 x²", (x) => 1e-200 * x * x, 1, 2e-200),
  scalar("scaled", "1e300 x", (x) => 1e300 * x, 1, 1e300),
  scalar("scaled", "1/x at 1e-3", (x) => 1 / x, 1e-3, -1e6),
  vector(
    "scaled",
    "x + 1e-7 y",
    (x) => x[0] + 1e-7 * x[1],
    [1, 1],
    () => [1, 1e-7],
    { "tiny sign": () => [1, -1e-7] },
  ),
  vector(
    "scaled",
    "1e8 x² + 1e-8 y²",
    (x) => 1e8 * x[0] ** 2 + 1e-8 * x[1] ** 2,
    [1e-8, 1e8],
    (x) => [2e8 * x[0], 2e-8 * x[1]],
  ),

  scalar("cancelling", "1e8 + sin x", (x) => 1e8 + sin(x), 1, cos),
  scalar("cancelling", "1e8 + sin x - 1e8", (x) => 1e8 + sin(x) - 1e8, 1, cos),
  scalar("cancelling", "(1 - cos x)/x² at 1e-4", (x) => (1 - cos(x)) / (x * x), 1e-4, -1e-4 / 12),
  scalar(
    "cancelling",
    "(1 - cos x)/x² at 0.1",
    (x) => (1 - cos(x)) / (x * x),
    0.1,
    -(0.1 / 12) + 0.1 ** 3 / 180 - 0.1 ** 5 / 6720,
  ),
  scalar("cancelling", "√(x + 1e12) - 1e6", (x) => sqrt(x + 1e12) - 1e6, 1, 5e-7 * (1 - 5e-13)),
  scalar(
    "cancelling",
    "expanded (x - 1)⁶",
    (x) => 1 - 6 * x + 15 * x ** 2 - 20 * x ** 3 + 15 * x ** 4 - 6 * x ** 5 + x ** 6,
    1.1,
    6e-5,
  ),
  scalar("cancelling", "log(1 + x) at 1e-9", (x) => log(1 + x), 1e-9, 1 / (1 + 1e-9)),

  scalar("kink", "relu at 0", relu, 0, 0, {
    right: [1, 0.5],
    wrong: [
      ["-1", -1],
      ["2", 2],
      ["1.001", 1.001],
    ],
  }),
  scalar("kink", "relu at 1e-9", relu, 1e-9, 1, { wrong: [["the other side's", 0]] }),
  scalar("kink", "1 + relu at 1e-6", (x) => 1 + relu(x), 1e-6, 1, { wrong: [["the other side's", 0]] }),
  scalar("kink", "1 + relu(x - 1) at 1 + 1e-12", (x) => 1 + relu(x - 1), 1 + 2 ** -40, 1, { right: [] }),
  scalar("kink", "|x| at 0", abs, 0, 0, {
    right: [1, -1, 0.3],
    wrong: [
      ["1.5", 1.5],
      ["-2", -2],
    ],
  }),
  scalar("kink", "|x - 3| + x at 3", (x) => abs(x - 3) + x, 3, 1, {
    right: [0, 2],
    wrong: [
      ["-1", -1],
      ["3", 3],
    ],
  }),
  scalar("kink", "clip at 1", clip, 1, 0, { right: [1], wrong: [["-1", -1]] }),
  scalar("kink", "clip at 0.999", clip, 0.999, 1, { wrong: [["clipped", 0]] }),
  scalar("kink", "sin |x| at 0", (x) => sin(abs(x)), 0, 0, { wrong: [["2", 2]] }),
  scalar("kink", "x |x| at 0", (x) => x * abs(x), 0, 0, { wrong: [["1", 1]] }),
  {
    name: "max of a tie",
    kind: "kink",
    f: (x) => max(x[0], x[1]),
    at: Float64Array.of(2, 2),
    right: [() => [1, 0], () => [0, 1], () => [0.5, 0.5]],
    wrong: [
      { name: "[-1, 0]", gradient: () => [-1, 0] },
      { name: "[2, 0]", gradient: () => [2, 0] },
    ],
  },
  vector(
    "kink",
    "max near a tie",
    (x) => max(x[0] * x[0], x[1]),
    [1.5, 2.2499],
    (x) => [2 * x[0], 0],
    { "the other's": () => [0, 1] },
  ),

  {
    name: "Σ of 200 in float32",
    kind: "noise",
    f: float32Sum,
    at: Float64Array.of(0.7, -1.3),
    right: [float32SumGradient],
    wrong: usual(float32SumGradient),
  },
  scalar("noise", "sin in float32", (x) => fround(sin(fround(x))), 1, cos),
  scalar("noise", "sin x + random 1e-9", noisy(1e-9, 1), 1, cos),
  scalar("noise", "sin x + random 1e-6", noisy(1e-6, 2), 1, cos),
  scalar("noise", "sin x + random 1e-3", noisy(1e-3, 3), 1, cos),
  scalar("noise", "sin x + random 1", noisy(1, 4), 1, cos),
  scalar("noise", "sin in float16", quantised(sin, 2 ** -11), 1, cos, { options: { unitRoundoff: 2 ** -12 } }),
  scalar("noise", "sin in float16, unsaid", quantised(sin, 2 ** -11), 1, cos),

  scalar("stairs", "⌊x⌋ at 2.5", floor, 2.5, 0, {
    wrong: [
      ["1", 1],
      ["100", 100],
      ["-100", -100],
    ],
  }),
  scalar("stairs", "⌊x⌋ at 2", floor, 2, 0, { wrong: [["1", 1]] }),
  scalar("stairs", "⌊1000 x⌋ / 1000", (x) => floor(1000 * x) / 1000, 1.23456, 0, { wrong: [["straight through", 1]] }),
  scalar("stairs", "⌊1e5 x⌋ / 1e5", (x) => floor(1e5 * x) / 1e5, 1.234567, 0, { wrong: [["straight through", 1]] }),

  scalar("edge", "√x at 0", sqrt, 0, Number.POSITIVE_INFINITY, { wrong: [["0", 0]] }),
  scalar("edge", "x √x at 0", (x) => x * sqrt(x), 0, 0),
  scalar("edge", "log x at 1e-320", log, 1e-320, Number.POSITIVE_INFINITY),
  scalar("edge", "asin at 1", Math.asin, 1, Number.POSITIVE_INFINITY),
  scalar("edge", "asin at 1 - 1e-9", Math.asin, 1 - 2 ** -30, (x) => 1 / sqrt(1 - x * x)),
  scalar(
    "edge",
    "log(1 - x²) at 0.999999",
    (x) => log(1 - x * x),
    0.999999,
    (x) => (-2 * x) / (1 - x * x),
  ),

  scalar("flat", "tanh at 40", tanh, 40, 0, {
    right: [7e-35],
    wrong: [
      ["1", 1],
      ["1e-2", 1e-2],
    ],
  }),
  scalar("flat", "a constant", () => 5, 1, 0, { wrong: [["1", 1]] }),
  scalar("flat", "relu at -2", relu, -2, 0, { wrong: [["1", 1]] }),
  scalar("flat", "0", () => 0, 1, 0),
  scalar("flat", "x² at 1e-170", (x) => x * x, 1e-170, 2e-170),
  scalar("flat", "log(1 + x²) at 1e-12", (x) => log(1 + x * x), 1e-12, 2e-12),
  scalar("flat", "sigmoid at 50", (x) => 1 / (1 + exp(-x)), 50, exp(-50)),

  scalar("jump", "x < 0 ? 0 : 1 at 0", (x) => (x < 0 ? 0 : 1), 0, 0, { wrong: [["1", 1]] }),
  scalar("jump", "sin x, a jump 1e-3 away", (x) => sin(x) + (x > 1.001 ? 1 : 0), 1, cos),
  scalar("jump", "sin x, a jump 1e-9 away", (x) => sin(x) + (x > 1 + 1e-9 ? 1 : 0), 1, cos),
  scalar("jump", "sign x + x at 0", (x) => Math.sign(x) + x, 0, 1, { wrong: [["2", 2]] }),

  scalar("undefined", "0/0 at 0", (x) => x / x, 0, 0),
  scalar("undefined", "NaN above 1, at 1", (x) => (x > 1 ? Number.NaN : x * x), 1, 2, { wrong: [["4", 4]] }),
  scalar(
    "undefined",
    "NaN above 1, at 0.9999",
    (x) => (x > 1 ? Number.NaN : x * x),
    0.9999,
    (x) => 2 * x,
  ),
  scalar(
    "undefined",
    "throws below 0, at 1e-6",
    (x) => {
      if (x < 0) throw new RangeError("below 0");
      return sqrt(x);
    },
    1e-6,
    (x) => 0.5 / sqrt(x),
  ),
  scalar("undefined", "exp x at 800", exp, 800, Number.POSITIVE_INFINITY),

  scalar("coarse", "sin x at 1e15", sin, 1e15, cos),
  scalar("coarse", "sin x at 2^53", sin, 2 ** 53, cos),
  scalar("coarse", "x² at 1e15", (x) => x * x, 1e15, 2e15),
  scalar("coarse", "⌊x⌋² at 7", (x) => floor(x) ** 2, 7, 0, { wrong: [["14", 14]] }),
  scalar("coarse", "a table of integers", (x) => [0, 1, 4, 9, 16, 25][Math.round(x)] ?? Number.NaN, 3, 0, {
    wrong: [["6", 6]],
  }),

  vector("vanishing", "RNN, weights of 0.5", recurrent, recurrentAt(0.6), throughTime, recurrentMistakes),
  vector("vanishing", "RNN, weights of 1e-2", recurrent, recurrentAt(1e-2), throughTime, recurrentMistakes),
  vector("vanishing", "RNN, weights of 1e-3", recurrent, recurrentAt(1e-3), throughTime, recurrentMistakes),
  vector(
    "vanishing",
    "1e-7 Σ sin x",
    (x) => 1e-7 * x.reduce((sum, value) => sum + sin(value), 0),
    [0.3, 1, 2],
    (x) => Array.from(x, (value) => 1e-7 * cos(value)),
  ),
];
