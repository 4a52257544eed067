import { afterEach, describe, expect, test, vi } from "vitest";
import { bytesOf, kernelsIn } from "../../src/simd/kernels.ts";
import { webAssembly } from "../../src/simd/web-assembly.ts";
import { Crew } from "../../src/threads/crew.ts";
import { withSharedMemory } from "../../src/threads/shared-import.ts";

const mostPages = 256;
const module = new (webAssembly().Module)(withSharedMemory(bytesOf("baseline"), mostPages));
const memory = new (webAssembly().Memory)({ initial: 64, maximum: mostPages, shared: true });
const { kernels, tensorsStart, scratchBytes } = kernelsIn(memory, 32, "baseline", module);
const at = tensorsStart + 2 * scratchBytes;
const numbers = new Float32Array(memory.buffer);

type Kernel = "unary" | "peak" | "missing";
const names = new Map<Kernel, string>([
  ["unary", "unary32"],
  ["peak", "peak32"],
]);

let crew: Crew<Kernel> | undefined;
afterEach(() => {
  crew?.dismiss();
  crew = undefined;
});

async function crewOf(
  count: number,
  patience = 20_000,
  of: ReadonlyMap<Kernel, string> = names,
): Promise<Crew<Kernel>> {
  const scratches = Array.from({ length: count }, (_, i) => tensorsStart + i * scratchBytes);
  const made = new Crew({ module, memory, kernels: of, scratches, patience });
  crew = made;
  if (of === names) await vi.waitFor(() => expect(made.ready).toBe(count), { timeout: 20_000 });
  return made;
}

/** unary's numbers: one element, at that place, squared. */
const square = (place: number): number[] => [1, at + 4 * place, 0, 4, at + 4 * place, 0, 4, 1, 1];
/** Far outside of the memory. */
const outside = [1, 2 ** 30, 0, 4, 2 ** 30, 0, 4, 1, 1];

/** Does the caller's own part so slowly that all others are taken. */
const slowly = (_: Kernel, part: readonly number[]): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  (kernels.unary as (...numbers: number[]) => void)(...part);
};

describe("a crew", () => {
  test("does the parts that the caller does not get to, each once", async () => {
    const made = await crewOf(2);
    numbers.set([3, 5, 7], at / 4);
    const own: (readonly number[])[] = [];
    made.together("unary", square(0), [square(1), square(2)], (kernel, part) => {
      own.push(part);
      slowly(kernel, part);
    });
    expect(own).toEqual([square(0)]);
    expect(Array.from(numbers.subarray(at / 4, at / 4 + 3))).toEqual([9, 25, 49]);
  });

  test("leaves the caller what no thread takes", () => {
    const made = new Crew<Kernel>({ module, memory, kernels: names, scratches: [], patience: 1000 });
    numbers.set([3, 5, 7], at / 4);
    made.together("unary", square(0), [square(1), square(2)], (_, part) => {
      (kernels.unary as (...numbers: number[]) => void)(...part);
    });
    expect(Array.from(numbers.subarray(at / 4, at / 4 + 3))).toEqual([9, 25, 49]);
  });

  test("does ten thousand jobs, awake and asleep", async () => {
    const made = await crewOf(2);
    const places = [0, 1, 2];
    const own = (_: Kernel, part: readonly number[]) => (kernels.unary as (...numbers: number[]) => void)(...part);
    for (let job = 0; job < 10_000; job++) {
      numbers.set(
        places.map((place) => job + place),
        at / 4,
      );
      // Long enough that the threads fall asleep.
      if (job % 2000 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      made.together("unary", square(0), [square(1), square(2)], own);
      const expected = places.map((place) => Math.fround((job + place) ** 2));
      if (places.some((place) => numbers[at / 4 + place] !== expected[place])) expect.fail(`job ${job}`);
    }
  });

  test("hands on what a thread said when it failed, then and from then on", async () => {
    const made = await crewOf(1);
    const job = () => made.together("unary", square(0), [outside], slowly);
    expect(job).toThrow(/^threaded: a thread failed: RuntimeError: memory access out of bounds$/);
    expect(job).toThrow(/^threaded: a thread is lost: RuntimeError: memory access out of bounds/);
  });

  test("says that a thread could not begin", async () => {
    const made = await crewOf(1, 20_000, new Map([["missing", "none"]]));
    const job = () => made.together("missing", square(0), [square(1)], () => {});
    await vi.waitFor(() => expect(job).toThrow(/TypeError/), { timeout: 20_000 });
  });

  test("does not wait for ever for a thread that does not finish", async () => {
    const made = await crewOf(1, 100);
    // Some seconds of multiply-adds.
    const job = () => made.together("peak", square(0), [[2_000_000_000, at]], slowly);
    expect(job).toThrow("a thread is lost: it has not finished its part within 100 ms");
  });
});

describe("a module for shared memory", () => {
  test("takes a shared memory and no other", () => {
    const Instance = webAssembly().Instance;
    const ordinary = new (webAssembly().Module)(bytesOf("baseline"));
    const own = new (webAssembly().Memory)({ initial: 64, maximum: mostPages });
    expect(() => new Instance(module, { env: { memory } })).not.toThrow();
    expect(() => new Instance(module, { env: { memory: own } })).toThrow(/memory/);
    expect(() => new Instance(ordinary, { env: { memory } })).toThrow(/memory/);
  });

  test("is not made of one that imports anything else", () => {
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    // An import section: one function "f" of module "m", of type 0.
    const withFunction = Uint8Array.of(...empty, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x6d, 1, 0x66, 0, 0);
    expect(webAssembly().validate(withFunction)).toBe(true);
    for (const bytes of [empty, withFunction]) expect(() => withSharedMemory(bytes, 1)).toThrow(/expected that of one/);
  });
});
