import type fc from "fast-check";

/** What the numbers of one array may be, and which of them are simple. */
export interface Domain {
  readonly draw: (size: number, random: fc.Random) => number[];
  /** What an array of that size is like at its simplest. */
  readonly simplest: (size: number) => number[];
  /** The array with the simplest numbers that are in the same order, if that is simpler. */
  readonly ordered?: (values: readonly number[]) => number[] | undefined;
  /** Simpler numbers for one element that the others allow, the simplest first; whoever follows them comes to an end. */
  readonly simpler: (values: readonly number[], index: number) => Iterable<number>;
  /** An array of another size or domain made to fit: what is missing or not allowed replaced. */
  readonly complete: (values: readonly (number | undefined)[]) => number[];
}

/** Integers from `least` to `most`; at their simplest they count up from `least`, or down from `most`, and begin again. */
export function integers(least: number, most: number, counting: "up" | "down"): Domain {
  const simplestAt = (index: number) => {
    const steps = index % (most - least + 1);
    return counting === "up" ? least + steps : most - steps;
  };
  const distance = (value: number) => (counting === "up" ? value - least : most - value);
  return {
    draw: (size, random) => Array.from({ length: size }, () => random.nextInt(least, most)),
    simplest: (size) => Array.from({ length: size }, (_, index) => simplestAt(index)),
    *simpler(values, index) {
      const [value, goal] = [values[index], simplestAt(index)];
      if (value === goal) return;
      yield goal;
      for (let other = 0; other < distance(value); other++) {
        const nearer = counting === "up" ? least + other : most - other;
        if (nearer !== goal) yield nearer;
      }
    },
    complete: (values) =>
      values.map((value, index) =>
        value !== undefined && least <= value && value <= most ? value : simplestAt(index),
      ),
  };
}
