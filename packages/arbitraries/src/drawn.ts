import fc from "fast-check";

/** An arbitrary told by how a value is drawn and which values are simpler than it. */
export interface Recipe<T> {
  readonly draw: (random: fc.Random) => T;
  /** Simpler values, the simplest first; whoever follows them comes to an end. */
  readonly simpler: (value: T) => Iterable<T>;
}

/**
 * The arbitrary of a recipe. Its shrinking remembers nothing: whatever else has become simpler meanwhile, all simpler
 * values are tried again, so that a counterexample is one of which nothing can be taken away.
 */
export function drawn<T>(recipe: Recipe<T>): fc.Arbitrary<T> {
  return new DrawnArbitrary(recipe);
}

class DrawnArbitrary<T> extends fc.Arbitrary<T> {
  readonly #recipe: Recipe<T>;
  constructor(recipe: Recipe<T>) {
    super();
    this.#recipe = recipe;
  }
  override generate(random: fc.Random): fc.Value<T> {
    return new fc.Value(this.#recipe.draw(random), undefined);
  }
  override canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }
  override shrink(value: T): fc.Stream<fc.Value<T>> {
    const { simpler } = this.#recipe;
    return fc.stream(
      (function* () {
        for (const simple of simpler(value)) yield new fc.Value(simple, undefined);
      })(),
    );
  }
}

/** Integers from `least` up to `length - 1`, few of them: the least first, then ever closer to the length. */
export function* smallerLengths(length: number, least: number): Iterable<number> {
  for (let distance = length - least; distance >= 1; distance = Math.floor(distance / 2)) yield length - distance;
}

/** True once in `times`. */
export function once(times: number, random: fc.Random): boolean {
  return random.nextInt(1, times) === 1;
}

export function pick<T>(values: readonly T[], random: fc.Random): T {
  return values[random.nextInt(0, values.length - 1)];
}
