import fc from "fast-check";
import type { Arithmetic } from "../../src/arithmetic.ts";
import * as op from "../../src/operations.ts";
import type { Tensor } from "../../src/tensor.ts";
import { filled } from "../arithmetics.ts";
import { Broken, isSeen } from "./expectations.ts";
import type { Law } from "./law.ts";

type T = Tensor<unknown>;

/** Allocations, and scopes with the same inside, some of which end by throwing. */
type Step = { readonly elements: number } | { readonly body: readonly Step[]; readonly throws: boolean };

const programs: fc.Arbitrary<readonly Step[]> = fc.letrec<{ step: Step; program: Step[] }>((tie) => ({
  step: fc.oneof(
    { depthSize: "medium" },
    { weight: 6, arbitrary: fc.record({ elements: fc.integer({ min: 0, max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ elements: fc.constantFrom(1000, 4000, 4096, 5000) }) },
    { weight: 4, arbitrary: fc.record({ body: tie("program"), throws: fc.boolean() }) },
  ),
  program: fc.array(tie("step"), { maxLength: 6 }),
})).program;

interface Living {
  readonly tensor: T;
  readonly value: number;
}

class Thrown extends Error {}

/** Runs a program, looking after every step at all tensors that live, and after every scope at those that died. */
function run(A: Arithmetic<unknown>, program: readonly Step[]): void {
  const living: Living[] = [];
  let next = 1;

  function look(): void {
    for (const { tensor, value } of living) {
      if (isSeen(() => A.lower(tensor)) || A.lower(tensor).some((x) => x !== value)) {
        throw new Broken(`a living tensor of ${tensor.shape} times ${value} holds ${A.lower(tensor)}`);
      }
    }
  }

  function steps(body: readonly Step[]): void {
    for (const step of body) {
      if ("elements" in step) {
        const value = next++;
        const tensor = A.empty([step.elements]);
        if (step.elements > 0 && !isSeen(() => A.lower(tensor))) throw new Broken("a new tensor holds numbers");
        A.copy(tensor, A.ratio(value, 1));
        living.push({ tensor, value });
      } else {
        scope(step);
      }
      look();
    }
  }

  function scope({ body, throws }: { body: readonly Step[]; throws: boolean }): void {
    const outside = living.length;
    const thrown = new Thrown();
    let caught: unknown;
    try {
      A.scope(() => {
        steps(body);
        if (throws) throw thrown;
      });
    } catch (error) {
      if (error !== thrown) throw error;
      caught = error;
    }
    if (throws && caught !== thrown) throw new Broken("a scope kept an error for itself");
    for (const { tensor } of living.splice(outside)) {
      for (let i = 0; i < tensor.shape[0]; i += 1 + Math.floor(tensor.shape[0] / 50)) {
        const element = { ...tensor, offset: tensor.offset + i, shape: [], strides: [] };
        if (!isSeen(() => A.lower(element)))
          throw new Broken(`element ${i} of a dead tensor of ${tensor.shape} still holds a number`);
      }
    }
  }

  steps(program);
}

/** Tensors live until the end of their scope, whatever is allocated meanwhile, and then show that they are dead. */
export const lifetimes: Law<readonly Step[]> = {
  name: "lifetimes",
  runs: 60,
  cases: () => programs,
  check: ({ arithmetic }, program) => run(arithmetic, program),
  defects: ({ arithmetic: A }) => ({
    "nothing dies": { scope: (body) => body() },
    "a scope keeps an error for itself": {
      scope: (body) =>
        A.scope(() => {
          try {
            body();
          } catch (error) {
            if (!(error instanceof Thrown)) throw error;
          }
        }),
    },
    "tensors overlap": {
      empty(shape) {
        const t = A.empty([1 + (shape[0] ?? 1)]);
        return { ...t, offset: Math.max(0, t.offset - 1), shape, strides: shape.map(() => 1) };
      },
    },
    "new tensors hold zeros": { empty: (shape) => filled(A, shape, 0) },
  }),
};

/** The second of two scopes that do the same gets the memory of the first. */
export const reuse: Law<readonly number[]> = {
  name: "memory is used again",
  runs: 60,
  cases: () => fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 6 }),
  check({ arithmetic: A }, lengths) {
    const allocate = (): T[] => {
      let tensors: T[] = [];
      A.scope(() => {
        tensors = lengths.map((length) => A.empty([length]));
      });
      return tensors;
    };
    const [first, second] = [allocate(), allocate()];
    const moved = first.findIndex(({ store, offset }, i) => store !== second[i].store || offset !== second[i].offset);
    if (moved >= 0) throw new Broken(`tensor ${moved} of ${lengths} lies elsewhere the second time`);
  },
  defects: ({ arithmetic: A }) => ({
    "each scope takes new memory": {
      empty: (shape) => ({ ...A.empty(shape), store: {} }),
    },
  }),
};

/** What is allocated outside of all scopes has memory of its own, and results copied there stay. */
export const resultsStay: Law<readonly number[]> = {
  name: "results copied out stay",
  runs: 60,
  cases: () => fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 20 }),
  check({ arithmetic: A }, values) {
    const result = A.empty([values.length]);
    A.scope(() => {
      const inner = A.lift(values, [values.length]);
      A.scope(() => {
        const negated = A.empty(inner.shape);
        A.unary(op.negate, negated, inner);
        A.unary(op.negate, inner, negated);
      });
      A.copy(result, inner);
    });
    for (let repeat = 0; repeat < 3; repeat++) A.scope(() => filled(A, [values.length * 2], 77));
    if (!isLive(A, result, values)) throw new Broken(`${values} did not stay`);
  },
  defects: ({ arithmetic: A }) => ({
    "the result lies in a scope too": {
      empty(shape) {
        let t = A.ratio(0, 1);
        A.scope(() => {
          t = A.empty(shape);
        });
        return t;
      },
    },
  }),
};

/** What is allocated in `lasting` outlives the scopes around it, and leaves their memory alone. */
export const lasting: Law<readonly number[]> = {
  name: "lasting tensors stay",
  runs: 60,
  cases: () => fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 20 }),
  check({ arithmetic: A }, values) {
    const kept: T[] = [];
    A.scope(() => {
      const before = A.lift(values, [values.length]);
      A.lasting(() => {
        kept.push(A.lift(values, [values.length]));
        A.scope(() => filled(A, [values.length * 3], 77));
      });
      const after = filled(A, [values.length], 55);
      if (!isLive(A, before, values)) throw new Broken(`a tensor of the scope no longer holds ${values}`);
      if (
        !isLive(
          A,
          after,
          values.map(() => 55),
        )
      )
        throw new Broken("a tensor of the scope does not hold 55");
    });
    A.scope(() => filled(A, [values.length * 4], 66));
    if (!isLive(A, kept[0], values)) throw new Broken(`${values} did not stay`);
  },
  defects: ({ arithmetic: A }) => ({
    "they die with the scope": { lasting: (body) => body() },
    "they die at once": { lasting: (body) => A.scope(body) },
  }),
};

function isLive(A: Arithmetic<unknown>, t: T, values: readonly number[]): boolean {
  return !isSeen(() => A.lower(t)) && A.lower(t).every((x, i) => x === values[i]);
}
