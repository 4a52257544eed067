import type { Memory, Module } from "../simd/web-assembly.ts";
import type { Layout } from "./labour.ts";
import { startThread, type Thread } from "./worker.ts";

/** More than any kernel takes. */
const partWords = 32;
const headWords = 16;
const messageLength = 400;
/** How often a thread looks for a part before it sleeps: for about a tenth of a millisecond. */
const looks = 50_000;

export interface CrewSettings<K extends string> {
  readonly module: Module;
  readonly memory: Memory;
  /** What parts may call, and the names of the module's exports that they are. */
  readonly kernels: ReadonlyMap<K, string>;
  /** Where each thread besides the caller's may compute by itself. */
  readonly scratches: readonly number[];
  /** Milliseconds that a part may take before its thread counts as lost. */
  readonly patience: number;
}

/**
 * Threads that do the parts of one job at a time, together with the caller, who waits for the last of them. While a job is
 * done they look for parts without rest; between jobs they fall asleep.
 */
export class Crew<K extends string> {
  readonly #kernels: readonly K[];
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #layout: Layout;
  readonly #threads: Thread[];
  readonly #patience: number;
  #lost: string | undefined;
  #isDismissed = false;

  constructor({ module, memory, kernels, scratches, patience }: CrewSettings<K>) {
    this.#kernels = [...kernels.keys()];
    const parts = headWords;
    const message = parts + (scratches.length + 1) * partWords;
    this.#layout = { open: 0, pending: 1, asleep: 2, ready: 3, failed: 4, parts, partWords, message, messageLength };
    this.#words = new Int32Array(new SharedArrayBuffer(4 * (message + 1 + messageLength)));
    this.#patience = patience;
    this.#threads = scratches.map((scratch) => {
      const thread = startThread();
      thread.whenEnded((why) => {
        if (!this.#isDismissed) this.#lost ??= this.#message() ?? why;
      });
      thread.begin({
        module,
        memory,
        scratch,
        kernels: [...kernels.values()],
        words: this.#words,
        layout: this.#layout,
        looks,
      });
      return thread;
    });
  }

  /** Threads that have begun to look for parts. */
  get ready(): number {
    return Atomics.load(this.#words, this.#layout.ready);
  }

  /**
   * Calls a kernel once for each part, here and in the threads.
   *
   * @param first - the numbers of the caller's own part.
   * @param others - at most as many as there are threads; done here where no thread takes them.
   * @param own - calls a kernel here.
   * @throws Error where a thread has failed, has ended, or does not finish its part.
   */
  together(
    kernel: K,
    first: readonly number[],
    others: readonly (readonly number[])[],
    own: (kernel: K, numbers: readonly number[]) => void,
  ): void {
    if (this.#lost !== undefined) throw new Error(`threaded: a thread is lost: ${this.#lost}; expected it to go on`);
    const [words, { open, pending, asleep, failed, parts }] = [this.#words, this.#layout];
    const number = this.#kernels.indexOf(kernel);
    others.forEach((numbers, i) => {
      const at = parts + (i + 1) * partWords;
      words[at] = number;
      for (let n = 0; n < numbers.length; n++) words[at + 1 + n] = numbers[n];
    });
    words[pending] = others.length;
    Atomics.store(words, open, others.length);
    if (Atomics.load(words, asleep) > 0) Atomics.notify(words, open, others.length);
    try {
      own(kernel, first);
      for (let next = Atomics.load(words, open); next > 0; next = Atomics.load(words, open)) {
        if (Atomics.compareExchange(words, open, next, next - 1) !== next) continue;
        own(kernel, others[next - 1]);
        Atomics.sub(words, pending, 1);
      }
    } finally {
      this.#join();
    }
    if (words[failed] === 1) {
      this.#lost = this.#message();
      throw new Error(`threaded: a thread failed: ${this.#lost}`);
    }
  }

  /** Ends the threads; there are no jobs after this. */
  dismiss(): void {
    this.#isDismissed = true;
    Atomics.store(this.#words, this.#layout.open, -1);
    Atomics.notify(this.#words, this.#layout.open);
    for (const thread of this.#threads) thread.end();
  }

  /** Waits until no part is pending, at first without sleeping. */
  #join(): void {
    const [words, { pending }] = [this.#words, this.#layout];
    for (let look = 0; look < looks; look++) if (Atomics.load(words, pending) <= 0) return;
    const end = performance.now() + this.#patience;
    for (let left = Atomics.load(words, pending); left > 0; left = Atomics.load(words, pending)) {
      const rest = end - performance.now();
      if (rest <= 0) {
        this.#lost = `it has not finished its part within ${this.#patience} ms`;
        throw new Error(`threaded: a thread is lost: ${this.#lost}`);
      }
      Atomics.wait(words, pending, left, rest);
    }
  }

  #message(): string | undefined {
    const [words, { failed, message }] = [this.#words, this.#layout];
    if (words[failed] !== 1) return undefined;
    return String.fromCharCode(...words.subarray(message + 1, message + 1 + words[message]));
  }
}
