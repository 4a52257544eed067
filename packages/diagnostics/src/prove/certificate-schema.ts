const count = { type: "integer", minimum: 0 };
const chance = { type: "number", minimum: 0, maximum: 1 };
const prime = { type: "integer", minimum: 2 ** 25, exclusiveMaximum: 2 ** 26 };
const primes = { type: "array", items: prime, minItems: 2, maxItems: 2 };

/** An object of exactly these entries. */
function record(properties: Readonly<Record<string, object>>): object {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const list = (items: object, least = 0): object => ({ type: "array", items, minItems: least });

const questions = record({ count, degree: count, height: count });

/** Parts that certificates of other forms share, as JSON Schema (2020-12). */
export const certificateParts = {
  record,
  list,
  count,
  chance,
  questions,
  seed: { type: "integer" },
  text: { type: "string", minLength: 1 },
  primes,
  run: record({ seed: { type: "integer" }, primes, redraws: count }),
  rule: record({ rule: { type: "string" }, test: { type: "string" } }),
} as const;

const { seed, text, run, rule } = certificateParts;

/** The form of a {@link Certificate}, as JSON Schema (2020-12). */
export const certificateSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "Certificate that two derivations are equal",
  ...record({
    schema: { const: 1 },
    statement: text,
    seed,
    cases: list(
      record({
        lengths: { type: "object", additionalProperties: count },
        elements: count,
        degree: count,
        height: count,
        calls: questions,
        comparisons: questions,
        runs: list(run, 1),
        errorPerRun: chance,
        error: chance,
      }),
      1,
    ),
    error: chance,
    functions: list(text),
    branching: { type: "boolean" },
    rules: list(rule),
  }),
} as const;
