import {
  degree,
  height,
  type PrimeField,
  primeField,
  type Random,
  random,
  type Tensor,
  type UnaryOperation,
} from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { complexStep } from "../../src/complex-step.ts";
import type { Statement } from "../../src/prove/derivation.ts";
import { errorBound, type Sizes, vanishing } from "../../src/prove/error-bound.ts";
import type { Arbitrary } from "../../src/prove/inputs.ts";
import { programSizes } from "../../src/prove/program-sizes.ts";
import { proveEqual } from "../../src/prove/prove-equal.ts";
import { replay } from "../../src/prove/replay.ts";

/** One assumption of a proof, what became of it when it was violated, and what was to be expected. */
export interface Broken {
  readonly number: number;
  readonly assumption: string;
  readonly broken: string;
  readonly found: string;
  readonly expected: string;
  readonly holds: boolean;
}

type Residues = Tensor<Float64Array>;
const large = 67108859;

/** Kernels that answer new tensors. */
function formulas<S>(A: Arbitrary<S>) {
  const unary = (operation: UnaryOperation, a: Tensor<S>) => {
    const out = A.empty(a.shape);
    A.unary(op[operation], out, a);
    return out;
  };
  const binary = (operation: "add" | "subtract" | "multiply", a: Tensor<S>, b: Tensor<S>) => {
    const out = A.empty(a.shape);
    A.binary(op[operation], out, a, b);
    return out;
  };
  return { unary, binary, product: (a: Tensor<S>, b: Tensor<S>) => binary("multiply", a, b) };
}

/** Whether an element is 0 modulo the first prime. */
const vanishesFirst = (t: Residues): boolean => t.store[3 * t.offset] === 0;
const zero = (F: PrimeField, t: Residues): boolean => F.same(t, F.ratio(0, 1));

/** How often something happens in so many fields, with the standard deviation that a chance has. */
function frequency(trials: number, source: Random, happens: (seed: number) => boolean): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial++) if (happens(source.uint32())) count++;
  return count / trials;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const within = (found: number, bound: number, trials: number): boolean =>
  found <= bound + 5 * Math.sqrt((bound * (1 - bound)) / trials);

/** x_1 ⋯ x_D − y: a difference of degree D. */
function productsLess<S>(A: Arbitrary<S>, D: number): Tensor<S> {
  const { binary, product } = formulas(A);
  const draw = () => A.uniform([], [0.5]);
  const factors = Array.from({ length: D }, draw).reduce(product);
  return binary("subtract", factors, product(draw(), draw()));
}

/** (x_1 − a_1) ⋯ (x_D − a_D): as many roots as a polynomial of degree D can have, about. */
function manyRoots<S>(A: Arbitrary<S>, D: number): Tensor<S> {
  const { binary, product } = formulas(A);
  const factor = (i: number) => binary("subtract", A.uniform([], [0.5]), A.ratio(i, 1));
  return Array.from({ length: D }, (_, i) => factor(i + 1)).reduce(product);
}

/** Survival modulo p = 101 against D / (p − 5), for a typical difference and for one with as many roots as there can be. */
function roots(trials: number, source: Random): Broken[] {
  const p = 101;
  return [3, 9, 21].flatMap((D) =>
    ([productsLess, manyRoots] as const).map((difference): Broken => {
      const A = degree();
      const bound = A.largest(difference(A, D)) / (p - 5);
      const found = frequency(trials, source, (seed) => vanishesFirst(difference(primeField(seed, [p, large]), D)));
      const least = difference === manyRoots ? bound / 2 : 0.5 / p;
      return {
        number: 1,
        assumption: "the primes are large against the degree",
        broken: `p = ${p}, degree ${D}, ${difference === manyRoots ? "as many roots as there can be" : "a typical difference"}`,
        found: `0 in ${percent(found)}`,
        expected: `at most ${percent(bound)}`,
        holds: within(found, bound, trials) && found > least,
      };
    }),
  );
}

