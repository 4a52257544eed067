import { type Arithmetic, float32, float64, random, sizeOf } from "@gradproof/arithmetic";
import { lossAndGradient, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { type GivenGradient, type GradientName, judge } from "@gradproof/verification";
import type { FloatType } from "./float-gradient.ts";

/** How long a judgement takes: min-char-rnn's shape in both types, and a batch of 32 sequences in float32. */
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

/** Seconds that one judgement takes: to the first perturbed run, to the last one, and in all. */
function timeOf(problem: RnnProblem<NumericArray>, gradients: readonly GivenGradient[]): [number, number, number] {
  const began = performance.now();
  const since = () => (performance.now() - began) / 1000;
  const runs: number[] = [];
  const { verdict } = judge({ problem, gradients }, { onProgress: () => runs.push(since()) });
  if (verdict !== "match") throw new Error(`judging-time: the verdict is ${verdict}; expected a match`);
  return [runs[0], runs[runs.length - 1], since()];
}

console.log("case      one BPTT   first run   last run   verdict and power   in BPTTs   limit");
let exceeded = false;
for (const { name, dtype, limit, ...shape } of cases) {
  const problem = drawProblem(shape);
  const compute = () => (dtype === "F32" ? gradientsIn(float32, problem, dtype) : gradientsIn(float64, problem, dtype));
  const gradients = compute();
  const once = Math.min(...Array.from({ length: 5 }, () => seconds(compute)));
  const [first, last, all] = timeOf(problem, gradients);
  exceeded ||= all > limit;
  const columns: [string, number][] = [
    [`${(1000 * once).toFixed(1)} ms`, 12],
    [`${first.toFixed(2)} s`, 12],
    [`${last.toFixed(2)} s`, 11],
    [`${all.toFixed(2)} s`, 20],
    [(all / once).toFixed(0), 11],
    [`${limit} s`, 8],
  ];
  console.log(`${name} ${dtype}${columns.map(([text, width]) => text.padStart(width)).join("")}`);
}
console.log(exceeded ? "above a limit" : "all within their limits");
process.exitCode = exceeded ? 1 : 0;
