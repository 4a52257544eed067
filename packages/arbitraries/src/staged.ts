import fc from "fast-check";
import type { Domain } from "./domain.ts";
import { type Shape, sizeOf } from "./numeric-array.ts";

/** An array that is to be drawn. */
export interface Block {
  readonly shape: Shape;
  readonly domain: Domain;
}

/** What to draw once the setting is known, and what to make of it. */
export interface Plan<T> {
  readonly blocks: Readonly<Record<string, Block>>;
  /** The value, from the numbers of each block in row-major order. */
  readonly build: (numbers: Readonly<Record<string, readonly number[]>>) => T;
}

/**
 * Values drawn in stages: a setting (dimensions, then structure), then numbers in the arrays that it asks for.
 *
 * They shrink in the same order: to a simpler setting with the numbers that are left, taken from either end of each axis,
 * or with the simplest ones; then to simpler numbers, all at once, by array, by array in the order that they
 * have, and one by one. When a number has become simpler all else is tried again, so that nothing of a counterexample can
 * be made simpler by itself.
 *
 * @param refusal - why a value is not wanted, undefined where it is; such values are neither drawn nor shrunk to.
 */
export function staged<K, T>(
  settings: fc.Arbitrary<K>,
  plan: (setting: K) => Plan<T>,
  refusal: (value: T) => string | undefined = () => undefined,
): fc.Arbitrary<T> {
  return new StagedArbitrary(settings, plan, refusal);
}

/** How a value came about. */
interface Origin<K, T> {
  readonly setting: fc.Value<K>;
  readonly plan: Plan<T>;
  readonly numbers: Readonly<Record<string, readonly number[]>>;
  /** The last number that was made simpler, counted through all blocks: the next ones are tried first. */
  readonly at: number;
}

const attempts = 1000;

class StagedArbitrary<K, T> extends fc.Arbitrary<T> {
  readonly #settings: fc.Arbitrary<K>;
  readonly #plan: (setting: K) => Plan<T>;
  readonly #refusal: (value: T) => string | undefined;

  constructor(settings: fc.Arbitrary<K>, plan: (setting: K) => Plan<T>, refusal: (value: T) => string | undefined) {
    super();
    this.#settings = settings;
    this.#plan = plan;
    this.#refusal = refusal;
  }

  override generate(random: fc.Random, biasFactor: number | undefined): fc.Value<T> {
    let refusal: string | undefined;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const setting = this.#settings.generate(random, biasFactor);
      const plan = this.#plan(setting.value);
      const numbers = mapBlocks(plan, ({ shape, domain }) => domain.draw(sizeOf(shape), random));
      const value = plan.build(numbers);
      refusal = this.#refusal(value);
      if (refusal === undefined) return new fc.Value(value, { setting, plan, numbers, at: 0 });
    }
    throw new RangeError(`${refusal}; none of ${attempts} draws was accepted`);
  }

  override canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  override shrink(_value: T, context: unknown): fc.Stream<fc.Value<T>> {
    if (context === undefined) return fc.Stream.nil();
    return fc.stream(this.#simpler(context as Origin<K, T>));
  }

  *#simpler(origin: Origin<K, T>): IterableIterator<fc.Value<T>> {
    for (const simple of this.#simplerOrigins(origin)) {
      const value = simple.plan.build(simple.numbers);
      if (this.#refusal(value) === undefined) yield new fc.Value(value, simple);
    }
  }

  *#simplerOrigins(origin: Origin<K, T>): Iterable<Origin<K, T>> {
    if (origin.at > 0) yield* simplerNumbers(origin, origin.at, Number.POSITIVE_INFINITY);
    for (const setting of this.#settings.shrink(origin.setting.value_, origin.setting.context)) {
      const plan = this.#plan(setting.value);
      const seen = new Set<string>();
      for (const numbers of [cut(origin, plan, "start"), cut(origin, plan, "end"), simplestNumbers(plan)]) {
        const key = JSON.stringify(numbers);
        if (!seen.has(key)) yield { setting, plan, numbers, at: 0 };
        seen.add(key);
      }
    }
    yield* simplestBlocks(origin);
    yield* simplerNumbers(origin, 0, origin.at > 0 ? origin.at : Number.POSITIVE_INFINITY);
  }
}

function mapBlocks<R>(plan: Plan<unknown>, replace: (block: Block, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(plan.blocks).map(([name, block]) => [name, replace(block, name)]));
}

function simplestNumbers(plan: Plan<unknown>): Record<string, number[]> {
  return mapBlocks(plan, ({ shape, domain }) => domain.simplest(sizeOf(shape)));
}

/** What is left of the numbers under another plan, from the start or the end of each axis; all if there are as many. */
function cut<K, T>(origin: Origin<K, T>, plan: Plan<T>, from: "start" | "end"): Record<string, number[]> {
  return mapBlocks(plan, ({ shape, domain }, name) => {
    const old = origin.plan.blocks[name];
    if (!old) return domain.simplest(sizeOf(shape));
    const numbers = origin.numbers[name];
    if (sizeOf(shape) === numbers.length) return domain.complete(numbers);
    return domain.complete(
      Array.from({ length: sizeOf(shape) }, (_, index) => {
        const place = oldPlace(index, shape, old.shape, from);
        return place === undefined ? undefined : numbers[place];
      }),
    );
  });
}

/** Where an element stood in the larger array, axes aligned at the last one; undefined where it is new. */
function oldPlace(index: number, shape: Shape, old: Shape, from: "start" | "end"): number | undefined {
  let place = 0;
  let [rest, stride] = [index, 1];
  for (let back = 1; back <= Math.max(shape.length, old.length); back++) {
    const length = shape[shape.length - back] ?? 1;
    const oldLength = old[old.length - back] ?? 1;
    const along = (rest % length) + (from === "end" ? oldLength - length : 0);
    if (along < 0 || along >= oldLength) return undefined;
    rest = Math.floor(rest / length);
    place += along * stride;
    stride *= oldLength;
  }
  return place;
}

/** All numbers the simplest, then those of one block, then those of one block with their order kept. */
function* simplestBlocks<K, T>(origin: Origin<K, T>): Iterable<Origin<K, T>> {
  const { plan, numbers } = origin;
  const simplest = simplestNumbers(plan);
  const others = Object.keys(plan.blocks).filter((name) => String(numbers[name]) !== String(simplest[name]));
  if (others.length > 1) yield { ...origin, numbers: simplest, at: 0 };
  for (const name of others) yield { ...origin, numbers: { ...numbers, [name]: simplest[name] }, at: 0 };
  for (const name of others) {
    const ordered = plan.blocks[name].domain.ordered?.(numbers[name]);
    if (ordered) yield { ...origin, numbers: { ...numbers, [name]: ordered }, at: 0 };
  }
}

/** One number simpler, of those from `start` up to `end` counted through all blocks. */
function* simplerNumbers<K, T>(origin: Origin<K, T>, start: number, end: number): Iterable<Origin<K, T>> {
  const { plan, numbers } = origin;
  let at = 0;
  for (const [name, { domain }] of Object.entries(plan.blocks)) {
    for (const index of numbers[name].keys()) {
      if (at >= start && at < end) {
        for (const simple of domain.simpler(numbers[name], index)) {
          yield { ...origin, numbers: { ...numbers, [name]: numbers[name].with(index, simple) }, at };
        }
      }
      at++;
    }
  }
}
