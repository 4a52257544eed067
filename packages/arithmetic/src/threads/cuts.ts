import type { Kernels } from "../simd/kernels.ts";
import { binaryNumbers, unaryNumbers } from "../simd/operation-numbers.ts";

/** Along which axis a kernel's numbers are cut: the place of its length, and each [address, stride] that moves with it. */
interface Axis {
  readonly length: number;
  readonly moves: readonly (readonly [address: number, stride: number])[];
}

/**
 * How kernels are cut: along axes of their output alone, never along one that is summed. So each element of a result is
 * computed by one thread in the order of all arithmetics, and has the same bits for any number of threads.
 * Numbers are places in the lists of arguments of {@link Kernels}.
 */
const axes = {
  gemm: { rows: cut(9, [0, 1], [3, 4]), columns: cut(10, [0, 2], [6, 8]) },
  unary: { rows: cut(7, [1, 2], [4, 5]), columns: cut(8, [1, 3], [4, 6]) },
  binary: { rows: cut(10, [1, 2], [4, 5], [7, 8]), columns: cut(11, [1, 3], [4, 6], [7, 9]) },
  softmax: { rows: cut(6, [0, 1], [3, 4]) },
  logSumExp: { rows: cut(5, [0, 1], [2, 3]) },
  // Its rows are sequences of a batch, which do not know of each other: each thread goes through all steps of its own.
  recurrence: { rows: cut(14, [1, 3], [4, 6], [7, 9]) },
} satisfies Partial<Record<keyof Kernels, { readonly rows: Axis; readonly columns?: Axis }>>;

export type CutKernel = keyof typeof axes;
export const cutKernels: readonly CutKernel[] = Object.keys(axes) as CutKernel[];

/** Rows that a part's begin at multiples of: 12, for blocks of gemm have 6 or 4 rows; fewer than 4 are slower for each. */
const rowGrains: Partial<Record<CutKernel, number>> = { gemm: 12, recurrence: 4 };
/** Columns that begin a cache line, in float32 and in float64, where they lie one behind the other. */
const columnGrain = 16;

/** Elementary functions, which take some twenty times as long as a copy. */
const slow = new Set([...(["tanh", "sigmoid", "exp", "log", "log1p"] as const)].map((name) => unaryNumbers.get(name)));
const division = binaryNumbers.get("divide");

function cut(length: number, ...moves: readonly (readonly [number, number])[]): Axis {
  return { length, moves };
}

/** About how many nanoseconds a kernel takes on one thread. */
function nanoseconds(kernel: CutKernel, numbers: readonly number[]): number {
  const { rows, columns } = axes[kernel] as { readonly rows: Axis; readonly columns?: Axis };
  const count = numbers[rows.length] * numbers[columns?.length ?? rows.length + 1];
  switch (kernel) {
    case "gemm":
      return (count * numbers[11]) / 20;
    case "unary":
      return slow.has(numbers[0]) ? 2 * count : count / 8;
    case "binary":
      return numbers[0] === division ? count / 2 : count / 6;
    case "recurrence":
      return numbers[13] * count * (numbers[15] / 20 + 2);
    default:
      return 3 * count;
  }
}

/**
 * The parts of a call, at most that many, for which it is worth to cut it: each the kernel's numbers for some of its rows or
 * columns. One where it is not.
 *
 * @param least - nanoseconds of work that are worth a thread.
 */
export function partsOf(kernel: CutKernel, numbers: readonly number[], most: number, least: number): number[][] {
  const work = nanoseconds(kernel, numbers);
  const wanted = Math.min(most, Math.floor(work / least));
  if (wanted < 2) return [numbers.slice()];
  const { rows, columns } = axes[kernel] as { readonly rows: Axis; readonly columns?: Axis };
  const grain = rowGrains[kernel] ?? 1;
  // A short gemm is cut along its columns: there each thread packs its own part of b, and not all of it again.
  const isTall = numbers[rows.length] >= (kernel === "gemm" ? 4 * grain * wanted : wanted);
  if (isTall || !columns) return pieces(numbers, rows, grain, wanted);
  return pieces(numbers, columns, columnGrain, wanted);
}

function pieces(numbers: readonly number[], { length, moves }: Axis, grain: number, wanted: number) {
  const total = numbers[length];
  const count = Math.max(1, Math.min(wanted, Math.floor(total / grain)));
  const bound = (piece: number): number =>
    piece === count ? total : Math.round((piece * total) / count / grain) * grain;
  return Array.from({ length: count }, (_, piece) => {
    const part = numbers.slice();
    const first = bound(piece);
    for (const [address, stride] of moves) part[address] += first * numbers[stride];
    part[length] = bound(piece + 1) - first;
    return part;
  });
}
