import { type SizeStore, slice, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { seed } from "@gradproof/vitest-preset/settings";
import { expect, test } from "vitest";
import { ArgumentError } from "../../src/errors.ts";
import type { Statement } from "../../src/prove/derivation.ts";
import { type Proof, proveEqual } from "../../src/prove/prove-equal.ts";
import { derivation, type Formula } from "./equations.ts";

function prove(left: Formula, right: Formula): Proof {
  const statement: Statement = {
    name: "formula",
    left: derivation(left),
    right: derivation(right),
    lengths: { N: [2, 4] },
    shapes: ({ N }) => ({ x: [N], y: [N] }),
  };
  return proveEqual(statement, { seed, cases: 3 });
}

const proven: Readonly<Record<string, readonly [Formula, Formula]>> = {
  "(x + y)² = x² + 2xy + y²": [
    ({ x, y, unary, binary }) => unary("square", binary("add", x, y)),
    ({ x, y, number, unary, binary }) => {
      const twice = binary("multiply", number(2), binary("multiply", x, y));
      return binary("add", binary("add", unary("square", x), twice), unary("square", y));
    },
  ],
  "x / (x y) = 1 / y": [
    ({ x, y, binary }) => binary("divide", x, binary("multiply", x, y)),
    ({ y, unary }) => unary("reciprocal", y),
  ],
  "tanh x = 2 σ(2x) − 1": [
    ({ x, unary }) => unary("tanh", x),
    ({ x, number, unary, binary }) => {
      const s = unary("sigmoid", binary("add", x, x));
      return binary("subtract", binary("multiply", number(2), s), number(1));
    },
  ],
  "σ x = 1 / (1 + exp −x)": [
    ({ x, unary }) => unary("sigmoid", x),
    ({ x, number, unary, binary }) => unary("reciprocal", binary("add", unary("exp", unary("negate", x)), number(1))),
  ],
  "log exp (x y) = x y": [
    ({ x, y, unary, binary }) => unary("log", unary("exp", binary("multiply", x, y))),
    ({ x, y, binary }) => binary("multiply", x, y),
  ],
  "softmax (x + 3) = softmax x": [
    ({ x, number, binary, softmax }) => softmax(binary("add", x, number(3))),
    ({ x, softmax }) => softmax(x),
  ],
  "log-sum-exp (x + y_1) = y_1 + log-sum-exp x": [
    ({ x, y, binary, logSumExp }) => logSumExp(binary("add", x, slice(y, 0, 1))),
    ({ x, y, binary, logSumExp }) => binary("add", slice(y, 0, 1), logSumExp(x)),
  ],
  "relu (2x) = 2 relu x": [
    ({ x, unary, binary }) => unary("relu", binary("add", x, x)),
    ({ x, number, unary, binary }) => binary("multiply", number(2), unary("relu", x)),
  ],
  "max (x, y) = max (y, x), as x + relu (y − x)": [
    ({ x, y, unary, binary }) => binary("add", x, unary("relu", binary("subtract", y, x))),
    ({ x, y, unary, binary }) => binary("add", y, unary("relu", binary("subtract", x, y))),
  ],
};

test.each(Object.entries(proven))("proven: %s", (_, [left, right]) => {
  const proof = prove(left, right);
  if (proof.verdict !== "proven") throw new Error(JSON.stringify(proof));
  expect(proof.certificate.cases).toHaveLength(3);
  for (const { elements, error, errorPerRun } of proof.certificate.cases) {
    expect(elements).toBeGreaterThan(0);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(errorPerRun);
    expect(errorPerRun).toBeLessThan(1e-10);
  }
});

const refuted: Readonly<Record<string, readonly [Formula, Formula]>> = {
  "(x + y)² = x² + y²": [
    ({ x, y, unary, binary }) => unary("square", binary("add", x, y)),
    ({ x, y, unary, binary }) => binary("add", unary("square", x), unary("square", y)),
  ],
  "x + 1e-300 = x": [({ A, x, binary }) => binary("add", x, A.lift([1e-300], [])), ({ x }) => x],
  "tanh (2x) = 2 tanh x": [
    ({ x, unary, binary }) => unary("tanh", binary("add", x, x)),
    ({ x, number, unary, binary }) => binary("multiply", number(2), unary("tanh", x)),
  ],
  "softmax (2x) = softmax x": [
    ({ x, binary, softmax }) => softmax(binary("add", x, x)),
    ({ x, softmax }) => softmax(x),
  ],
  "relu (−x) = −relu x": [
    ({ x, unary }) => unary("relu", unary("negate", x)),
    ({ x, unary }) => unary("negate", unary("relu", x)),
  ],
};

test.each(Object.entries(refuted))("refuted: %s", (_, [left, right]) => {
  const proof = prove(left, right);
  if (proof.verdict !== "refuted") throw new Error(JSON.stringify(proof));
  const { lengths, differences } = proof.counterexample;
  expect(lengths).toEqual({ N: 2 });
  expect(differences[0].quantity).toBe("value");
});

const notCovered: Readonly<Record<string, readonly [Formula, string, string]>> = {
  "a divisor that is always 0": [
    ({ x, unary, binary }) => unary("reciprocal", binary("subtract", x, x)),
    "reciprocal",
    "reciprocal: primeField has no 1 / 0; drawn 9 times",
  ],
  "an operation that is none": [
    ({ x, unary }) => unary("arctan" as never, x),
    "arctan",
    "arctan: primeField has no such operation",
  ],
  "a number that is none": [
    ({ A }) => A.lift([Number.NaN], []),
    "lift",
    "lift: primeField cannot hold NaN exactly; expected a finite number",
  ],
};

test.each(Object.entries(notCovered))("not covered: %s", (_, [formula, operation, reason]) => {
  expect(prove(formula, formula)).toEqual({ verdict: "not covered", operation, reason });
});

/** x ↦ Wᵀ x and W x, equal for N = 1. */
const transposed: Statement = {
  name: "Wᵀ x = W x",
  left(A, { W, x }) {
    const out = A.empty(x.shape);
    A.gemm(out, transpose(W), x, "write");
    return { first: A.ratio(1, 1), out };
  },
  right(A, { W, x }) {
    const out = A.empty(x.shape);
    A.gemm(out, W, x, "write");
    return { first: A.ratio(1, 1), out };
  },
  lengths: { N: [1, 9], B: [1, 9] },
  shapes: ({ N, B }) => ({ W: [N, N], x: [N, B] }),
};

test("the counterexample is the smallest shape that shows it, with numbers that show it in floats", () => {
  const proof = proveEqual(transposed, { seed, cases: 10 });
  if (proof.verdict !== "refuted") throw new Error(JSON.stringify(proof));
  const { lengths, differences, inputs } = proof.counterexample;
  expect(lengths).toEqual({ N: 2, B: 1 });
  const [{ quantity, index, left, right }] = differences;
  expect([quantity, index]).toEqual(["out", [0, 0]]);
  const { W, x } = inputs;
  const [a, b, c] = [0, 1, 2].map((i) => W.data[i]);
  expect([left, right]).toEqual([a * x.data[0] + c * x.data[1], a * x.data[0] + b * x.data[1]]);
});

test("the same seed gives the same certificate, another one others", () => {
  const statement = { ...transposed, right: transposed.left };
  const of = (own: number) => {
    const proof = proveEqual(statement, { seed: own, cases: 5 });
    if (proof.verdict !== "proven") throw new Error(JSON.stringify(proof));
    return proof.certificate;
  };
  expect(of(seed)).toEqual(of(seed));
  expect(of(seed + 1).cases[0].runs).not.toEqual(of(seed).cases[0].runs);
  expect(
    of(seed)
      .cases.map(({ lengths }) => lengths)
      .slice(0, 2),
  ).toEqual([
    { N: 1, B: 1 },
    { N: 9, B: 9 },
  ]);
});

test("all lengths there are, where they are few", () => {
  const proof = proveEqual({ ...transposed, right: transposed.left, lengths: { N: [1, 2], B: [2, 3] } }, { seed });
  expect(proof.verdict === "proven" && proof.certificate.cases.map(({ lengths }) => lengths)).toEqual([
    { N: 1, B: 2 },
    { N: 1, B: 3 },
    { N: 2, B: 2 },
    { N: 2, B: 3 },
  ]);
});

const wrongCalls: Readonly<Record<string, readonly [Partial<Statement>, object, string]>> = {
  "nothing to compare": [{ left: () => ({}) }, {}, "left gives no quantity to compare"],
  "a quantity that one of them lacks": [
    { right: (_, { x }) => ({ other: x }) },
    {},
    "left.other is missing; right has it",
  ],
  "shapes that differ": [
    { right: (A, { x }) => ({ first: A.ratio(1, 1), out: transpose(x) }), lengths: { N: [2, 2], B: [1, 1] } },
    {},
    "out has shape [2,1] to the left and [1,2] to the right; expected the same",
  ],
  "lengths that are none": [{ lengths: { N: [2, 1] } }, {}, "lengths.N is [2, 1]; expected two integers, 0 <= a <= b"],
  "no runs": [{}, { runs: 0 }, "runs is 0; expected an integer >= 1"],
  "half a case": [{}, { cases: 0.5 }, "cases is 0.5; expected an integer >= 1"],
};

test.each(Object.entries(wrongCalls))("refused: %s", (_, [part, options, message]) => {
  const prove = () => proveEqual({ ...transposed, ...part }, { seed, ...options });
  expect(prove).toThrow(ArgumentError);
  expect(prove).toThrow(`proveEqual: ${message}`);
});

test("an error of the derivation's own is thrown, not called a verdict", () => {
  const left: Statement["left"] = () => {
    throw new TypeError("my own");
  };
  expect(() => proveEqual({ ...transposed, left }, { seed })).toThrow("my own");
});

test("a sum made by + on the store is refused: residues are blinded", () => {
  const raw: Statement["left"] = (A, { x }) => {
    const out = A.empty(x.shape);
    A.copy(out, x);
    const store = out.store as unknown as Float64Array | SizeStore;
    if (store instanceof Float64Array) for (let i = 0; i < 3; i++) store[3 * out.offset + i] += 1;
    return { out };
  };
  const right: Statement["left"] = (A, { x }) => {
    const out = A.empty(x.shape);
    A.binary(op.add, out, x, A.ratio(1, 1));
    return { out };
  };
  const statement = { ...transposed, left: raw, right, lengths: { N: [1, 1], B: [1, 1] } } as const;
  expect(proveEqual(statement, { seed }).verdict).toBe("refuted");
});

test("a derivation that writes to its inputs does not disturb the other", () => {
  const greedy: Statement["left"] = (A, { x }) => {
    A.unary(op.square, x, x);
    return { out: x };
  };
  const right: Statement["left"] = (A, { x }) => {
    const out = A.empty(x.shape);
    A.unary(op.square, out, x);
    return { out };
  };
  expect(proveEqual({ ...transposed, left: greedy, right }, { seed, cases: 3 }).verdict).toBe("proven");
});

test("a program that looks at its values takes the same path when it is measured", () => {
  const left: Statement["left"] = (A, { x }) => {
    const out = A.empty(x.shape);
    A.copy(out, x);
    const first = A.lower(x)[0];
    for (let n = 0; n < (first > 0 ? 3 : 5); n++) A.binary(op.multiply, out, out, x);
    return { out };
  };
  const proof = proveEqual(
    { ...transposed, left, right: left, lengths: { N: [1, 4], B: [1, 4] } },
    { seed, cases: 16 },
  );
  if (proof.verdict !== "proven") throw new Error(JSON.stringify(proof));
  expect(new Set(proof.certificate.cases.map(({ degree }) => degree))).toEqual(new Set([4, 6]));
});
