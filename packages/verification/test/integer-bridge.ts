import {
  type Arithmetic,
  dense,
  type Functions,
  integer,
  type Random,
  random,
  sizeOf,
  withFunctions,
} from "@gradproof/arithmetic";
import { backward, forward, liftProblem, type NumericArray, type RnnProblem } from "@gradproof/rnn";
import { autodiffGradient } from "../src/autodiff-gradient.ts";

/** x modulo 3, in {-1, 0, 1}: an odd function. */
const modulo3 = (x: number): number => x - 3 * Math.round(x / 3);
/** Stand-ins that keep integers integer; both sides of the bridge use the same ones. */
const rows: Functions = {
  softmax: (row) => row.map((z) => modulo3(z)),
  logSumExp: (row) => Math.max(...row),
};
/** tanh in {-2, 0, 2}: 1 - h² is 1 or -3, never 0, so nothing dies out, and products grow. */
const growing: Functions = { ...rows, tanh: (x) => 2 * modulo3(x) };
/** tanh in {-1, 0, 1}: 1 - h² is 1 or 0, so that long sequences stay small. */
const bounded: Functions = { ...rows, tanh: modulo3 };

export interface BridgeShape {
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly O: number;
}

const edges = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65];

/** Shapes around every edge of the 2 by 4 blocks, odd and even row counts, and both sides of a segment of 64 steps. */
export const bridgeShapes: readonly BridgeShape[] = [
  ...edges.map((H, i) => ({ T: 1 + (i % 4), B: 1 + (i % 3), I: edges[(i + 5) % 8], H, O: edges[(i + 3) % 9] })),
  ...edges.map((I, i) => ({ T: 4 - (i % 3), B: 1 + ((i + 1) % 3), I, H: 2 + (i % 7), O: edges[(i + 7) % 17] })),
  ...[63, 64, 65, 130].map((T, i) => ({ T, B: 1 + (i % 2), I: 3, H: 5 + i, O: 2 + i })),
];

/** A problem of small integers: weights -1, 0 or 1, few in a row, one where the sequence is long. */
export function integerProblem(shape: BridgeShape, kind: number, source: Random): RnnProblem<NumericArray> {
  const { T, B, I, H, O } = shape;
  const few = T > 8 ? 1 : 3;
  const numbers = (size: number, ...lengths: number[]): NumericArray => ({
    shape: lengths,
    data: Float64Array.from({ length: sizeOf(lengths) }, () => source.integer(-size, size)),
  });
  /** At most `few` entries a row and a column, each one of the signs: shifted diagonals. */
  const sparse = (height: number, width: number, signs: readonly number[] = [-1, 1]): NumericArray => {
    const data = new Float64Array(height * width);
    for (let diagonal = 0; diagonal < Math.min(few, width); diagonal++) {
      const shift = source.integer(0, width - 1);
      for (let i = 0; i < height; i++) data[i * width + ((i + shift) % width)] = source.pick(signs);
    }
    return { shape: [height, width], data };
  };
  const common = {
    nonlinearity: kind % 2 === 0 ? "tanh" : "relu",
    parameters: {
      Wxh: sparse(H, I),
      // relu(x - h) stays as small as x.
      Whh: sparse(H, H, kind % 2 === 0 ? [-1, 1] : [-1]),
      Why: sparse(O, H),
      bxh: numbers(1, H),
      bhh: numbers(1, H),
      by: numbers(1, O),
    },
    x: numbers(2, T, B, I),
    h0: numbers(2, B, H),
    mask: { shape: [T, B], data: Float64Array.from({ length: T * B }, () => source.integer(0, 2) && 1) },
  } as const;
  if (kind < 2) return { ...common, loss: "mse", reduction: "sum", target: numbers(2, T, B, O) };
  const target = Int32Array.from({ length: T * B }, () => source.integer(0, O - 1));
  return { ...common, loss: "cross_entropy", reduction: "sum", target };
}

