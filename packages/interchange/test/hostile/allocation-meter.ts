const kinds = [
  "ArrayBuffer",
  "Uint8Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
] as const;

/** What has been asked for since the last reset, also by allocations that failed. */
export interface Allocations {
  largest: number;
  total: number;
}

/**
 * Counts the bytes of every typed array and buffer that code loaded from now on makes, by standing in for their
 * constructors. `slice` is counted too: it makes its result without them.
 */
export function meterAllocations(): { readonly made: Allocations; reset(): void; stop(): void } {
  const made: Allocations = { largest: 0, total: 0 };
  const count = (bytes: number) => {
    made.largest = Math.max(made.largest, bytes);
    made.total += bytes;
  };
  const originals = new Map<string, unknown>();
  const globals = globalThis as unknown as Record<string, unknown>;
  for (const kind of kinds) {
    const original = globals[kind] as (new (
      ...args: unknown[]
    ) => { byteLength: number }) & { BYTES_PER_ELEMENT?: number };
    originals.set(kind, original);
    const meter: typeof original = new Proxy(original, {
      construct(target, args, newTarget) {
        const [size] = args;
        // Asked for by number: counted before it can fail.
        if (typeof size === "number") count(size * (original.BYTES_PER_ELEMENT ?? 1));
        const result = Reflect.construct(target, args, newTarget === meter ? target : newTarget);
        const view = size instanceof ArrayBuffer;
        if (typeof size !== "number" && !view) count(result.byteLength);
        return result;
      },
    });
    globals[kind] = meter;
  }
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
  const slice = typedArray.slice;
  typedArray.slice = function (...args: unknown[]) {
    const result = slice.apply(this, args);
    count(result.byteLength);
    return result;
  };
  return {
    made,
    reset() {
      made.largest = 0;
      made.total = 0;
    },
    stop() {
      for (const [kind, original] of originals) globals[kind] = original;
      typedArray.slice = slice;
    },
  };
}
