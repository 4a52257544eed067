import { type Call, type CallList, isSameView, type Kernel, type View } from "../call.ts";

/** So many steps pay for what a recurrence sets up. */
const fewest = 3;

/** A step of a loop over time: sums ← sums + state weight, then next ← f(sums) or f(beside, sums). */
interface Step<S> {
  readonly state: View<S>;
  readonly sums: View<S>;
  readonly weight: View<S>;
  readonly beside: View<S> | undefined;
  readonly next: View<S>;
  readonly f: (Kernel & { readonly name: "recurrence" })["f"];
}

/** Steps of a loop over time that follow each other as one call, for an arithmetic that has such a kernel. */
export function withRecurrences<S>(list: CallList<S>): CallList<S> {
  const calls: Call<S>[] = [];
  for (let i = 0; i < list.calls.length; ) {
    const steps: Step<S>[] = [];
    for (let step = stepAt(list.calls, i); step; step = stepAt(list.calls, i + 2 * steps.length)) {
      if (!continues(steps, step)) break;
      steps.push(step);
    }
    if (steps.length < fewest) calls.push(list.calls[i++]);
    else {
      calls.push(recurrence(steps));
      i += 2 * steps.length;
    }
  }
  return { ...list, calls };
}

function stepAt<S>(calls: readonly Call<S>[], i: number): Step<S> | undefined {
  const [product, map] = [calls[i], calls[i + 1]];
  if (!map || product.kernel.name !== "gemm" || product.kernel.mode !== "accumulate") return undefined;
  const { out: sums } = product;
  const [state, weight] = product.inputs;
  const { kernel, out: next } = map;
  if (kernel.name !== "unary" && kernel.name !== "timesOneMinusSquare") return undefined;
  const f = kernel.name === "unary" ? kernel.operation.name : kernel.name;
  const [beside, mapped] = f === "timesOneMinusSquare" ? map.inputs : [undefined, map.inputs[0]];
  if (mapped.store !== sums.store || !isSameView(mapped, sums)) return undefined;
  const tensors = beside ? [state, sums, next, beside] : [state, sums, next];
  const stores = new Set([...tensors, weight].map(({ store }) => store));
  const fits =
    // States are one tensor, and nothing else lies in it.
    state.store === next.store &&
    stores.size === tensors.length &&
    String(weight.shape) === String([sums.shape[1], sums.shape[1]]) &&
    tensors.every(
      ({ shape, strides }) => String(shape) === String(sums.shape) && (strides[1] === 1 || shape[1] === 1),
    ) &&
    String(state.strides) === String(next.strides);
  return fits ? { state, sums, weight, beside, next, f } : undefined;
}

/** Whether the step goes on where the others end, its tensors at their distances. */
function continues<S>(steps: readonly Step<S>[], step: Step<S>): boolean {
  const [first, second] = steps;
  const last = steps.at(-1);
  if (!first || !last) return true;
  const parts = (one: Step<S>) => [one.state, one.next, one.sums, ...(one.beside ? [one.beside] : [])];
  const apart = (a: View<S>, b: View<S>) => (a.store === b.store ? b.offset - a.offset : Number.NaN);
  return (
    first.f === step.f &&
    first.weight.store === step.weight.store &&
    isSameView(first.weight, step.weight) &&
    isSameView(last.next, step.state) &&
    apart(step.state, step.next) === apart(first.state, first.next) &&
    parts(step).every((view, slot) => {
      const from = parts(last)[slot];
      const distance = second ? apart(parts(first)[slot], parts(second)[slot]) : apart(from, view);
      const isAlike = String([view.shape, view.strides]) === String([from.shape, from.strides]);
      return isAlike && apart(from, view) === distance;
    })
  );
}

function recurrence<S>(steps: readonly Step<S>[]): Call<S> {
  const [first, second] = steps;
  const { state, next, sums, weight, beside, f } = first;
  const along = (view: View<S>, length: number, step: number): View<S> => ({
    ...view,
    shape: [length, ...view.shape],
    strides: [step, ...view.strides],
  });
  const inputs = [along(sums, steps.length, second.sums.offset - sums.offset), weight];
  if (beside && second.beside) inputs.push(along(beside, steps.length, second.beside.offset - beside.offset));
  return {
    kernel: { name: "recurrence", f },
    out: along(state, steps.length + 1, next.offset - state.offset),
    inputs,
  };
}
