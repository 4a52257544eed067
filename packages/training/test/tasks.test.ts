import { random } from "@gradproof/arithmetic";
import type { NumericArray } from "@gradproof/rnn";
import { expect, test } from "vitest";
import type { Batch } from "../src/batch.ts";
import type { Task } from "../src/task.ts";
import { adding } from "../src/tasks/adding.ts";
import { copy } from "../src/tasks/copy.ts";
import { delayedXor } from "../src/tasks/delayed-xor.ts";
import { echo } from "../src/tasks/echo.ts";
import { embeddedReber, embeddedReberString, reberEntropies } from "../src/tasks/embedded-reber.ts";
import { multiplication } from "../src/tasks/multiplication.ts";
import { narma } from "../src/tasks/narma.ts";
import { temporalOrder } from "../src/tasks/temporal-order.ts";
import { seed } from "./settings.ts";

/** One sequence read back from a batch: its inputs by step, and its targets where they count. */
interface Read {
  readonly inputs: number[][];
  /** Step and target, for the steps that count. */
  readonly wanted: [number, number][];
}

function read(batch: Batch, b: number): Read {
  const [T, B, I] = batch.x.shape;
  const row = (t: number) => t * B + b;
  const inputs = Array.from({ length: T }, (_, t) => [...batch.x.data.subarray(row(t) * I, (row(t) + 1) * I)]);
  const numbers = batch.loss === "cross_entropy" ? batch.target : (batch.target as NumericArray).data;
  const wanted = inputs.flatMap((_, t): [number, number][] =>
    batch.mask?.data[row(t)] === 0 ? [] : [[t, numbers[row(t)]]],
  );
  return { inputs, wanted };
}

const hot = (input: number[]) => input.indexOf(1);
const marked = (inputs: number[][]) => inputs.flatMap(([value, marker], t) => (marker === 1 ? [{ t, value }] : []));

interface Row {
  readonly task: Task;
  /** Asserts the definition on one sequence. */
  readonly definition: (sequence: Read) => void;
  /** What the trivial prediction says, given the sequence: a value, or probabilities of the classes. */
  readonly trivial: (sequence: Read, t: number) => number | number[];
}