/** tanh x = tanh y passes where x = ± y: over two small primes as often as two arguments collide. */
function collisions(trials: number, source: Random): Broken {
  const primes = [11, 13] as const;
  const compute = <S>(A: Arbitrary<S>) => {
    const { unary } = formulas(A);
    return [unary("tanh", A.uniform([], [0.5])), unary("tanh", A.uniform([], [0.5]))] as const;
  };
  const { sizes } = programSizes((A) => ({ sizes: [compute(A)] }));
  const bound = errorBound(sizes, 0, primes);
  const found = frequency(trials, source, (seed) => {
    const F = primeField(seed, primes);
    return F.same(...compute(F));
  });
  return {
    number: 2,
    assumption: "oracles tell different arguments apart",
    broken: "tanh x = tanh y modulo 11 and 13",
    found: `passes in ${percent(found)}`,
    expected: `at most ${percent(bound)}`,
    holds: within(found, bound, trials) && found > 1 / (2 * primes[0] * primes[1]),
  };
}

/** A constant that is divisible by both primes. */
function knownPrimes(): Broken[] {
  const seed = 12345;
  const [p, q] = primeField(seed).primes;
  const passes = (of: number): boolean => {
    const F = primeField(of);
    const { product } = formulas(F);
    return zero(F, product(F.lift([p * q], []), F.uniform([], [0.5])));
  };
  const H = height();
  const bits = H.largest(formulas(H).product(H.lift([p * q], []), H.uniform([], [0.5])));
  const others = Array.from({ length: 1000 }, (_, i) => passes(i)).filter(Boolean).length;
  return [
    {
      number: 3,
      assumption: "the primes are drawn when the programs are written",
      broken: `x + ${p} · ${q} y for x, with the seed that has these primes; then with 1,000 others`,
      found: `passes; passes ${others} times`,
      expected: `passes; at most ${vanishing(1, bits).toExponential(0)} each`,
      holds: passes(seed) && others === 0,
    },
  ];
}

/** x y z = 0 for numbers k / 4. */
function uniformValues(trials: number, source: Random): Broken {
  const found = frequency(trials, source, (seed) => {
    const F = primeField(seed);
    const draws = random(seed + 1);
    const { product } = formulas(F);
    return zero(F, [0, 1, 2].map(() => F.lift([draws.integer(-8, 8) / 4], [])).reduce(product));
  });
  const chance = 1 - (16 / 17) ** 3;
  return {
    number: 4,
    assumption: "values are uniform residues",
    broken: "x y z = 0 for x, y, z = k / 4, −8 <= k <= 8, modulo primes of 26 bits",
    found: `passes in ${percent(found)}`,
    expected: `1 − (16/17)³ = ${percent(chance)}`,
    holds: Math.abs(found - chance) < 5 * Math.sqrt((chance * (1 - chance)) / trials),
  };
}

/** f(x + y) + f(0) = f(x) + f(y) is true of affine functions, and of no oracle. */
function affineOracle(): Broken {
  const passes = (affine: boolean): boolean => {
    const F = primeField(7);
    const { unary, binary } = formulas(F);
    const [slope, shift] = [F.uniform([], [0.5]), F.uniform([], [0.5])];
    const f = (a: Residues) => (affine ? binary("add", binary("multiply", slope, a), shift) : unary("exp", a));
    const [x, y] = [F.uniform([], [0.5]), F.uniform([], [0.25])];
    return F.same(binary("add", f(binary("add", x, y)), f(F.ratio(0, 1))), binary("add", f(x), f(y)));
  };
  return {
    number: 5,
    assumption: "an oracle satisfies no identity but those stated",
    broken: "f(x + y) + f(0) = f(x) + f(y), with an affine oracle; then with exp's",
    found: `${passes(true) ? "passes" : "refused"}; ${passes(false) ? "passes" : "refused"}`,
    expected: "passes; refused",
    holds: passes(true) && !passes(false),
  };
}

