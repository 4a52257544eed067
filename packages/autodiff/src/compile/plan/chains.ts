import { type Buffer, type Call, isSameView, readsOutput } from "../call.ts";
import type { Roles } from "./roles.ts";

/**
 * The calls, those in one group that add one product or sum after another of the same kind to one output which nobody else
 * looks at meanwhile: the gradient of a weight that is used at many steps.
 */
export function chains<S>(calls: readonly Call<S>[], { callRole }: Roles<S>): Call<S>[][] {
  const lastWrite = new Map<Buffer<S>, number>();
  calls.forEach(({ out }, i) => {
    lastWrite.set(out.store, i);
  });
  /** Each with the place of its last call, by which its operands are there. */
  const groups: { readonly calls: Call<S>[]; last: number }[] = [];
  /** Of each buffer the group that used it last. */
  const latest = new Map<Buffer<S>, (typeof groups)[number]>();
  calls.forEach((call, i) => {
    const { kernel, out, inputs } = call;
    const isSettled = inputs.every(({ store }) => (lastWrite.get(store) ?? -1) < i);
    const isSum = (kernel.name === "gemm" || kernel.name === "sum") && isSettled;
    let group = latest.get(out.store);
    const before = group?.calls.at(-1);
    if (group && before && isSum && readsOutput(call) && isSameView(before.out, out) && isLike(before, call)) {
      group.calls.push(call);
      group.last = i;
    } else {
      group = { calls: [call], last: i };
      groups.push(group);
    }
    for (const { store } of inputs) latest.delete(store);
    if (isSum) latest.set(out.store, group);
    else latest.delete(out.store);
  });
  return groups.sort((a, b) => a.last - b.last).map((group) => group.calls);

  function isLike(a: Call<S>, b: Call<S>): boolean {
    return a.kernel.name === b.kernel.name && callRole(a, false) === callRole(b, false);
  }
}
