import { simd } from "@gradproof/arithmetic/simd";
import { backward, forward, liftProblem } from "@gradproof/rnn";
import { problemOf } from "./shapes.ts";

const base = { B: 16, T: 100, I: 16, H: 128, O: 16, loss: "mse" } as const;

/** Sizes whose cost ought to grow by the factor given, one of T, B and H doubled twice. */
const series = [
  { name: "T", sizes: [100, 200, 400], order: "linear: 2.0 each" },
  { name: "B", sizes: [16, 32, 64], order: "linear: 2.0 each" },
  { name: "H", sizes: [128, 256, 512], order: "between linear and square: 4.0 in the end" },
] as const;

export interface Growth {
  readonly name: string;
  readonly order: string;
  readonly steps: readonly { readonly size: number; readonly milliseconds: number; readonly megabytes: number }[];
}

/** Least time of a step and bytes of the memory that it takes, as T, B and H grow. */
export function growths(seconds: number): Growth[] {
  return series.map(({ name, sizes, order }) => ({
    name,
    order,
    steps: sizes.map((size) => ({ size, ...costOf({ ...base, [name]: size }, seconds) })),
  }));
}

function costOf(shape: Parameters<typeof problemOf>[0], seconds: number) {
  const A = simd("float32");
  const problem = liftProblem(A, problemOf(shape));
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + 1000 * seconds;
  do {
    const start = performance.now();
    A.scope(() => void backward(A, problem, forward(A, problem)));
    least = Math.min(least, performance.now() - start);
  } while (performance.now() < end);
  return { milliseconds: least, megabytes: A.memoryBytes() / 2 ** 20 };
}

/** Milliseconds until a new arithmetic has multiplied for the first time: its module compiled, its memory made. */
export function startUp(): number {
  const start = performance.now();
  const A = simd("float32");
  const t = A.lift([1], [1, 1]);
  A.gemm(A.empty([1, 1]), t, t, "write");
  return performance.now() - start;
}

/** One line per series. */
export function textOf({ name, order, steps }: Growth): string {
  const parts = steps.map(({ size, milliseconds, megabytes }, i) => {
    const factor = i === 0 ? "" : ` (${(milliseconds / steps[i - 1].milliseconds).toFixed(2)}x)`;
    return `${size}: ${milliseconds.toFixed(2)} ms${factor}, ${megabytes.toFixed(1)} MB`;
  });
  return `  ${name} ${parts.join("; ")}; ${order}`;
}
