import { primeField, random, type Tensor } from "@gradproof/arithmetic";
import { describe, expect, test } from "vitest";
import { descend, initialState, type Rule } from "../src/optimiser.ts";
import { optimiserKinds } from "../src/optimiser-settings.ts";
import { algebra, type Coefficients, type PublishedRule, publishedRules } from "./published-optimisers.ts";
import { factor, seed } from "./settings.ts";

const problems = 12 * factor;
type Make = (c: Coefficients) => Rule<Float64Array>;

/** Elements at which a rule's point after some steps is not the published one, over a pair of primes drawn from the seed. */
function differences(published: PublishedRule, make: Make, problem: number): { wrong: number; elements: number } {
  const F = primeField(seed + 1000 * problem);
  const source = random(seed + problem);
  const steps = source.integer(2, 5);
  const [H, I] = [source.integer(1, 3), source.integer(1, 3)];
  const scalar = () => F.uniform([]);
  const [mu, rho, beta1, beta2, epsilon, lambda, eta] = Array.from({ length: 7 }, scalar);
  const c: Coefficients = { mu, rho, beta1, beta2, epsilon, lambda, eta };
  const starts = { Wxh: F.uniform([H, I]), Whh: F.uniform([H, H]), bhh: F.uniform([H]) };
  const parameters = { Wxh: copyOf(starts.Wxh), Whh: copyOf(starts.Whh), bhh: copyOf(starts.bhh) };
  // The gradient of Σ a w³ / 3 + b w: it depends on the point at which it is taken.
  const { plus, times } = algebra(F);
  const fields = (["Wxh", "Whh", "bhh"] as const).map((name) => {
    const { shape } = starts[name];
    const [a, b] = [F.uniform(shape), F.uniform(shape)];
    return { name, gradient: (w: Tensor<Float64Array>) => plus(times(a, times(w, w)), b) };
  });
  const rule = make(c);
  const state = initialState(F, rule, parameters);
  for (let step = 0; step < steps; step++) {
    const gradient = Object.fromEntries(fields.map(({ name, gradient: of }) => [name, of(parameters[name])]));
    descend(F, rule, parameters, gradient as typeof parameters, state, eta);
  }
  let [wrong, elements] = [0, 0];
  for (const { name, gradient } of fields) {
    elements += F.lower(starts[name]).length;
    if (!F.same(parameters[name], published.published(F, c, starts[name], gradient, steps))) wrong++;
  }
  return { wrong, elements };

  function copyOf(t: Tensor<Float64Array>): Tensor<Float64Array> {
    const copy = F.empty(t.shape);
    F.copy(copy, t);
    return copy;
  }
}

test("every rule is in the table", () => {
  expect(publishedRules.map(({ name }) => name)).toEqual(optimiserKinds);
});

describe.each(publishedRules)("$name", (published) => {
  test(`is the published formula over a pair of prime fields, on ${problems} problems`, () => {
    let elements = 0;
    for (let problem = 0; problem < problems; problem++) {
      const result = differences(published, published.rule, problem);
      expect(result.wrong, `problem ${problem}, seed ${seed}`).toBe(0);
      elements += result.elements;
    }
    expect(elements).toBeGreaterThan(8 * problems);
  });

  test.each(Object.entries(published.wrong))("%s is refused on every problem", (_, make) => {
    for (let problem = 0; problem < problems; problem++) {
      expect(differences(published, make, problem).wrong, `problem ${problem}, seed ${seed}`).toBe(3);
    }
  });
});