const [K, M, D] = [4, 3, 5];
const table: Row[] = [
  {
    task: adding(11),
    definition({ inputs, wanted }) {
      const [first, second, ...others] = marked(inputs);
      expect([inputs.length, others.length, wanted.length]).toEqual([11, 0, 1]);
      expect(first.t).toBeLessThan(5);
      expect(second.t).toBeGreaterThanOrEqual(5);
      expect(wanted[0]).toEqual([10, first.value + second.value]);
    },
    trivial: () => 1,
  },
  {
    task: multiplication(20),
    definition({ inputs, wanted }) {
      const [first, second, ...others] = marked(inputs);
      const length = wanted[0][0] + 1;
      expect([others.length, wanted.length]).toEqual([0, 1]);
      expect(length).toBeGreaterThanOrEqual(20);
      expect(length).toBeLessThan(22);
      expect(first.t).toBeLessThan(length / 10);
      expect(second.t).toBeGreaterThanOrEqual(Math.floor(length / 10));
      expect(second.t).toBeLessThan(length / 2);
      expect(wanted[0][1]).toBe(first.value * second.value);
    },
    trivial: () => 1 / 4,
  },
  {
    task: copy(D, { symbols: K, length: M }),
    definition({ inputs, wanted }) {
      const symbols = inputs.slice(0, M).map(hot);
      for (const symbol of symbols) expect(symbol).toBeLessThan(K);
      const blanks = (count: number) => new Array(count).fill(K);
      expect(inputs.map(hot)).toEqual([...symbols, ...blanks(D - 1), K + 1, ...blanks(M)]);
      expect(wanted.map(([, label]) => label)).toEqual([...blanks(D + M), ...symbols]);
    },
    trivial: (_, t) =>
      Array.from({ length: K + 1 }, (_unused, label) => (t < D + M ? Number(label === K) : label < K ? 1 / K : 0)),
  },
  {
    task: temporalOrder(20),
    definition({ inputs, wanted }) {
      const symbols = inputs.map(hot);
      const places = symbols.flatMap((symbol, t) => (symbol < 2 ? [t] : []));
      expect([places.length, wanted.length]).toEqual([2, 1]);
      expect([2, 3]).toContain(places[0]);
      expect([10, 11]).toContain(places[1]);
      expect(wanted[0]).toEqual([19, 2 * symbols[places[0]] + symbols[places[1]]]);
    },
    trivial: () => [1 / 4, 1 / 4, 1 / 4, 1 / 4],
  },
  {
    task: delayedXor(2),
    definition({ inputs, wanted }) {
      expect(wanted.map(([t]) => t)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
      for (const [t, label] of wanted) expect(label).toBe((inputs[t - 2][0] + inputs[t - 3][0]) % 2);
    },
    trivial: () => [1 / 2, 1 / 2],
  },
  {
    task: echo(3),
    definition({ inputs, wanted }) {
      expect(wanted.length).toBe(13);
      for (const [t, value] of wanted) expect(value).toBe(inputs[t - 3][0]);
    },
    trivial: () => 0,
  },
  {
    task: narma(40),
    definition({ inputs, wanted }) {
      const u = inputs.map(([value]) => value);
      const next = new Map(wanted);
      // Once ten outputs are known, the equation gives the next one.
      for (let t = 19; t < 40; t++) {
        let sum = 0;
        for (let i = 0; i < 10; i++) sum += next.get(t - 1 - i) as number;
        const y = next.get(t - 1) as number;
        expect(next.get(t)).toBeCloseTo(0.3 * y + 0.05 * y * sum + 1.5 * u[t - 9] * u[t] + 0.1, 12);
      }
    },
    // The mean of y, measured over six million steps.
    trivial: () => 0.38807,
  },
];

test.each(table)("$task.name is as it was published, and the trivial prediction costs its baseline", (row) => {
  const { task, definition, trivial } = row;
  const size = 500;
  const losses: number[] = [];
  for (let draw = 0; draw < 20; draw++) {
    const batch = task.batch(seed, draw, size);
    let loss = 0;
    for (let b = 0; b < size; b++) {
      const sequence = read(batch, b);
      if (b < 50) definition(sequence);
      for (const [t, target] of sequence.wanted) {
        const said = trivial(sequence, t);
        const cost = typeof said === "number" ? (said - target) ** 2 : -Math.log(said[target]);
        loss += cost * (batch.mask?.data[t * size + b] as number);
      }
    }
    losses.push(loss);
  }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (losses.length - 1);
  // Five standard errors of the mean; cross entropies of uniform classes have none.
  const bound = Math.max(5 * Math.sqrt(variance / losses.length), 1e-12);
  expect(Math.abs(mean - task.baseline), `mean ${mean}, seed ${seed}`).toBeLessThan(bound);
  expect(bound).toBeLessThan(0.08 * task.baseline);
});

test("a batch is a function of seed, draw and size, and another of either is another batch", () => {
  for (const { task } of table) {
    const { x } = task.batch(1, 2, 3);
    expect(task.batch(1, 2, 3).x).toEqual(x);
    expect(task.batch(1, 3, 3).x).not.toEqual(x);
    expect(task.batch(2, 2, 3).x).not.toEqual(x);
    expect([...task.heldOut(3)][0].x).not.toEqual(x);
  }
});

test("embedded Reber strings follow the grammar, written as a regular expression", () => {
  const inner = "B(TS*X(XT*V(PXT*V)*(PS|V)|S)|PT*V(PXT*V)*(PS|V))E";
  const grammar = new RegExp(`^B(T${inner}T|P${inner}P)E$`);
  const source = random(seed);
  const strings = Array.from({ length: 3000 }, () => embeddedReberString(source));
  for (const string of strings) expect(string).toMatch(grammar);
  expect(new Set(strings).size).toBeGreaterThan(200);
  expect("BTBTXSEPE").not.toMatch(grammar);
});

test("the entropies of embedded Reber strings are those of a million symbols", () => {
  const source = random(seed);
  const pairs = new Map<string, number>();
  let [steps, choices] = [0, 0];
  while (steps < 1e6) {
    const string = embeddedReberString(source);
    steps += string.length - 1;
    // A choice of two: T or P first, and one at each symbol of the inner string but its first and last.
    choices += 1 + (string.length - 6);
    for (let t = 0; t < string.length - 1; t++)
      pairs.set(string.slice(t, t + 2), (pairs.get(string.slice(t, t + 2)) ?? 0) + 1);
  }
  let nats = 0;
  for (const [pair, count] of pairs) {
    const first = [...pairs].reduce((sum, [other, n]) => sum + (other[0] === pair[0] ? n : 0), 0);
    nats -= count * Math.log(count / first);
  }
  const { bigram, all } = reberEntropies();
  // A standard error is about 1e-3 of each: a million steps in strings of about ten.
  expect(Math.abs(nats / steps / bigram - 1)).toBeLessThan(5e-3);
  expect(Math.abs((choices * Math.LN2) / steps / all - 1)).toBeLessThan(5e-3);
  expect(all).toBeLessThan(bigram);
  const { baseline, floor } = embeddedReber();
  expect([baseline, floor]).toEqual([bigram, all]);
});
