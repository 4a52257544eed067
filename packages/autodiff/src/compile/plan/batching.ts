import { matrixTranspose, sizeOf } from "@gradproof/arithmetic";
import type { Call, View } from "../call.ts";
import type { Placement } from "./placement.ts";

/**
 * Several calls as one: of calls that are independent of each other and alike, and whose tensors lie at equal distances,
 * or of a chain's. What each element is computed from, and in which order, stays as it is.
 */

/** Fewer calls than this on tensors larger than that gain nothing, and what is put side by side has to live together. */
const several = 4;
const small = 4096;

/** The first calls of the list, as many as can be made as one, and that one. Buffers that lie nowhere yet are put side by side. */
export function batchOf<S>(calls: readonly Call<S>[], placement: Placement<S>, along: Along): Batch<S> {
  const { length, steps } = regularRun(calls, placement);
  const run = calls.slice(0, length);
  const pays = length >= several || sizeOf(calls[0].out.shape) <= small;
  if (length > 1 && pays && along(run, steps)) {
    put(run, placement);
    const placed = run.map((call) => resolvedCall(call, placement));
    const call = isRegular(placed, steps) && along(placed, steps);
    if (call) return { length, call };
  }
  return { length: 1, call: resolvedCall(calls[0], placement) };
}

export interface Batch<S> {
  readonly length: number;
  readonly call: Call<S>;
}

/** Makes one call of several, from the elements by which each tensor, the output first, moves from one to the next. */
export type Along = <S>(calls: readonly Call<S>[], steps: readonly number[]) => Call<S> | undefined;

export function resolvedCall<S>(call: Call<S>, placement: Placement<S>): Call<S> {
  return {
    kernel: call.kernel,
    out: placement.resolved(call.out),
    inputs: call.inputs.map((input) => placement.resolved(input)),
  };
}

function slots<S>({ out, inputs }: Call<S>): readonly View<S>[] {
  return [out, ...inputs];
}

/** How many of the first calls have each tensor at one distance, or where it can be put there; and the distances. */
function regularRun<S>(
  calls: readonly Call<S>[],
  placement: Placement<S>,
): { readonly length: number; readonly steps: readonly number[] } {
  const first = slots(calls[0]);
  const second = slots(calls[1] ?? calls[0]);
  const start = first.map((view) => placement.resolved(view));
  const toBePut = first.map(({ store }, slot) => second[slot].store !== store && placement.isFree(store));
  const steps = first.map(({ store }, slot) =>
    toBePut[slot] ? store.elements : placement.resolved(second[slot]).offset - start[slot].offset,
  );
  const seen = first.map(({ store }) => new Set([store]));
  const fits = (view: View<S>, slot: number, i: number) => {
    if (!toBePut[slot]) {
      const place = placement.resolved(view);
      return place.store === start[slot].store && place.offset === start[slot].offset + i * steps[slot];
    }
    const { store, offset } = first[slot];
    const isNew = !seen[slot].has(view.store);
    seen[slot].add(view.store);
    return isNew && placement.isFree(view.store) && view.offset === offset && view.store.elements === store.elements;
  };
  let length = 1;
  while (length < calls.length && slots(calls[length]).every((view, slot) => fits(view, slot, length))) length++;
  return { length, steps };
}

/** Puts the free buffers of each slot side by side. */
function put<S>(run: readonly Call<S>[], placement: Placement<S>): void {
  for (let slot = 0; slot < slots(run[0]).length; slot++) {
    const buffers = run.map((call) => slots(call)[slot].store);
    if (buffers[0] !== buffers[1] && buffers.every((buffer) => placement.isFree(buffer))) placement.join(buffers);
  }
}

/** Whether each tensor lies at its distance from that of the call before. */
function isRegular<S>(calls: readonly Call<S>[], steps: readonly number[]): boolean {
  const first = slots(calls[0]);
  return calls.every((call, i) =>
    slots(call).every(
      ({ store, offset }, slot) => store === first[slot].store && offset === first[slot].offset + i * steps[slot],
    ),
  );
}

