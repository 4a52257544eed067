import { random } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { descend, type FlipTrials, type OpenUnit, searchFlips } from "../src/branch-search.ts";
import { seed } from "./settings.ts";

const [steps, sequences] = [8, 3];

/**
 * What flips do to a gradient, in integers: each unit adds numbers of its own to its sequence's rows of x up to its step, and
 * to the parameters; some units add nothing.
 */
interface Toy {
  readonly x: readonly (readonly number[])[];
  readonly parameters: number;
}

function toy(count: number, own: number) {
  const source = random(own);
  const open: OpenUnit[] = Array.from({ length: count }, (_, unit) => ({
    unit,
    step: source.integer(0, steps - 1),
    sequence: unit % sequences,
  }));
  const effects = open.map(({ step }) => ({
    rows: Array.from({ length: steps }, (_, t) => (t <= step ? source.integer(1, 2 ** 30) : 0)),
    parameter: source.integer(1, 2 ** 30),
    dead: source.integer(0, 5) === 0,
  }));
  let evaluations = 0;
  const evaluate = (flips: readonly number[]): Toy => {
    evaluations++;
    const alive = flips.filter((unit) => !effects[unit].dead);
    const x = Array.from({ length: sequences }, (_, sequence) =>
      Array.from({ length: steps }, (_, t) =>
        alive.reduce((sum, unit) => sum + (open[unit].sequence === sequence ? effects[unit].rows[t] : 0), 0),
      ),
    );
    return { x, parameters: alive.reduce((sum, unit) => sum + effects[unit].parameter, 0) };
  };
  const trialsFor = (given: Toy, budget: number, withX = true): FlipTrials<Toy, readonly number[]> => ({
    budget,
    evaluate,
    same: (a, b) => JSON.stringify(a) === JSON.stringify(b),
    fitsSteps(value, sequence, after, step) {
      if (!withX) return true;
      const [own, expected] = [value.x[sequence], given.x[sequence]];
      return own.every((row, t) => t <= after || t > step || row === expected[t]);
    },
    fitsAll: (value) =>
      JSON.stringify(withX ? value : value.parameters) === JSON.stringify(withX ? given : given.parameters),
    confirm: (flips) => (JSON.stringify(evaluate(flips)) === JSON.stringify(given) ? flips : undefined),
  });
  const aFew = open.filter(() => source.integer(0, 1) === 1).map(({ unit }) => unit);
  return { open, effects, evaluate, trialsFor, truth: aFew, evaluations: () => evaluations };
}

describe("sides of open units", () => {
  test("are found among 2^40 by a few hundred evaluations, sequence by sequence from the last step back", () => {
    for (let i = 0; i < 20; i++) {
      const { open, evaluate, trialsFor, truth, evaluations } = toy(40, seed + i);
      const given = evaluate(truth);
      const found = searchFlips(open, trialsFor(given, 4000));
      expect(evaluate(found as number[])).toEqual(given);
      expect(evaluations()).toBeLessThan(4000);
    }
  });

  test("do not exist where one number is off, in x or in the parameters", () => {
    const { open, evaluate, trialsFor, truth } = toy(30, seed);
    const { x, parameters } = evaluate(truth);
    const wrongRow = x.map((rows, sequence) =>
      sequence === 1 ? rows.map((row, t) => (t === 2 ? row + 1 : row)) : rows,
    );
    expect(searchFlips(open, trialsFor({ x: wrongRow, parameters }, 4000))).toBe("none");
    expect(searchFlips(open, trialsFor({ x, parameters: parameters + 1 }, 4000))).toBe("none");
  });

  test("are tried in every combination without x, as far as the budget goes", () => {
    const { open, evaluate, trialsFor, truth } = toy(9, seed);
    const given = evaluate(truth);
    const found = searchFlips(open, trialsFor(given, 3000, false));
    expect(evaluate(found as number[])).toEqual(given);
    expect(searchFlips(open, trialsFor({ ...given, parameters: -1 }, 3000, false))).toBe("none");
    expect(searchFlips(open, trialsFor(given, 5, false))).toBe("open");
  });

  test("are left to the next combination where they are not confirmed", () => {
    const { open, evaluate, trialsFor } = toy(6, seed);
    const refused: (readonly number[])[] = [];
    const confirm = (flips: readonly number[]) => {
      refused.push(flips);
      return refused.length === 3 ? flips : undefined;
    };
    const found = searchFlips(open, { ...trialsFor(evaluate([]), 1000, false), fitsAll: () => true, confirm });
    expect(refused).toHaveLength(3);
    expect(found).toBe(refused[2]);
  });
});

test("descend flips one unit after the other, and gives up where none helps", () => {
  const target = new Set([1, 4]);
  const misfit = (flips: readonly number[]) =>
    1 + [0, 1, 2, 3, 4].filter((unit) => flips.includes(unit) !== target.has(unit)).length;
  expect(new Set(descend([0, 1, 2, 3, 4], misfit))).toEqual(target);
  expect(descend([0, 2, 3], misfit)).toBeUndefined();
});