/** Both derivations take tanh′ = 1 − u² for granted. */
function sharedRule(seed: number): Broken {
  const statement: Statement = {
    name: "tanh′ as 1 − u², twice",
    left: (A, { u }) => ({
      slope: formulas(A as never).unary("oneMinus", formulas(A as never).unary("square", u as never)) as never,
    }),
    right(A, { u }) {
      const out = A.empty(u.shape);
      A.binary(op.multiply, out, u, u);
      A.binary(op.subtract, out, A.ratio(1, 1), out);
      return { slope: out };
    },
    lengths: { N: [1, 3] },
    shapes: ({ N }) => ({ u: [N] }),
  };
  const { verdict } = proveEqual(statement, { seed });
  const u = 0.5;
  const { gradient } = complexStep(
    (A, inputs) => {
      const y = A.empty([]);
      A.unary(op.tanh, y, inputs.u);
      return y;
    },
    { u: { shape: [], data: [u] } },
  );
  const error = Math.abs(gradient.u[0] - (1 - u * u));
  return {
    number: 6,
    assumption: "the derivative rules are right",
    broken: "both sides have tanh′ = 1 − u²; then the rule against the complex step",
    found: `${verdict}; off by ${error.toFixed(3)}`,
    expected: "proven; not 0",
    holds: verdict === "proven" && error > 0.01,
  };
}

/** 1 + x computed on the residues as they are stored. */
function rawOperators(trials: number, source: Random): Broken {
  const found = frequency(trials, source, (seed) => {
    const F = primeField(seed);
    const x = F.uniform([], [0.5]);
    const { binary } = formulas(F);
    const raw = F.empty([]);
    F.copy(raw, x);
    for (const part of [0, 1]) raw.store[3 * raw.offset + part] += 1;
    return F.same(raw, binary("add", x, F.ratio(1, 1)));
  });
  return {
    number: 7,
    assumption: "only the arithmetic computes",
    broken: "x + 1 by + on the residues as they are stored (blinded)",
    found: `passes in ${percent(found)}`,
    expected: "never",
    holds: found === 0,
  };
}

/** relu (2u) = 2 relu u, with comparisons decided by the residues; then by shadows. */
function shadows(trials: number, source: Random): Broken {
  const refused = (byResidue: boolean) =>
    frequency(trials, source, (seed) => {
      const F = primeField(seed);
      const { unary, binary } = formulas(F);
      const u = F.uniform([], [random(seed).integer(0, 1) - 0.5]);
      const relu = (a: Residues): Residues => {
        if (!byResidue) return unary("relu", a);
        return a.store[3 * a.offset] < F.primes[0] / 2 ? a : F.ratio(0, 1);
      };
      const twice = binary("add", u, u);
      return !F.same(relu(twice), binary("add", relu(u), relu(u)));
    });
  const [residues, byShadow] = [refused(true), refused(false)];
  return {
    number: 8,
    assumption: "comparisons are decided by real numbers",
    broken: "relu (2u) = 2 relu u, decided by residues; then by shadows",
    found: `refused in ${percent(residues)}; in ${percent(byShadow)}`,
    expected: "about half, though it is true; never",
    holds: Math.abs(residues - 0.5) < 5 * Math.sqrt(0.25 / trials) && byShadow === 0,
  };
}

/** relu x = x is true where no element of x is negative. */
function patterns(): Broken {
  const passes = (shadow: number): boolean => {
    const F = primeField(3);
    const x = F.uniform([], [shadow]);
    return F.same(formulas(F).unary("relu", x), x);
  };
  return {
    number: 9,
    assumption: "the branches that matter were drawn",
    broken: "relu x = x for a shadow above 0; then below",
    found: `${passes(0.5) ? "passes" : "refused"}; ${passes(-0.5) ? "passes" : "refused"}`,
    expected: "passes; refused",
    holds: passes(0.5) && !passes(-0.5),
  };
}

