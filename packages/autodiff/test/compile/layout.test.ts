import { at, OperationError, type PrimeField, primeField } from "@gradproof/arithmetic";
import { expect, test } from "vitest";
import { type Buffer, type Call, type CallList, kernelText, type View } from "../../src/compile/call.ts";
import { type Layout, layoutOf } from "../../src/compile/plan/layout.ts";
import { lastUses, withoutDead } from "../../src/compile/plan/liveness.ts";
import { planned } from "../../src/compile/plan/plan.ts";
import { programOf } from "../../src/compile/program.ts";
import { recordingOf } from "../../src/compile/recording.ts";
import type { Variable } from "../../src/variable.ts";
import { gradientOf, inputsOf, type Network, networks } from "./networks.ts";

type Residues = Buffer<Float64Array>;

const F = primeField(11);

function recordingFor(A: PrimeField, network: Network): CallList<Float64Array> {
  const f = gradientOf<Float64Array>(network) as (...inputs: readonly unknown[]) => unknown;
  return recordingOf(A, f, [inputsOf(A, network, 1)]);
}

/** What a call reads of its inputs: of a take, the rows that it takes. */
function readBy({ kernel, inputs }: Call<Float64Array>): View<Float64Array>[] {
  if (kernel.name !== "take") return [...inputs];
  return kernel.rows.map((row) => at(inputs[0], row));
}

/** Every element that a view has, counted from where its buffer begins. */
function elementsOf({ offset, shape, strides }: View<Float64Array>): number[] {
  return shape.reduce<number[]>(
    (starts, length, axis) => starts.flatMap((start) => Array.from({ length }, (_, i) => start + i * strides[axis])),
    [offset],
  );
}

/**
 * Goes through the calls noting in each place of the memory whose element it holds: whether an element that another buffer
 * has overwritten is read, and whether a call writes where it reads another element.
 */
function faultsOf(list: CallList<Float64Array>, { places }: Layout<Float64Array>) {
  const owners = new Map<number, Residues>();
  const placesOf = (view: View<Float64Array>) => elementsOf(view).map((i) => places.get(view.store)! + i);
  const isOwned = (view: View<Float64Array>) =>
    !places.has(view.store) || placesOf(view).every((place) => owners.get(place) === view.store);
  const own = (view: View<Float64Array>) => {
    if (places.has(view.store)) for (const place of placesOf(view)) owners.set(place, view.store);
  };
  let lost = false;
  let overlapping = false;
  for (const call of list.calls) {
    const inputs = readBy(call);
    const { out } = call;
    lost ||= !inputs.every(isOwned);
    const written = places.has(out.store) ? placesOf(out) : [];
    for (const input of inputs) {
      if (!places.has(input.store) || input.store === out.store) continue;
      const read = placesOf(input);
      // Element by element a kernel may write where it has just read.
      const inPlace = ["unary", "binary"].includes(call.kernel.name) && String(read) === String(written);
      overlapping ||= !inPlace && read.some((place) => written.includes(place));
    }
    own(out);
  }
  return { lost: lost || !list.results.every(isOwned), overlapping };
}

/** Whether value and gradient have the right residues when computed in that memory. */
function isRight(network: Network, list: CallList<Float64Array>, layout: Layout<Float64Array>): boolean {
  const inputs = inputsOf(F, network, 1);
  const { value, gradient } = gradientOf<Float64Array>(network)(inputs) as {
    value: Variable<Float64Array>;
    gradient: readonly Variable<Float64Array>[];
  };
  try {
    const results = programOf(F, list, layout).run(inputs.map((input) => input.value));
    return [value, ...gradient].every((expected, i) => F.same(results[i], expected.value));
  } catch (error) {
    // What was never written is no residue, and some functions say so.
    if (error instanceof OperationError || error instanceof RangeError) return false;
    throw error;
  }
}

// The last one is long.
const cases = networks.slice(0, -1).map((network) => {
  const recording = recordingFor(F, network);
  return { network, recorded: withoutDead(recording), planned: planned(recording) };
});

test.each(cases)("$network.name: fewer calls, in less memory", ({ network, recorded, planned }) => {
  for (const list of [recorded, planned]) {
    const layout = layoutOf(list);
    expect(isRight(network, list, layout)).toBe(true);
    expect(faultsOf(list, layout)).toEqual({ lost: false, overlapping: false });
  }
  expect(planned.calls.length).toBeLessThan(0.85 * recorded.calls.length);
  const all = new Set(recorded.calls.map(({ out }) => out.store));
  const kept = [...all].reduce((sum, { elements }) => sum + 16 * Math.ceil(elements / 16), 0);
  expect(layoutOf(recorded).elements).toBeLessThan(0.5 * kept);
  expect(layoutOf(planned).elements).toBeLessThan(0.8 * kept);
});

test("a buffer that is freed one call early is noticed: the gradient is another wherever its elements are lost", () => {
  const counts = { freed: 0, lost: 0, wrong: 0 };
  for (const { network, recorded, planned } of cases) {
    for (const list of [recorded, planned]) {
      const uses = lastUses(list);
      for (const [buffer, last] of uses) {
        if (buffer.origin.kind !== "computed" || last < 1) continue;
        const layout = layoutOf(list, new Map(uses).set(buffer, last - 1));
        const { lost, overlapping } = faultsOf(list, layout);
        if (!lost && !overlapping) continue;
        const wrong = !isRight(network, list, layout);
        if (lost) expect(wrong, `${network.name}: freed before call ${last}`).toBe(true);
        counts.freed++;
        counts.lost += lost ? 1 : 0;
        counts.wrong += wrong ? 1 : 0;
      }
    }
  }
  console.log(`buffers freed early, so that memory is shared too soon: ${JSON.stringify(counts)}`);
  expect(counts.wrong).toBeGreaterThan(15);
});

test.each(cases.slice(0, 3))(
  "$network.name: a planned call that is left out is noticed",
  ({ network, planned: list }) => {
    const layout = layoutOf(list);
    const unnoticed = list.calls.filter((_, i) =>
      isRight(network, { ...list, calls: list.calls.toSpliced(i, 1) }, layout),
    );
    // The products with the gradient of the result with respect to itself, which is 1, are made in place.
    expect(unnoticed.map(({ kernel }) => kernelText(kernel)).filter((text) => text !== "multiply")).toEqual([]);
    expect(unnoticed.length).toBeLessThan(3);
    expect(list.calls.length).toBeGreaterThan(20);
  },
);
