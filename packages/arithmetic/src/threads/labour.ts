import type { Memory, Module } from "../simd/web-assembly.ts";

/** Where in the words that threads share each thing is; parts of a job lie behind, each `partWords` long. */
export interface Layout {
  /** Parts of the job that nobody has taken yet: part n is the next; below 0 when the crew is dismissed. */
  readonly open: number;
  /** Parts that are not finished. */
  readonly pending: number;
  /** Threads that sleep until there is a part to take. */
  readonly asleep: number;
  /** Threads that are ready to work. */
  readonly ready: number;
  /** 1 when a thread has failed, what it said behind it: its length, and its characters. */
  readonly failed: number;
  readonly message: number;
  readonly messageLength: number;
  readonly parts: number;
  readonly partWords: number;
}

/** What a thread needs to take part. */
export interface Enlistment {
  readonly module: Module;
  readonly memory: Memory;
  /** Where in the memory it may compute by itself. */
  readonly scratch: number;
  /** The kernels, by the names of the module's exports; parts call them by their place in this list. */
  readonly kernels: readonly string[];
  readonly words: Int32Array;
  readonly layout: Layout;
  /** How often it looks for a part before it sleeps. */
  readonly looks: number;
}

/**
 * What a thread does from its beginning to its dismissal: takes a part, calls the kernel that it names with the numbers that it
 * holds, says that it is finished. A part is taken by whoever comes first, the one who gave the job among them; which
 * parts there are does not depend on that.
 *
 * A worker is made of this function's text: nothing in it is from outside.
 */
export function labour({ module, memory, scratch, kernels, words, layout, looks }: Enlistment): void {
  interface Exports {
    useScratch(address: number): void;
    readonly [name: string]: (...numbers: number[]) => void;
  }
  const { open, pending, asleep, ready, failed, message, messageLength, parts, partWords } = layout;
  let isTaken = false;
  try {
    const { WebAssembly } = globalThis as unknown as {
      readonly WebAssembly: { Instance: new (module: object, imports: object) => { readonly exports: Exports } };
    };
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    exports.useScratch(scratch);
    const calls = kernels.map((name) => {
      const kernel = exports[name];
      return { kernel, numbers: new Array<number>(kernel.length).fill(0) };
    });
    Atomics.add(words, ready, 1);
    for (;;) {
      let next = Atomics.load(words, open);
      for (let look = 0; next === 0 && look < looks; look++) next = Atomics.load(words, open);
      if (next < 0) return;
      if (next === 0) {
        Atomics.add(words, asleep, 1);
        Atomics.wait(words, open, 0);
        Atomics.sub(words, asleep, 1);
        continue;
      }
      if (Atomics.compareExchange(words, open, next, next - 1) !== next) continue;
      isTaken = true;
      const at = parts + next * partWords;
      const { kernel, numbers } = calls[words[at]];
      for (let i = 0; i < numbers.length; i++) numbers[i] = words[at + 1 + i];
      kernel(...numbers);
      isTaken = false;
      if (Atomics.sub(words, pending, 1) === 1) Atomics.notify(words, pending);
    }
  } catch (error) {
    const text = String(error).slice(0, messageLength);
    words[message] = text.length;
    for (let i = 0; i < text.length; i++) words[message + 1 + i] = text.charCodeAt(i);
    Atomics.store(words, failed, 1);
    if (isTaken && Atomics.sub(words, pending, 1) === 1) Atomics.notify(words, pending);
  }
}
