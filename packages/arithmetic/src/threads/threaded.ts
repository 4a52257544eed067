import { Heap } from "../simd/heap.ts";
import { bytesOf, type Kernels, kernelsIn } from "../simd/kernels.ts";
import { arithmeticOf, bitsOf, type SimdArithmetic, type SimdOptions, variantFor } from "../simd/simd.ts";
import { webAssembly } from "../simd/web-assembly.ts";
import { Crew } from "./crew.ts";
import { type CutKernel, cutKernels, partsOf } from "./cuts.ts";
import { withSharedMemory } from "./shared-import.ts";

export interface ThreadedOptions extends SimdOptions {
  /** Threads that compute, the caller's among them: 1 to 64; as many as the machine has processors where absent. */
  readonly threads?: number;
}

/** A {@link SimdArithmetic} whose kernels are divided among threads. */
export interface ThreadedArithmetic extends SimdArithmetic {
  /** Threads that compute, the caller's among them. */
  readonly threads: number;
  /** Threads that have started so far, the caller's among them: the caller does what those that have not would do. */
  readonly started: number;
  /** Ends the threads. Tensors stay, and the arithmetic goes on with the caller's thread alone. */
  close(): void;
}

/** Nanoseconds of work that are worth a thread: some ten times what it takes to hand it over. */
const leastWork = 4000;
/** Milliseconds: far longer than any part takes, on however busy a machine. */
const patience = 30_000;

/**
 * The arithmetic of `simd(format, options)`, each large kernel divided among threads: worker threads in Node, web workers in a
 * page that is cross-origin isolated. Each element of a result is computed by one thread in the order of all arithmetics,
 * so that results have the bits of `simd` with the same options, for any number of threads.
 *
 * A kernel returns when all threads are done: the caller waits, and a page's main thread must not; call it in a worker.
 * Threads do not keep Node from ending, and end with {@link ThreadedArithmetic.close}.
 *
 * @throws Error where memory cannot be shared, or the caller must not wait; RangeError for a number of threads out of range.
 * From a kernel: Error where a thread has failed or ended, with what it said.
 * @example
 * ```ts
 * import { simd } from "@gradproof/arithmetic/simd";
 * import { threaded } from "@gradproof/arithmetic/threads";
 *
 * const [one, two] = [simd("float32"), threaded("float32", { threads: 2 })];
 * const numbers = Float32Array.from({ length: 128 * 128 }, (_, i) => Math.sin(i));
 * const square = (A: typeof one) => {
 *   const out = A.empty([128, 128]);
 *   A.gemm(out, A.lift(numbers, [128, 128]), A.lift(numbers, [128, 128]), "write");
 *   return A.lower(out).join();
 * };
 * console.log(square(two) === square(one)); // -> true
 * two.close();
 * ```
 */
export function threaded(format: "float32" | "float64", options: ThreadedOptions = {}): ThreadedArithmetic {
  return threadedFrom(format, options, leastWork);
}

/** {@link threaded}, work of that many nanoseconds being worth a thread. */
export function threadedFrom(
  format: "float32" | "float64",
  options: ThreadedOptions,
  least: number,
): ThreadedArithmetic {
  const threads = options.threads ?? Math.min(processors(), 64);
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 64)) {
    throw new RangeError(`threaded: ${threads} threads; expected a whole number from 1 to 64`);
  }
  checkSurroundings();
  const [bits, variant] = [bitsOf(format), variantFor(options)];
  const heap = new Heap(bits, true);
  const { memory, mostPages } = heap;
  const module = new (webAssembly().Module)(withSharedMemory(bytesOf(variant), mostPages));
  const { kernels, tensorsStart, scratchBytes } = kernelsIn(memory, bits, variant, module);
  heap.reserve(tensorsStart + (threads - 1) * scratchBytes);
  const scratches = Array.from({ length: threads - 1 }, (_, i) => tensorsStart + i * scratchBytes);
  const names = new Map(cutKernels.map((name) => [name, `${name}${bits}`]));
  let crew: Crew<CutKernel> | undefined = new Crew({ module, memory, kernels: names, scratches, patience });

  const own = (kernel: CutKernel, numbers: readonly number[]): void =>
    (kernels[kernel] as (...numbers: number[]) => void)(...numbers);
  /** Of a recurrence for one thread, in whole cache lines; how many rows it has decides what it keeps there. */
  const workspaceBytes = (columns: number): number =>
    64 * Math.ceil(Math.max(kernels.recurrenceBytes(1, columns), kernels.recurrenceBytes(4, columns)) / 64);
  function divided(kernel: CutKernel, ...numbers: number[]): void {
    const [first, ...others] = crew ? partsOf(kernel, numbers, threads, least) : [numbers];
    if (!crew || others.length === 0) {
      own(kernel, first);
      return;
    }
    if (kernel === "recurrence") {
      const [columns, workspace] = [numbers[15], numbers[16]];
      others.forEach((part, i) => {
        part[16] = workspace + (i + 1) * workspaceBytes(columns);
      });
    }
    crew.together(kernel, first, others, own);
  }
  const cut = cutKernels.map((name) => [name, (...numbers: number[]) => divided(name, ...numbers)]);
  const dividedKernels: Kernels = {
    ...kernels,
    ...(Object.fromEntries(cut) as Partial<Kernels>),
    recurrenceBytes: (_, columns) => threads * workspaceBytes(columns),
  };
  return {
    ...arithmeticOf(format, variant, heap, dividedKernels),
    threads,
    get started() {
      return 1 + (crew?.ready ?? 0);
    },
    close() {
      crew?.dismiss();
      crew = undefined;
    },
  };
}

function processors(): number {
  const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? 2;
}

/** @throws Error where threads cannot share memory, or the caller must not wait for them. */
function checkSurroundings(): void {
  if (typeof SharedArrayBuffer === "undefined") {
    throw new Error(
      "threaded: there is no memory that threads share; expected a page that is cross-origin isolated, by the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp; or use simd",
    );
  }
  try {
    // Does not wait, for there is no 1, but throws where waiting is forbidden.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
  } catch {
    throw new Error(
      "threaded: a page's main thread must not wait for others; expected to be called in a worker; or use simd",
    );
  }
}