/** Independent calls along a new first axis, or with their rows one behind the other. */
export function sideBySide<S>(calls: readonly Call<S>[], steps: readonly number[]): Call<S> | undefined {
  const [{ kernel, out, inputs }] = calls;
  const n = calls.length;
  const [outStep, ...inputSteps] = steps;
  if (outStep === 0) return undefined;
  switch (kernel.name) {
    case "gemm": {
      const [a, b] = inputs;
      const [aStep, bStep] = inputSteps;
      const [rows, left] = [withRows(out, outStep, n), withRows(a, aStep, n)];
      return rows && left && bStep === 0 ? { kernel, out: rows, inputs: [left, b] } : undefined;
    }
    case "take":
      return rowsSideBySide(calls as readonly Call<S>[], steps, 1, 0);
    case "addAt":
      return rowsSideBySide(calls as readonly Call<S>[], steps, 0, 1);
    default: {
      const rank = out.shape.length;
      return {
        kernel,
        out: alongNewAxis(out, rank, outStep, n),
        inputs: inputs.map((input, i) => alongNewAxis(input, rank, inputSteps[i], n)),
      };
    }
  }
}

/** A view with an axis of n before those of the rank that it is broadcast to. */
function alongNewAxis<S>(view: View<S>, rank: number, step: number, n: number): View<S> {
  const missing = Math.max(0, rank - view.shape.length);
  return {
    store: view.store,
    offset: view.offset,
    shape: [n, ...new Array<number>(missing).fill(1), ...view.shape],
    strides: [step, ...new Array<number>(missing).fill(0), ...view.strides],
  };
}

/** n times as many rows, if the views lie so that rows follow rows. */
function withRows<S>({ store, offset, shape, strides }: View<S>, step: number, n: number): View<S> | undefined {
  if (shape[0] !== 1 && step !== shape[0] * strides[0]) return undefined;
  return { store, offset, shape: [n * shape[0], ...shape.slice(1)], strides: [step / shape[0], ...strides.slice(1)] };
}

/** Calls by row numbers: one table behind the other, with the numbers moved on. */
function rowsSideBySide<S>(
  calls: readonly Call<S>[],
  steps: readonly number[],
  table: number,
  listed: number,
): Call<S> | undefined {
  const [first] = calls;
  const [all, part] = [slots(first)[table], slots(first)[listed]];
  const list = withRows(part, steps[listed], calls.length);
  const apart = steps[table] / all.strides[0];
  if (!list || !Number.isInteger(apart) || apart < 0 || !("rows" in first.kernel)) return undefined;
  const rows = calls.flatMap(({ kernel }, i) => ("rows" in kernel ? kernel.rows.map((row) => row + i * apart) : []));
  const whole = { ...all, shape: [all.shape[0] + (calls.length - 1) * apart, ...all.shape.slice(1)] };
  const kernel = { ...first.kernel, rows };
  return table === 0 ? { kernel, out: whole, inputs: [list] } : { kernel, out: list, inputs: [whole] };
}

/** A chain of sums into one output: the terms of all, in their order. */
export function oneBehindTheOther<S>(calls: readonly Call<S>[], steps: readonly number[]): Call<S> | undefined {
  const [{ kernel, out, inputs }] = calls;
  const n = calls.length;
  const [outStep, aStep, bStep] = steps;
  if (outStep !== 0) return undefined;
  const [a, b] = inputs;
  if (kernel.name === "gemm") {
    const [left, right] = [withRows(matrixTranspose(a), aStep, n), withRows(b, bStep, n)];
    return left && right && { kernel, out, inputs: [matrixTranspose(left), right] };
  }
  if (kernel.name !== "sum") return undefined;
  return {
    kernel,
    out: alongNewAxis(out, out.shape.length, 0, 1),
    inputs: [alongNewAxis(a, a.shape.length, aStep, n)],
  };
}