/** Every number that BPTT and autodiff compute for a problem: gradients, outputs and loss. */
export function resultsIn<S>(A: Arithmetic<S>, problem: RnnProblem<NumericArray>): Map<string, Float64Array> {
  const functions = problem.x.shape[0] > 8 ? bounded : growing;
  const own = withFunctions(A, functions);
  const lifted = liftProblem(own, problem);
  const trajectory = forward(own, lifted);
  const results = new Map([["loss", own.lower(trajectory.loss)]]);
  if (trajectory.outputs) results.set("outputs", own.lower(trajectory.outputs));
  const hand = backward(own, lifted, trajectory);
  const graph = autodiffGradient(own, lifted);
  results.set("autodiff loss", own.lower(graph.loss));
  for (const [name, tensor] of Object.entries(hand)) results.set(`bptt ${name}`, own.lower(tensor));
  for (const [name, tensor] of Object.entries(graph.gradient)) results.set(`autodiff ${name}`, own.lower(tensor));
  return results;
}

export interface BridgeRun {
  readonly problems: number;
  readonly numbers: number;
  /** Share of gradient elements that are not 0: what the comparison is worth. */
  readonly nonZero: number;
  readonly largest: number;
  readonly differences: readonly string[];
}

/** Runs the grid in a float arithmetic and in exact integers that overflow where the float would stop being exact. */
export function crossBridge<S>(A: Arithmetic<S>, bits: 24 | 53, seed: number): BridgeRun {
  const source = random(seed);
  const differences: string[] = [];
  let problems = 0;
  let numbers = 0;
  let nonZero = 0;
  let largest = 0;
  for (const shape of bridgeShapes) {
    for (let kind = 0; kind < 4; kind++) {
      const problem = integerProblem(shape, kind, source);
      const exact = resultsIn(dense(integer(bits)), problem);
      problems++;
      const floats = attempt(() => resultsIn(A, problem));
      if (floats instanceof Error) {
        differences.push(`${JSON.stringify(shape)} ${floats.message}`);
        continue;
      }
      for (const [name, expected] of exact) {
        const given = floats.get(name) as Float64Array;
        numbers += expected.length;
        nonZero += expected.filter((value) => value !== 0).length;
        largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), largest);
        // An integer 0 has no sign, so 0 and -0 count as the same.
        const wrong = expected.findIndex((value, i) => value !== given[i]);
        if (wrong >= 0)
          differences.push(`${JSON.stringify(shape)} ${name}[${wrong}]: ${given[wrong]}, not ${expected[wrong]}`);
      }
    }
  }
  return { problems, numbers, nonZero: nonZero / numbers, largest, differences };
}

/** What the float arithmetic made of it, or the error that a defect ran into. */
function attempt<R>(run: () => R): R | Error {
  try {
    return run();
  } catch (error) {
    return error as Error;
  }
}

/** Defects of a fast kernel, each of which the bridge must see. */
export const kernelDefects: readonly {
  readonly name: string;
  readonly apply: (A: Arithmetic<Float64Array>) => Arithmetic<Float64Array>;
}[] = [
  {
    name: "the last column of an odd width is skipped",
    apply: (A) => ({
      ...A,
      gemm(out, a, b, mode) {
        if (out.shape[1] % 2 === 0 || out.shape[1] === 1) return A.gemm(out, a, b, mode);
        const cut = (t: typeof out) => ({ ...t, shape: [t.shape[0], t.shape[1] - 1] });
        A.gemm(cut(out), a, cut(b), mode);
      },
    }),
  },
  {
    name: "the last product of a sum is left out",
    apply: (A) => ({
      ...A,
      gemm(out, a, b, mode) {
        const inner = a.shape[1];
        if (inner < 5) return A.gemm(out, a, b, mode);
        const left = { ...a, shape: [a.shape[0], inner - 1] };
        A.gemm(out, left, { ...b, shape: [inner - 1, b.shape[1]] }, mode);
      },
    }),
  },
  {
    name: "= where += belongs",
    apply: (A) => ({ ...A, gemm: (out, a, b) => A.gemm(out, a, b, "write") }),
  },
  {
    name: "accumulates onto what was there",
    apply: (A) => ({
      ...A,
      gemm(out, a, b, mode) {
        if (mode === "write") A.copy(out, A.ratio(1, 1));
        A.gemm(out, a, b, "accumulate");
      },
    }),
  },
  {
    name: "strides of the second operand ignored where it is square",
    apply: (A) => ({
      ...A,
      gemm(out, a, b, mode) {
        const square = b.shape[0] === b.shape[1];
        A.gemm(out, a, square ? { ...b, strides: [b.shape[1], 1] } : b, mode);
      },
    }),
  },
];
