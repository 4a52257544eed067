import { float64 } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { nGramEntropy } from "../src/text/n-gram.ts";
import { sampleText } from "../src/text/sample-text.ts";
import { textTask } from "../src/text/text-task.ts";
import { Vocabulary } from "../src/text/vocabulary.ts";
import { trainer } from "../src/trainer.ts";

const verse = "one fish two fish red fish blue fish. ".repeat(30);

describe("a text task", () => {
  const task = textTask(verse, { steps: 5, heldOut: 0.2 });

  test("asks for the character that follows, in order, each sequence in a part of its own", () => {
    const size = 3;
    const length = Math.floor(task.training.length / size);
    for (let draw = 0; draw < 200; draw += 7) {
      const batch = task.batch(0, draw, size);
      const pieces = Math.floor((length - 1) / 5);
      for (let b = 0; b < size; b++) {
        for (let t = 0; t < 5; t++) {
          const place = b * length + (draw % pieces) * 5 + t;
          const row = t * size + b;
          const hot = batch.x.data.subarray(row * task.inputs, (row + 1) * task.inputs);
          expect(hot.reduce((sum, value) => sum + value, 0)).toBe(1);
          expect(hot[task.training[place]]).toBe(1);
          expect((batch.target as Int32Array)[row]).toBe(task.training[place + 1]);
        }
      }
      expect(batch.continues).toBe(draw % pieces > 0);
    }
  });

  test("never trains on what is held out, and asks for all of it", () => {
    expect([...task.training, ...task.rest]).toEqual([...task.vocabulary.classesOf(verse)]);
    const asked = [...task.heldOut(1)].flatMap(({ target }) => [...(target as Int32Array)]);
    expect(asked).toEqual([...task.rest.subarray(1, asked.length + 1)]);
    expect(task.rest.length - asked.length).toBeLessThanOrEqual(5);
  });

  test("has the entropy of its characters as its baseline", () => {
    expect(task.baseline).toBeCloseTo(nGramEntropy(task.training, task.training, 1, task.inputs), 2);
  });

  test.each(["", "aaaa"])("of %j is refused", (text) => {
    expect(() => textTask(text)).toThrow(/^textTask: the text has [01] different characters; expected at least 2$/);
  });
});

test("a vocabulary numbers code points and refuses what it does not know", () => {
  const vocabulary = new Vocabulary("naïve 𝄞");
  expect(vocabulary.textOf(vocabulary.classesOf("𝄞 ïa"))).toBe("𝄞 ïa");
  expect(() => vocabulary.classesOf("a?")).toThrow('Vocabulary: "?" at 1 is not one of the text\'s 7 characters');
});

test("an n-gram's probabilities are Witten and Bell's, and sum to 1", () => {
  const training = Int32Array.of(0, 1, 0, 1, 0, 2);
  // By hand for a pair: after 0 came 1, 1, 2; alone 0 three times, 1 twice, 2 once; three classes.
  const alone = [3, 2, 1].map((count) => (count + 3 * (1 / 3)) / (6 + 3));
  const after0 = [0, 2, 1].map((count, label) => (count + 2 * alone[label]) / (3 + 2));
  expect(after0.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 15);
  for (const label of [0, 1, 2]) {
    expect(nGramEntropy(training, Int32Array.of(0, label), 2, 3)).toBeCloseTo(-Math.log(after0[label]), 14);
    expect(nGramEntropy(training, Int32Array.of(label), 1, 3)).toBeCloseTo(-Math.log(alone[label]), 14);
  }
});

describe("sampling", () => {
  const task = textTask(verse, { steps: 12 });
  const settings = { seed: 1, hidden: 32, batch: 8, optimiser: { kind: "adam" }, learningRate: 0.01 } as const;
  const training = trainer(float64, task, settings);
  for (let step = 0; step < 250; step++) training.next();
  const sample = (options: { temperature?: number; seed?: number; start?: string }) =>
    sampleText(float64, task.vocabulary, training.parameters, { seed: 1, length: 60, ...options });

  test("writes what it learnt, the same for the same seed", () => {
    expect(verse).toContain(sample({ temperature: 0, start: "one fish" }).slice(0, 20));
    expect(sample({ seed: 3, temperature: 2 })).toBe(sample({ seed: 3, temperature: 2 }));
    expect(sample({ seed: 3, temperature: 2 })).not.toBe(sample({ seed: 4, temperature: 2 }));
  });

  test("draws characters as often as softmax(outputs / temperature) says", () => {
    const draws = 4000;
    for (const temperature of [0.7, 1.5]) {
      const counts = new Map<string, number>();
      for (let seed = 0; seed < draws; seed++) {
        const [character] = sampleText(float64, task.vocabulary, training.parameters, {
          seed,
          length: 1,
          temperature,
          start: "fish ",
        });
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
      for (const [label, chance] of chances("fish ", temperature).entries()) {
        const deviation = Math.sqrt(draws * chance * (1 - chance)) + 1;
        const count = counts.get(task.vocabulary.characters[label]) ?? 0;
        expect(Math.abs(count - draws * chance), `${label} at ${temperature}`).toBeLessThan(5 * deviation);
      }
    }
  });

  /** Probabilities of the character behind a start, from the weights in loops. */
  function chances(start: string, temperature: number): number[] {
    const { Wxh, Whh, Why, bxh, bhh, by } = training.snapshot().parameters;
    const numbers = (array: typeof Why) => (array as NonNullable<typeof Why>).data;
    let h = new Float64Array(32);
    for (const label of task.vocabulary.classesOf(start)) {
      h = h.map((_, i) => {
        let u = numbers(bxh)[i] + numbers(bhh)[i] + Wxh.data[i * task.inputs + label];
        for (let j = 0; j < 32; j++) u += Whh.data[i * 32 + j] * h[j];
        return Math.tanh(u);
      });
    }
    const scores = Array.from(numbers(by), (b, o) =>
      h.reduce((sum, value, j) => sum + numbers(Why)[o * 32 + j] * value, b),
    );
    const weights = scores.map((score) => Math.exp(score / temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  }

  test.each([
    [{ temperature: -1 }, "sampleText: temperature is -1; expected a number at least 0"],
    [{ start: "" }, "sampleText: start is empty"],
    [{ start: "X" }, '"X" at 0 is not one of'],
  ])("%j is refused", (options, message) => expect(() => sample(options)).toThrow(message));
});
