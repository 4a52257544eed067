import type { Random } from "@gradproof/arithmetic";
import { sequenceTask, type Task } from "../task.ts";

const symbols = "BTSXPVE";

/** The Reber grammar (Reber 1967) behind its first B: from each state two symbols as likely as one another, and the next state. */
const grammar: readonly (readonly (readonly [symbol: string, next: number])[])[] = [
  [
    ["T", 1],
    ["P", 2],
  ],
  [
    ["S", 1],
    ["X", 3],
  ],
  [
    ["T", 2],
    ["V", 4],
  ],
  [
    ["X", 2],
    ["S", 5],
  ],
  [
    ["P", 3],
    ["V", 5],
  ],
];
const end = grammar.length;

/** One string of the embedded Reber grammar: B, T or P, a string of the Reber grammar from B to E, the same T or P, E. */
export function embeddedReberString(source: Random): string {
  const kind = source.pick(["T", "P"]);
  let inner = "B";
  for (let state = 0; state !== end; ) {
    const [symbol, next] = source.pick(grammar[state]);
    inner += symbol;
    state = next;
  }
  return `B${kind}${inner}E${kind}E`;
}

/**
 * The embedded Reber grammar (Fahlman 1991; Hochreiter and Schmidhuber 1997): strings of seven symbols, of different lengths;
 * at each step the next symbol is wanted. The last but one is known from the second alone. Cross entropy over all steps; the
 * baseline is a prediction from the current symbol alone; what the grammar leaves open, nobody can know.
 */
export function embeddedReber(): Task {
  const { bigram, all } = reberEntropies();
  return sequenceTask({
    name: "embedded-reber",
    source: "Fahlman 1991; Hochreiter and Schmidhuber 1997",
    inputs: symbols.length,
    outputs: symbols.length,
    loss: "cross_entropy",
    baseline: bigram,
    floor: all,
    trivial: "from the current symbol",
    // The shortest string, B T B T X S E T E, asks five steps back; longer ones farther, without a limit.
    lag: 20,
    draw(source) {
      const text = embeddedReberString(source);
      const steps = text.length - 1;
      const x = new Float64Array(steps * symbols.length);
      for (let t = 0; t < steps; t++) x[t * symbols.length + symbols.indexOf(text[t])] = 1;
      return { x, target: Int32Array.from({ length: steps }, (_, t) => symbols.indexOf(text[t + 1])) };
    },
  });
}

/**
 * Entropy of the next symbol, in nats per step: `bigram` for who knows the current symbol, `all` for who knows all before it.
 * From the expected number of each pair of neighbours in a string, and of each step that has a choice of two.
 */
export function reberEntropies(): { readonly bigram: number; readonly all: number } {
  const pairs = new Map<string, number>();
  const add = (pair: string, expected: number) => pairs.set(pair, (pairs.get(pair) ?? 0) + expected);
  for (const kind of "TP") for (const pair of [`B${kind}`, `${kind}B`, `E${kind}`, `${kind}E`]) add(pair, 1 / 2);
  // The state and the symbol written last, with how likely they are: each turn of the loop is a symbol more.
  let walk = new Map([["0B", 1]]);
  let choices = 1;
  for (let turn = 0; turn < 1000 && walk.size > 0; turn++) {
    const next = new Map<string, number>();
    for (const [place, chance] of walk) {
      const [state, last] = [Number(place[0]), place[1]];
      if (state === end) {
        add(`${last}E`, chance);
        continue;
      }
      choices += chance;
      for (const [symbol, to] of grammar[state]) {
        add(last + symbol, chance / 2);
        next.set(`${to}${symbol}`, (next.get(`${to}${symbol}`) ?? 0) + chance / 2);
      }
    }
    walk = next;
  }
  const counted = [...pairs];
  const steps = counted.reduce((sum, [, expected]) => sum + expected, 0);
  const startingWith = (symbol: string) =>
    counted.reduce((sum, [pair, expected]) => sum + (pair[0] === symbol ? expected : 0), 0);
  const nats = counted.reduce(
    (sum, [pair, expected]) => sum - expected * Math.log(expected / startingWith(pair[0])),
    0,
  );
  return { bigram: nats / steps, all: (choices * Math.LN2) / steps };
}