/** W x = Wᵀ x is true of one element. */
function shapes(seed: number): Broken {
  const product =
    (transposed: boolean): Statement["left"] =>
    (A, { W, x }) => {
      const out = A.empty(x.shape);
      const [rows, columns] = W.strides;
      A.gemm(out, transposed ? { ...W, strides: [columns, rows] } : W, x, "write");
      return { out };
    };
  const statement = (N: number): Statement => ({
    name: "W x = Wᵀ x",
    left: product(false),
    right: product(true),
    lengths: { N: [N, N] },
    shapes: (lengths) => ({ W: [lengths.N, lengths.N], x: [lengths.N, 1] }),
  });
  const [one, two] = [1, 2].map((N) => proveEqual(statement(N), { seed }).verdict);
  return {
    number: 10,
    assumption: "the shapes that matter were drawn",
    broken: "W x = Wᵀ x for N = 1; then for N = 2",
    found: `${one}; ${two}`,
    expected: "proven; refuted",
    holds: one === "proven" && two === "refuted",
  };
}

/** A certificate made with a seed that its maker chose. */
function chosenSeed(): Broken {
  const seed = 99;
  const first = random(seed);
  // The seeds of a proof's only case and of its only run.
  const inCase = random(first.uint32());
  for (let draw = 0; draw < 2; draw++) inCase.integer(0, 1);
  const [p, q] = primeField(inCase.uint32()).primes;
  const statement: Statement = {
    name: "x + p q x = x",
    left(A, { x }) {
      const out = A.empty(x.shape);
      A.binary(op.multiply, out, A.lift([p * q], []), x);
      A.binary(op.add, out, out, x);
      return { out };
    },
    right: (_, { x }) => ({ out: x }),
    lengths: { N: [1, 1] },
    shapes: ({ N }) => ({ x: [N] }),
  };
  const proof = proveEqual(statement, { seed, cases: 1, runs: 1 });
  const again = proof.verdict === "proven" ? replay(proof.certificate, statement, 1) : undefined;
  return {
    number: 11,
    assumption: "the seed is the verifier's",
    broken: "a program made for the primes of its seed; then replayed with the reader's",
    found: `${proof.verdict}; ${again?.holds ? "holds" : "does not hold"}`,
    expected: "proven; does not hold",
    holds: proof.verdict === "proven" && again?.holds === false,
  };
}

/** A comparison whose argument is 0 modulo both primes, but not 0: taken for 0. */
function comparisons(trials: number, source: Random): Broken {
  const primes = [11, 13] as const;
  const sizes: Sizes = {
    degree: 0,
    height: 0,
    functions: {},
    calls: { count: 0, degree: 0, height: 0 },
    comparisons: { count: 1, degree: 1, height: 0 },
  };
  const bound = errorBound(sizes, 0, primes);
  const found = frequency(trials, source, (seed) => {
    const F = primeField(seed, primes);
    const step = formulas(F).unary("step", F.uniform([], [0.5]));
    return zero(F, step);
  });
  return {
    number: 12,
    assumption: "what is compared and is not 0, is not 0 modulo both primes",
    broken: "step x = 0 for a shadow above 0, modulo 11 and 13",
    found: `passes in ${percent(found)}`,
    expected: `at most ${percent(bound)}`,
    holds: within(found, bound, trials) && found > 1 / (2 * primes[0] * primes[1]),
  };
}

/** Every assumption of apps/docs/proof.md, violated. */
export function breakAssumptions(seed: number, trials: number): readonly Broken[] {
  const source = random(seed);
  return [
    ...roots(trials, source),
    collisions(trials, source),
    ...knownPrimes(),
    uniformValues(trials, source),
    affineOracle(),
    sharedRule(seed),
    rawOperators(trials / 10, source),
    shadows(trials / 10, source),
    patterns(),
    shapes(seed),
    chosenSeed(),
    comparisons(trials, source),
  ];
}
