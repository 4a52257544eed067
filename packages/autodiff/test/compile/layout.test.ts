import { at, type PrimeField, primeField } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import type { Buffer, Call, CallList, View } from "../../src/compile/call.ts";
import { type Layout, layoutOf } from "../../src/compile/plan/layout.ts";
import { lastUses } from "../../src/compile/plan/liveness.ts";
import { planned } from "../../src/compile/plan/plan.ts";
import { programOf } from "../../src/compile/program.ts";
import { recordingOf } from "../../src/compile/recording.ts";
import type { Variable } from "../../src/variable.ts";
import { gradientOf, inputsOf, type Network, networks } from "./networks.ts";

type Residues = Buffer<Float64Array>;

const F = primeField(11);

function listOf(A: PrimeField, network: Network): CallList<Float64Array> {
  const f = gradientOf<Float64Array>(network) as (...inputs: readonly unknown[]) => unknown;
  return planned(recordingOf(A, f, [inputsOf(A, network, 1)]));
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
    view.store.origin.kind === "constant" || placesOf(view).every((place) => owners.get(place) === view.store);
  const own = (view: View<Float64Array>) => {
    for (const place of placesOf(view)) owners.set(place, view.store);
  };
  list.inputs.forEach(own);
  let lost = false;
  let overlapping = false;
  for (const call of list.calls) {
    const inputs = readBy(call);
    const { out } = call;
    lost ||= !inputs.every(isOwned);
    const written = placesOf(out);
    for (const input of inputs) {
      if (input.store.origin.kind === "constant" || input.store === out.store) continue;
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
  const program = programOf(F, list, layout);
  for (const [i, { value }] of inputs.entries()) F.copy(program.inputs[i], value);
  program.run();
  const { value, gradient } = gradientOf<Float64Array>(network)(inputs) as {
    value: Variable<Float64Array>;
    gradient: readonly Variable<Float64Array>[];
  };
  return [value, ...gradient].every((expected, i) => F.same(program.results[i], expected.value));
}

describe.each(networks)("$name", (network) => {
  const list = listOf(F, network);

  test("no element is overwritten before its last use, and memory is used again", () => {
    const layout = layoutOf(list);
    expect(faultsOf(list, layout)).toEqual({ lost: false, overlapping: false });
    expect(isRight(network, list, layout)).toBe(true);
    const all = [...layout.places.keys()].reduce((sum, { elements }) => sum + 16 * Math.ceil(elements / 16), 0);
    expect(layout.elements).toBeLessThan(0.8 * all);
  });

  test("a buffer that is freed one call early is noticed: the gradient is another wherever its elements are lost", () => {
    const uses = lastUses(list);
    const counts = { freed: 0, lost: 0, wrong: 0 };
    for (const [buffer, last] of uses) {
      if (buffer.origin.kind === "constant" || last < 1) continue;
      const layout = layoutOf(list, new Map(uses).set(buffer, last - 1));
      const { lost, overlapping } = faultsOf(list, layout);
      const wrong = !isRight(network, list, layout);
      if (lost) expect(wrong, `freed before call ${last}`).toBe(true);
      if (wrong) expect(lost || overlapping, `freed before call ${last}`).toBe(true);
      counts.freed++;
      counts.lost += lost ? 1 : 0;
      counts.wrong += wrong ? 1 : 0;
    }
    console.log(`${network.name}: ${list.calls.length} calls, buffers freed early: ${JSON.stringify(counts)}`);
    expect(counts.wrong).toBeGreaterThan(5);
  });
});
