import { type Arithmetic, float32, float64, random, sizeOf } from "@gradproof/arithmetic";
import {
  backward,
  bptt,
  type Equations,
  forward,
  liftProblem,
  lossAndGradient,
  type NumericArray,
  type RnnProblem,
} from "@gradproof/rnn";
import { type GivenGradient, type GradientName, judge, mistakes, type Verdict } from "@gradproof/verification";
import type { FloatType } from "./float-gradient.ts";

/** How long a judgement takes of a right gradient, of one with a wrong element, and of a mistaken derivation's. */
const cases = [
  { name: "S1", B: 1, T: 25, I: 65, H: 100, O: 65, dtype: "F32", limit: 5 },
  { name: "S1", B: 1, T: 25, I: 65, H: 100, O: 65, dtype: "F64", limit: 5 },
  { name: "S2", B: 32, T: 100, I: 64, H: 128, O: 64, dtype: "F32", limit: 60 },
] as const satisfies readonly (Shape & { readonly name: string; readonly dtype: FloatType; readonly limit: number })[];

interface Shape {
  readonly B: number;
  readonly T: number;
  readonly I: number;
  readonly H: number;
  readonly O: number;
}

/** A tanh RNN with biases and cross entropy, its numbers held by float32. */
function drawProblem({ B, T, I, H, O }: Shape): RnnProblem<NumericArray> {
  const source = random(1);
  const normal = (scale: number, ...shape: number[]): NumericArray => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(scale * source.normal())),
  });
  return {
    nonlinearity: "tanh",
    loss: "cross_entropy",
    reduction: "mean",
    parameters: {
      Wxh: normal(1 / Math.sqrt(I), H, I),
      Whh: normal(1 / Math.sqrt(H), H, H),
      Why: normal(1 / Math.sqrt(H), O, H),
      bxh: normal(0.1, H),
      by: normal(0.1, O),
    },
    x: normal(1, T, B, I),
    h0: normal(0.5, B, H),
    target: Int32Array.from({ length: T * B }, () => source.integer(0, O - 1)),
  };
}

function gradientsIn<S>(A: Arithmetic<S>, problem: RnnProblem<NumericArray>, dtype: FloatType): GivenGradient[] {
  return Object.entries(lossAndGradient(A, problem).gradient).map(([of, { shape, data }]: [string, NumericArray]) => {
    return { name: of, of: of as GradientName, dtype, shape, data };
  });
}

function seconds(run: () => void): number {
  const began = performance.now();
  run();
  return (performance.now() - began) / 1000;
}

/** The gradient of W_hh with its largest element a hundredth off. */
function withWrongElement(gradients: readonly GivenGradient[]): GivenGradient[] {
  return gradients.map((gradient) => {
    if (gradient.of !== "Whh") return gradient;
    const data = Float64Array.from(gradient.data);
    const largest = data.reduce((most, value, i) => (Math.abs(value) > Math.abs(data[most]) ? i : most), 0);
    data[largest] *= 1.01;
    return { ...gradient, data };
  });
}

const mistaken = "slope-of-the-step-before";

/** The gradients that a mistaken derivation gives. */
function mistakenGradients<S>(
  A: Arithmetic<S>,
  problem: RnnProblem<NumericArray>,
  right: readonly GivenGradient[],
): GivenGradient[] {
  const mistake = mistakes.find(({ name }) => name === mistaken);
  if (!mistake) throw new Error(`judging-time: no mistake ${mistaken} in the catalogue`);
  const lifted = liftProblem(A, problem);
  const equations: Equations<S> = { ...bptt<S>(), ...mistake.equations<S>() };
  const gradient = backward(A, lifted, forward(A, lifted), equations);
  return right.map((one) => {
    const values = gradient[one.of];
    return values ? { ...one, data: A.lower(values) } : one;
  });
}

/** Seconds that one judgement takes: to the first perturbed run, to the last one, and in all. */
function timeOf(
  problem: RnnProblem<NumericArray>,
  gradients: readonly GivenGradient[],
  expected: { readonly verdict: Verdict; readonly mistake?: string },
): [number, number, number] {
  const began = performance.now();
  const since = () => (performance.now() - began) / 1000;
  const runs: number[] = [];
  const { verdict, diagnosis } = judge({ problem, gradients }, { onProgress: () => runs.push(since()) });
  const all = since();
  const named = diagnosis?.mistakes[0]?.name;
  if (verdict !== expected.verdict || named !== expected.mistake) {
    const got = `${verdict}${named ? `, ${named}` : ""}`;
    throw new Error(`judging-time: ${got}; expected ${expected.verdict} ${expected.mistake ?? ""}`);
  }
  return [runs[0], runs[runs.length - 1], all];
}

console.log("case     gradient             one BPTT   first run   last run   in all   in BPTTs   limit");
let exceeded = false;
for (const { name, dtype, limit, ...shape } of cases) {
  const problem = drawProblem(shape);
  const compute = () => (dtype === "F32" ? gradientsIn(float32, problem, dtype) : gradientsIn(float64, problem, dtype));
  const right = compute();
  const once = Math.min(...Array.from({ length: 5 }, () => seconds(compute)));
  const wrong =
    dtype === "F32" ? mistakenGradients(float32, problem, right) : mistakenGradients(float64, problem, right);
  const kinds = [
    ["right", right, { verdict: "match" }],
    ["one wrong element", withWrongElement(right), { verdict: "mismatch" }],
    ["mistaken", wrong, { verdict: "mismatch", mistake: mistaken }],
  ] as const;
  for (const [kind, gradients, expected] of kinds) {
    const [first, last, all] = timeOf(problem, gradients, expected);
    exceeded ||= all > limit;
    const columns: [string, number][] = [
      [`${(1000 * once).toFixed(1)} ms`, 11],
      [`${first.toFixed(2)} s`, 12],
      [`${last.toFixed(2)} s`, 11],
      [`${all.toFixed(2)} s`, 9],
      [(all / once).toFixed(0), 11],
      [`${limit} s`, 8],
    ];
    const numbers = columns.map(([text, width]) => text.padStart(width)).join("");
    console.log(`${name} ${dtype}   ${kind.padEnd(18)}${numbers}`);
  }
}
console.log(exceeded ? "above a limit" : "all within their limits");
process.exitCode = exceeded ? 1 : 0;
