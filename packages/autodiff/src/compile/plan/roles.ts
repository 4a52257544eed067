import { sizeOf } from "@gradproof/arithmetic";
import { type Buffer, type Call, kernelText } from "../call.ts";

/** What a call or a buffer is for, as a text: those of one role at several steps of a loop may be treated at once. */
export interface Roles<S> {
  /** Kernel, layouts and what the operands are; with or without what the kernel does to its output. */
  callRole(call: Call<S>, withMode?: boolean): string;
}

/** Roles by who wrote a buffer first, and of what; inputs and constants are each their own. */
export function rolesOf<S>(calls: readonly Call<S>[]): Roles<S> {
  const writers = new Map<Buffer<S>, Call<S>>();
  for (const call of calls) if (!writers.has(call.out.store)) writers.set(call.out.store, call);
  const roles = new Map<Buffer<S>, number>();
  const identities = new Map<Buffer<S>, number>();
  const numbers = new Map<string, number>();

  function number(text: string): number {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  }

  /** To that depth of operands of operands. */
  function describe(buffer: Buffer<S>, depth: number): string {
    const writer = writers.get(buffer);
    if (!writer) return `own ${roleOf(buffer)}`;
    const { kernel, out, inputs } = writer;
    const operands = depth > 0 ? inputs.map(({ store }) => describe(store, depth - 1)) : [];
    return `${kernel.name} ${"operation" in kernel ? kernel.operation.name : ""} ${out.shape} (${operands})`;
  }

  /** The buffer itself: parts of one go together, like parts of two do not. */
  function identity(buffer: Buffer<S>): string {
    let own = identities.get(buffer);
    if (own === undefined) {
      own = identities.size;
      identities.set(buffer, own);
    }
    return `part of ${own}`;
  }

  function roleOf(buffer: Buffer<S>): number {
    let role = roles.get(buffer);
    if (role === undefined) {
      role = number(writers.has(buffer) ? describe(buffer, 1) : `buffer ${roles.size}`);
      roles.set(buffer, role);
    }
    return role;
  }

  return {
    callRole({ kernel, out, inputs }, withMode = true) {
      const layouts = [out, ...inputs].map(
        ({ store, shape, strides }) =>
          `${shape}|${strides}|${sizeOf(shape) < store.elements ? identity(store) : roleOf(store)}`,
      );
      return `${withMode ? kernelText(kernel) : kernel.name} ${layouts.join(" ")}`;
    },
  };
}
