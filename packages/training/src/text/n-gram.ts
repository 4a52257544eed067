import { requireNumber } from "../checks.ts";

/**
 * Cross entropy, in nats per character, of an n-gram model that counts on one text and is asked about another. The counts of
 * each length are interpolated with those of the next shorter one as Witten and Bell (1991) do, down to all characters
 * alike, so that no character is impossible: p_n(c | context) = (count(context c) + d p_{n−1}(c)) / (count(context) + d), d
 * the different characters seen after the context.
 *
 * @param n - characters of a gram, at least 1: a character alone is 1, a pair 2.
 * @param classes - how many different characters there are.
 * @throws RangeError for another n.
 * @example
 * ```ts
 * const text = Int32Array.from({ length: 100 }, (_, i) => i % 2);
 * console.log(nGramEntropy(text, text, 1, 2).toFixed(2), nGramEntropy(text, text, 2, 2) < 0.05); // -> 0.69 true
 * ```
 */
export function nGramEntropy(training: Int32Array, rest: Int32Array, n: number, classes: number): number {
  requireNumber("nGramEntropy", "n", n, { least: 1, integer: true });
  const tables = Array.from({ length: n }, (_, length) => countFollowers(training, length));
  let sum = 0;
  for (let place = n - 1; place < rest.length; place++) {
    let chance = 1 / classes;
    for (const [length, table] of tables.entries()) {
      const followers = table.get(contextAt(rest, place, length));
      if (!followers) break;
      const different = followers.counts.size;
      const seen = followers.counts.get(rest[place]) ?? 0;
      chance = (seen + different * chance) / (followers.total + different);
    }
    sum -= Math.log(chance);
  }
  return sum / (rest.length - n + 1);
}

interface Followers {
  total: number;
  readonly counts: Map<number, number>;
}

/** What followed each context of that length, how often. */
function countFollowers(classes: Int32Array, length: number): Map<string, Followers> {
  const table = new Map<string, Followers>();
  for (let place = length; place < classes.length; place++) {
    const context = contextAt(classes, place, length);
    let followers = table.get(context);
    if (!followers) {
      followers = { total: 0, counts: new Map() };
      table.set(context, followers);
    }
    followers.total++;
    followers.counts.set(classes[place], (followers.counts.get(classes[place]) ?? 0) + 1);
  }
  return table;
}

function contextAt(classes: Int32Array, place: number, length: number): string {
  return classes.subarray(place - length, place).join();
}
