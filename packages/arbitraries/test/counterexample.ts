import { runs, seed } from "@gradproof/vitest-preset/settings";
import fc from "fast-check";

/** What a property that fails is shrunk to, from several seeds. */
export function counterexamples<T>(arbitrary: fc.Arbitrary<T>, fails: (value: T) => boolean): T[] {
  return [0, 1, 2, 3, 4].map((more) => {
    const { counterexample } = fc.check(
      fc.property(arbitrary, (value) => !fails(value)),
      { seed: seed + more, numRuns: 2000 },
    );
    if (!counterexample) throw new Error(`counterexamples: none from seed ${seed + more}`);
    return counterexample[0];
  });
}

/** What a property that fails is shrunk to; from each seed it must be the same. */
export function smallest<T>(arbitrary: fc.Arbitrary<T>, fails: (value: T) => boolean): T {
  const found = counterexamples(arbitrary, fails);
  const [first, ...others] = found.map((value) => fc.stringify(value));
  const other = others.find((text) => text !== first);
  if (other) throw new Error(`smallest: ${first} from one seed, ${other} from another`);
  return found[0];
}

/**
 * Every value that is tried while shrinking under verdicts that follow no rule, so that shrinking wanders: the first drawn
 * one of each search too.
 *
 * @throws Error for a search that does not end.
 */
export function wandering<T>(arbitrary: fc.Arbitrary<T>, searches: number): { before: T | undefined; value: T }[] {
  const tried: { before: T | undefined; value: T }[] = [];
  for (let search = 0; search < runs(searches).numRuns; search++) {
    let failed: T | undefined;
    let steps = 0;
    const property = fc.property(arbitrary, (value) => {
      if (++steps > 100_000) throw new Error("wandering: shrinking does not end");
      tried.push({ before: failed, value });
      const fails = failed === undefined || hash(fc.stringify(value) + search) % 3 === 0;
      if (fails) failed = value;
      return !fails;
    });
    const { errorInstance } = fc.check(property, { seed: seed + search, numRuns: 1 });
    if (errorInstance instanceof Error && errorInstance.message.startsWith("wandering")) throw errorInstance;
  }
  return tried;
}

/** FNV-1a, mixed once more. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 15;
  return Math.imul(h, 0x2c1b3c6d) >>> 8;
}
