import type { Arithmetic, Tensor } from "@gradproof/arithmetic";
import { type Buffer, type Call, type CallList, kernelText, type View } from "./call.ts";

/**
 * Compares what a function does now with what it did when it was recorded.
 *
 * @throws Error naming the first call that is another, or a constant that holds other values.
 */
export function audit<S>(A: Arithmetic<S>, recorded: CallList<S>, now: CallList<S>): void {
  const partners = new Map<Buffer<S>, Buffer<S>>();
  const tensorOf = ({ store: { origin }, offset, shape, strides }: View<S>): Tensor<S> | undefined =>
    origin.kind === "constant" ? { store: origin.store, offset: origin.offset + offset, shape, strides } : undefined;

  /** What is wrong with a view in the place of another, if anything. */
  function difference(before: View<S>, after: View<S>): string | undefined {
    if (String([before.shape, before.offset, before.strides]) !== String([after.shape, after.offset, after.strides])) {
      return "has other operands";
    }
    const [old, fresh] = [tensorOf(before), tensorOf(after)];
    if (old && fresh) {
      const isSame = (old.store === fresh.store && old.offset === fresh.offset) || A.same(old, fresh);
      return isSame ? undefined : "has a constant with other values";
    }
    const partner = partners.get(before.store);
    if (partner) return partner === after.store ? undefined : "has other operands";
    const [was, is] = [before.store.origin, after.store.origin];
    if (was.kind !== is.kind || (was.kind === "input" && is.kind === "input" && was.index !== is.index)) {
      return "has other operands";
    }
    partners.set(before.store, after.store);
    return undefined;
  }

  recorded.calls.forEach((before, i) => {
    const after = now.calls[i];
    const text = textOf(before);
    if (!after)
      throw changed(`${now.calls.length} calls; ${recorded.calls.length} were recorded, the next being ${text}`);
    if (textOf(after) !== text) throw changed(`call ${i} is ${textOf(after)}; it was ${text}`);
    const views = [before.out, ...before.inputs].map((view, n) => difference(view, [after.out, ...after.inputs][n]));
    const problem = views.find((view) => view !== undefined);
    if (problem) throw changed(`call ${i}, ${text}, ${problem}`);
  });
  const next = now.calls[recorded.calls.length];
  if (next) throw changed(`more calls than the ${recorded.calls.length} recorded, the next being ${textOf(next)}`);
  recorded.results.forEach((before, i) => {
    const after = now.results[i];
    if (!after || difference(before, after)) throw changed(`result ${i} is another one`);
  });
}

function textOf<S>({ kernel, out, inputs }: Call<S>): string {
  const shapes = inputs.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
  const rows = "rows" in kernel ? ` at ${kernel.rows.join(" ")}` : "";
  return `${kernelText(kernel)}${rows} of ${shapes} to [${out.shape.join(", ")}]`;
}

function changed(problem: string): Error {
  return new Error(
    `compile: audit: the function does something else than what was recorded: ${problem}; expected the same calls at every run: what changes must be among its inputs`,
  );
}
