import { describe, expect, test } from "vitest";
import { logSumExp, softmax, take } from "../src/composed.ts";
import { OperationError } from "../src/errors.ts";
import type { BinaryOperation, UnaryOperation } from "../src/field.ts";
import { FunctionOracles } from "../src/function-oracles.ts";
import * as op from "../src/operations.ts";
import { type PrimeField, primeField } from "../src/prime-field.ts";
import { random } from "../src/random.ts";
import { isPrime, Residues } from "../src/residue.ts";
import { sizeOf, type Tensor } from "../src/tensor.ts";
import { nonUniformity } from "./chi-square.ts";
import { runs, seed } from "./seed.ts";

type T = Tensor<Float64Array>;

/** Functions of a prime field that answer new tensors, for formulas. */
function formulas(F: PrimeField) {
  const unary = (operation: UnaryOperation) => (a: T) => {
    const out = F.empty(a.shape);
    F.unary(op[operation], out, a);
    return out;
  };
  const binary = (operation: BinaryOperation) => (a: T, b: T) => {
    const out = F.empty(a.shape);
    F.binary(op[operation], out, a, b);
    return out;
  };
  return {
    F,
    number: (x: number, over = 1): T => F.ratio(x, over),
    uniform: (...shape: number[]): T => F.uniform(shape),
    exp: unary("exp"),
    log: unary("log"),
    tanh: unary("tanh"),
    sigmoid: unary("sigmoid"),
    log1p: unary("log1p"),
    sqrt: unary("sqrt"),
    sin: unary("sin"),
    cos: unary("cos"),
    sign: unary("sign"),
    square: unary("square"),
    negate: unary("negate"),
    reciprocal: unary("reciprocal"),
    relu: unary("relu"),
    step: unary("step"),
    add: binary("add"),
    subtract: binary("subtract"),
    multiply: binary("multiply"),
    divide: binary("divide"),
    maximum: binary("maximum"),
    softmax(a: T): T {
      const out = F.empty(a.shape);
      softmax(F, out, a);
      return out;
    },
    logSumExp(a: T): T {
      const out = F.empty([1]);
      logSumExp(F, out, a);
      return out;
    },
    sum(a: T): T {
      const out = F.empty([1]);
      F.sum(out, a, "write");
      return out;
    },
    reversed(a: T): T {
      const out = F.empty(a.shape);
      take(
        F,
        out,
        a,
        Array.from({ length: a.shape[0] }, (_, i) => a.shape[0] - 1 - i),
      );
      return out;
    },
  };
}

type Formulas = ReturnType<typeof formulas>;
type Identity = (G: Formulas, u: T, v: T, z: T) => readonly [T, T];

const seeds = Array.from({ length: runs(60) }, (_, i) => seed + i);

/** How many of the fields the identity holds in, at uniform u, v and a uniform row z of 4. */
function holds(identity: Identity): number {
  return seeds.filter((from) => {
    const G = formulas(primeField(from));
    const [left, right] = identity(G, G.uniform(), G.uniform(), G.uniform(4));
    return G.F.same(left, right);
  }).length;
}

describe(`identities of the functions, in ${seeds.length} fields from seed ${seed}`, () => {
  const held: Record<string, Identity> = {
    "exp 0 = 1": (G) => [G.exp(G.number(0)), G.number(1)],
    "exp(-u) = 1 / exp u": (G, u) => [G.exp(G.negate(u)), G.reciprocal(G.exp(u))],
    "exp(-u) = 1 / exp u, -u asked first": (G, u) => [G.multiply(G.exp(G.negate(u)), G.exp(u)), G.number(1)],
    "log exp u = u": (G, u) => [G.log(G.exp(u)), u],
    "exp log u = u": (G, u) => [G.exp(G.log(u)), u],
    "log 1 = 0": (G) => [G.log(G.number(1)), G.number(0)],
    "log(1 / u) = -log u": (G, u) => [G.log(G.reciprocal(u)), G.negate(G.log(u))],
    "exp(-log u) = 1 / u": (G, u) => [G.exp(G.negate(G.log(u))), G.reciprocal(u)],
    "log(1 / exp u) = -u": (G, u) => [G.log(G.reciprocal(G.exp(u))), G.negate(u)],
    "tanh 0 = 0": (G) => [G.tanh(G.number(0)), G.number(0)],
    "tanh(-u) = -tanh u": (G, u) => [G.tanh(G.negate(u)), G.negate(G.tanh(u))],
    "tanh u = (exp 2u - 1) / (exp 2u + 1)": (G, u) => {
      const e = G.exp(G.add(u, u));
      return [G.tanh(u), G.divide(G.subtract(e, G.number(1)), G.add(e, G.number(1)))];
    },
    "log((1 + tanh u) / (1 - tanh u)) = 2u": (G, u) => {
      const [t, one] = [G.tanh(u), G.number(1)];
      return [G.log(G.divide(G.add(one, t), G.subtract(one, t))), G.add(u, u)];
    },
    "sigmoid u = exp u / (exp u + 1)": (G, u) => {
      const e = G.exp(u);
      return [G.sigmoid(u), G.divide(e, G.add(e, G.number(1)))];
    },
    "sigmoid 0 = 1/2": (G) => [G.sigmoid(G.number(0)), G.number(1, 2)],
    "sigmoid(-u) = 1 - sigmoid u": (G, u) => [G.sigmoid(G.negate(u)), G.subtract(G.number(1), G.sigmoid(u))],
    "tanh u = 2 sigmoid 2u - 1": (G, u) => {
      const s = G.sigmoid(G.add(u, u));
      return [G.tanh(u), G.subtract(G.add(s, s), G.number(1))];
    },
    "log(sigmoid u / sigmoid(-u)) = u": (G, u) => [G.log(G.divide(G.sigmoid(u), G.sigmoid(G.negate(u)))), u],
    "log1p u = log(1 + u)": (G, u) => [G.log1p(u), G.log(G.add(G.number(1), u))],
    "log1p 0 = 0": (G) => [G.log1p(G.number(0)), G.number(0)],
    "sin² u + cos² u = 1": (G, u) => [G.add(G.square(G.sin(u)), G.square(G.cos(u))), G.number(1)],
    "sin(-u) = -sin u": (G, u) => [G.sin(G.negate(u)), G.negate(G.sin(u))],
    "cos(-u) = cos u": (G, u) => [G.cos(G.negate(u)), G.cos(u)],
    "sin 0 = 0": (G) => [G.sin(G.number(0)), G.number(0)],
    "cos 0 = 1": (G) => [G.cos(G.number(0)), G.number(1)],
    "max(u, v) = v + relu(u - v)": (G, u, v) => [G.maximum(u, v), G.add(v, G.relu(G.subtract(u, v)))],
    "max(u, v) = max(v, u)": (G, u, v) => [G.maximum(u, v), G.maximum(v, u)],
    "max(u, v) + min(u, v) = u + v": (G, u, v) => [
      G.subtract(G.maximum(u, v), G.maximum(G.negate(u), G.negate(v))),
      G.add(u, v),
    ],
    "u sign u = max(u, -u)": (G, u) => [G.multiply(u, G.sign(u)), G.maximum(u, G.negate(u))],
    "sqrt 0 = 0": (G) => [G.sqrt(G.number(0)), G.number(0)],
    "sqrt 1 = 1": (G) => [G.sqrt(G.number(1)), G.number(1)],
    "an argument computed in another way is the same argument": (G, u, v) => [
      G.tanh(G.subtract(G.multiply(G.add(u, v), G.number(3)), G.multiply(G.number(3), v))),
      G.tanh(G.add(u, G.add(u, u))),
    ],
    "softmax of one is 1": (G, u) => [G.softmax(at1(G, u)), at1(G, G.number(1))],
    "softmax sums to 1": (G, _u, _v, z) => [G.sum(G.softmax(z)), at1(G, G.number(1))],
    "softmax(z + u) = softmax z": (G, u, _v, z) => [G.softmax(G.add(z, u)), G.softmax(z)],
    "log-sum-exp of one is itself": (G, u) => [G.logSumExp(at1(G, u)), at1(G, u)],
    "log-sum-exp(z + u) = log-sum-exp z + u": (G, u, _v, z) => [G.logSumExp(G.add(z, u)), G.add(G.logSumExp(z), u)],
    "softmax the same before and after log-sum-exp": (G, _u, _v, z) => {
      const before = G.softmax(z);
      G.logSumExp(z);
      return [before, G.softmax(z)];
    },
    "relu(2u) = 2 relu u": (G, u) => [G.relu(G.add(u, u)), G.add(G.relu(u), G.relu(u))],
    "u = relu u - relu(-u)": (G, u) => [u, G.subtract(G.relu(u), G.relu(G.negate(u)))],
    "relu u = u step u": (G, u) => [G.relu(u), G.multiply(u, G.step(u))],
  };
  test.each(Object.entries(held))("%s", (_, identity) => {
    expect(holds(identity)).toBe(seeds.length);
  });

  // True of the real functions some of them, but a derivation has no business with them, and an oracle has no such law.
  const notHeld: Record<string, Identity> = {
    "exp(u + v) = exp u exp v": (G, u, v) => [G.exp(G.add(u, v)), G.multiply(G.exp(u), G.exp(v))],
    "exp 2u = (exp u)²": (G, u) => [G.exp(G.add(u, u)), G.square(G.exp(u))],
    "exp u = 1 + u": (G, u) => [G.exp(u), G.add(u, G.number(1))],
    "log(u v) = log u + log v": (G, u, v) => [G.log(G.multiply(u, v)), G.add(G.log(u), G.log(v))],
    "log(-u) = log u": (G, u) => [G.log(G.negate(u)), G.log(u)],
    "tanh u = u": (G, u) => [G.tanh(u), u],
    "tanh 2u = 2 tanh u": (G, u) => [G.tanh(G.add(u, u)), G.add(G.tanh(u), G.tanh(u))],
    "tanh(u + v) = tanh u + tanh v": (G, u, v) => [G.tanh(G.add(u, v)), G.add(G.tanh(u), G.tanh(v))],
    "tanh is even": (G, u) => [G.tanh(G.negate(u)), G.tanh(u)],
    "tanh tanh u = tanh u": (G, u) => [G.tanh(G.tanh(u)), G.tanh(u)],
    "sigmoid is even": (G, u) => [G.sigmoid(G.negate(u)), G.sigmoid(u)],
    "sigmoid 2u = (sigmoid u)²": (G, u) => [G.sigmoid(G.add(u, u)), G.square(G.sigmoid(u))],
    "sigmoid u = exp u": (G, u) => [G.sigmoid(u), G.exp(u)],
    "(sqrt u)² = u": (G, u) => [G.square(G.sqrt(u)), u],
    "sqrt(u v) = sqrt u sqrt v": (G, u, v) => [G.sqrt(G.multiply(u, v)), G.multiply(G.sqrt(u), G.sqrt(v))],
    "sin 2u = 2 sin u cos u": (G, u) => {
      const product = G.multiply(G.sin(u), G.cos(u));
      return [G.sin(G.add(u, u)), G.add(product, product)];
    },
    "sin(u + v) = sin u cos v + cos u sin v": (G, u, v) => [
      G.sin(G.add(u, v)),
      G.add(G.multiply(G.sin(u), G.cos(v)), G.multiply(G.cos(u), G.sin(v))),
    ],
    "sin is even": (G, u) => [G.sin(G.negate(u)), G.sin(u)],
    "cos u = sin u": (G, u) => [G.cos(u), G.sin(u)],
    "log1p u = u": (G, u) => [G.log1p(u), u],
    "max(u, v) = u + v": (G, u, v) => [G.maximum(u, v), G.add(u, v)],
    "softmax of the reversed row is reversed": (G, _u, _v, z) => [G.softmax(G.reversed(z)), G.reversed(G.softmax(z))],
    "softmax is exp over its sum": (G, _u, _v, z) => [
      G.softmax(z),
      G.divide(G.exp(z), repeated(G, G.sum(G.exp(z)), 4)),
    ],
    "softmax 2z = softmax z": (G, _u, _v, z) => [G.softmax(G.add(z, z)), G.softmax(z)],
    "log-sum-exp is the log of the sum of exp": (G, _u, _v, z) => [G.logSumExp(z), G.log(G.sum(G.exp(z)))],
    "log-sum-exp is the sum": (G, _u, _v, z) => [G.logSumExp(z), G.sum(z)],
  };
  test.each(Object.entries(notHeld))("not %s", (_, identity) => {
    expect(holds(identity)).toBe(0);
  });
});

/** A scalar as a vector of one. */
function at1(G: Formulas, u: T): T {
  return repeated(G, u, 1);
}

function repeated({ F }: Formulas, u: T, length: number): T {
  const out = F.empty([length]);
  F.copy(out, u);
  return out;
}

describe("the field of a seed", () => {
  test("its primes are two primes of [2^25, 2^26), other ones for other seeds", () => {
    const drawn = Array.from({ length: 200 }, (_, i) => primeField(seed + i).primes);
    for (const [p, q] of drawn) {
      expect(p).not.toBe(q);
      for (const prime of [p, q]) {
        expect(prime >= 2 ** 25 && prime < 2 ** 26 && isPrime(prime), `${prime}`).toBe(true);
      }
    }
    expect(new Set(drawn.flat()).size).toBeGreaterThan(395);
  });

  test("the same seed is the same field and the same answers, another one another", () => {
    const answers = (from: number): Float64Array => {
      const G = formulas(primeField(from));
      return G.tanh(G.uniform(3)).store;
    };
    expect(answers(5)).toEqual(answers(5));
    expect(answers(5)).not.toEqual(answers(6));
  });

  test("a 1 or a product that was not made by the field is not the field's", () => {
    for (const from of seeds) {
      const { F, multiply } = formulas(primeField(from));
      const raw = F.uniform([]);
      raw.store.set([1, 1, 1], 3 * raw.offset);
      expect(F.same(raw, F.ratio(1, 1))).toBe(false);
      const [a, b] = [F.uniform([]), F.uniform([])];
      const [p, q] = F.primes;
      const product = (i: number, prime: number): number =>
        Number((BigInt(a.store[3 * a.offset + i]) * BigInt(b.store[3 * b.offset + i])) % BigInt(prime));
      raw.store.set([product(0, p), product(1, q)], 3 * raw.offset);
      expect(F.same(raw, multiply(a, b))).toBe(false);
    }
  });

  test("oracleCalls counts different arguments, of exp and its reciprocals once", () => {
    const G = formulas(primeField(seed));
    const [u, z] = [G.uniform(), G.uniform(3)];
    const counts = [
      () => G.exp(u),
      () => G.exp(G.negate(u)),
      () => G.exp(G.number(0)),
      () => G.tanh(u),
      () => G.log(G.exp(u)),
      () => G.sigmoid(G.negate(u)),
      () => G.sqrt(u),
      () => G.sqrt(G.number(1)),
      () => G.softmax(z),
      () => G.logSumExp(G.add(z, u)),
      () => G.tanh(z),
      () => G.sin(u),
      () => G.cos(G.negate(u)),
    ].map((call) => {
      call();
      return G.F.oracleCalls;
    });
    expect(counts).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 7, 8, 8]);
  });

  test("uniform takes one shadow for each element", () => {
    const F = primeField(seed);
    expect(() => F.uniform([2, 2], [1, 2, 3])).toThrow(
      new RangeError("uniform: 3 shadows; expected 4 for shape [2, 2]"),
    );
    expect(F.lower(F.uniform([2, 2], [1, -2, 3, 0]))).toEqual(Float64Array.of(1, -2, 3, 0));
    const shadows = F.lower(F.uniform([1000]));
    expect(shadows.every((x) => Math.abs(x) < 1 && x !== 0)).toBe(true);
    expect(
      nonUniformity(
        Array.from(shadows, (x) => x + 1),
        2,
        16,
      ),
    ).toBeLessThan(1);
  });
});

describe("what it refuses", () => {
  const G = formulas(primeField(seed));
  const { F } = G;
  test.each<[string, () => T]>([
    ["1 / 0", () => G.reciprocal(G.number(0))],
    ["1 / (u - u)", () => G.divide(G.number(1), G.subtract(G.number(7), G.number(7)))],
    ["log 0", () => G.log(G.number(0))],
    ["sigmoid where exp is -1", () => G.sigmoid(G.log(G.number(-1)))],
    ["tanh where exp of twice it is -1", () => G.tanh(G.divide(G.log(G.number(-1)), G.number(2)))],
    ["sign of a shadow NaN", () => G.sign(G.log(F.uniform([], [-1])))],
    ["max with a shadow NaN", () => G.maximum(G.number(1), G.log(F.uniform([], [-1])))],
  ])("%s", (_, call) => {
    expect(call).toThrow(OperationError);
    expect(call).toThrow("draw again");
  });

  const unwritten = "read: primeField element was never written, or its scope has ended";
  test.each([
    "reciprocal",
    "tanh",
    "sigmoid",
    "exp",
    "log",
    "log1p",
    "sqrt",
    "sin",
    "cos",
    "relu",
    "step",
    "sign",
  ] as const)("%s of unwritten memory", (operation) => {
    expect(() => G[operation](F.empty([]))).toThrow(unwritten);
  });

  test("division by a tensor whose scope has ended", () => {
    let dead = F.ratio(1, 1);
    F.scope(() => {
      dead = F.lift([3], []);
    });
    expect(() => G.divide(G.number(1), dead)).toThrow(unwritten);
    expect(() => G.softmax(at1(G, G.multiply(dead, dead)))).toThrow(unwritten);
  });
});

describe("uniformity", () => {
  const count = 20_000;
  const G = formulas(primeField(seed));

  function residues(t: T): [number[], number[]] {
    const elements = Array.from({ length: sizeOf(t.shape) }, (_, i) => 3 * (t.offset + i));
    return [elements.map((i) => t.store[i]), elements.map((i) => t.store[i + 1])];
  }

  /** Of both residues and of their pairs. The blinding factor leaves uniform residues uniform. */
  function statistics(t: T): number[] {
    const [p, q] = G.F.primes;
    const [first, second] = residues(t);
    const pairs = first.map((residue, i) => Math.floor((residue / p) * 8) * 8 + Math.floor((second[i] / q) * 8));
    return [nonUniformity(first, p), nonUniformity(second, q), nonUniformity(pairs, 64)];
  }

  const columns = (t: T, column: number): T => {
    const out = G.F.empty([t.shape[0]]);
    G.F.copy(out, { store: t.store, offset: t.offset + column, shape: [t.shape[0]], strides: [t.strides[0]] });
    return out;
  };
  const rows = (): T => G.F.uniform([count, 3]);

  test.each<[string, () => T]>([
    ["uniform", () => G.uniform(count)],
    ["exp", () => G.exp(G.uniform(count))],
    ["log", () => G.log(G.uniform(count))],
    ["tanh", () => G.tanh(G.uniform(count))],
    ["sigmoid", () => G.sigmoid(G.uniform(count))],
    ["sqrt", () => G.sqrt(G.uniform(count))],
    ["log1p", () => G.log1p(G.uniform(count))],
    ["the first probability of softmax", () => columns(G.softmax(rows()), 0)],
    ["the last probability of softmax", () => columns(G.softmax(rows()), 2)],
    ["the product of two", () => G.multiply(G.uniform(count), G.add(G.uniform(count), G.uniform(count)))],
  ])("residues of %s", (_, draw) => {
    for (const statistic of statistics(draw())) expect(statistic).toBeLessThan(1);
  });

  test("residues of log-sum-exp", () => {
    const z = rows();
    const out = G.F.empty([count, 1]);
    logSumExp(G.F, out, z);
    for (const statistic of statistics(G.subtract(out, reshaped(columns(z, 0))))) expect(statistic).toBeLessThan(1);
  });

  const reshaped = (t: T): T => ({ ...t, shape: [t.shape[0], 1], strides: [1, 1] });

  test("lifted small numbers are not, and equal residues do not pair freely", () => {
    const lifted = G.F.lift(
      Array.from({ length: count }, (_, i) => (i % 17) / 4),
      [count],
    );
    expect(Math.min(...statistics(lifted))).toBeGreaterThan(1);
    const [p, q] = G.F.primes;
    const u = G.uniform(count);
    for (let i = 0; i < count; i++) u.store[3 * (u.offset + i) + 1] = Math.floor((u.store[3 * (u.offset + i)] / p) * q);
    const [first, second, pairs] = statistics(u);
    expect([first < 1, second < 1, pairs < 1]).toEqual([true, true, false]);
  });
});

describe("oracles over tiny primes", () => {
  /** Probability that three independent draws, none of them 0, 1 or -1, satisfy x y = z modulo p. */
  function chance(p: number): number {
    const drawn = Array.from({ length: p }, (_, i) => i).filter((x) => x !== 0 && x !== 1 && x !== p - 1);
    const hits = drawn.flatMap((x) => drawn.map((y) => (x * y) % p)).filter((product) => drawn.includes(product));
    return hits.length / drawn.length ** 3;
  }

  test.each([
    [11, 13],
    [13, 29],
  ])("exp(u + v) = exp u exp v survives modulo %d and %d as often as chance has it", (first, second) => {
    const trials = runs(20_000);
    const source = random(seed);
    let survivals = 0;
    for (let trial = 0; trial < trials; trial++) {
      const [p, q] = [new Residues(first, source), new Residues(second, source)];
      const oracles = new FunctionOracles([p, q], source);
      const [u, v] = [
        [p.lift(1), q.lift(1)],
        [p.lift(2), q.lift(2)],
      ] as const;
      const [a, b, c] = [oracles.exp(...u), oracles.exp(...v), oracles.exp(p.add(u[0], v[0]), q.add(u[1], v[1]))];
      if (p.multiply(a[0], b[0]) === c[0] && q.multiply(a[1], b[1]) === c[1]) survivals++;
    }
    const probability = chance(first) * chance(second);
    // About 1 / (p q), as for numbers drawn without any law; five standard deviations.
    expect(probability * first * second).toBeGreaterThan(0.8);
    expect(probability * first * second).toBeLessThan(1.6);
    const deviation = Math.sqrt(trials * probability * (1 - probability));
    expect(Math.abs(survivals - trials * probability), `${survivals} of ${trials}`).toBeLessThan(5 * deviation);
  });
});

describe("comparisons", () => {
  const G = formulas(primeField(seed));
  const { F } = G;

  test("the shadow decides relu and step, whatever the residues", () => {
    const shadows = [0.5, -0.5, 1e-300, -1e-300, 0, 3];
    const u = F.uniform([6], shadows);
    const [positive, steps] = [G.relu(u), G.step(u)];
    expect(Array.from(F.lower(positive))).toEqual([0.5, 0, 1e-300, 0, 0, 3]);
    expect(Array.from(F.lower(steps))).toEqual([1, 0, 1, 0, 0, 1]);
    expect(F.same(steps, F.lift([1, 0, 1, 0, 0, 1], [6]))).toBe(true);
    expect(F.same(positive, G.multiply(u, steps))).toBe(true);
  });

  test("a shadow follows every operation as the float does", () => {
    const [u, v] = [F.uniform([], [0.75]), F.uniform([], [-0.5])];
    const shadows: [T, number][] = [
      [G.add(u, v), 0.25],
      [G.subtract(v, u), -1.25],
      [G.multiply(u, v), -0.375],
      [G.divide(u, v), -1.5],
      [G.number(3, 10), 3 / 10],
      [G.reciprocal(v), -2],
      [G.negate(u), -0.75],
      [G.square(v), 0.25],
      [G.tanh(u), Math.tanh(0.75)],
      [G.sigmoid(u), 1 / (1 + Math.exp(-0.75))],
      [G.exp(v), Math.exp(-0.5)],
      [G.log(u), Math.log(0.75)],
      [G.sqrt(u), Math.sqrt(0.75)],
      [G.log1p(v), Math.log1p(-0.5)],
      [G.sin(u), Math.sin(0.75)],
      [G.cos(v), Math.cos(-0.5)],
      [G.sign(v), -1],
      [G.maximum(v, u), 0.75],
    ];
    for (const [t, shadow] of shadows) expect(F.lower(t)[0]).toBe(shadow);
    expect(F.lower(G.step(G.add(u, v)))[0]).toBe(1);
    expect(F.lower(G.step(G.add(v, v)))[0]).toBe(0);
  });

  test("an exact zero counts as zero though rounding left something in its shadow", () => {
    const [u, v] = [F.uniform([], [0.1]), F.uniform([], [0.2])];
    const zeros = [
      G.subtract(G.add(G.number(1, 10), G.number(2, 10)), G.number(3, 10)),
      G.subtract(G.subtract(G.add(u, v), v), u),
    ];
    for (const zero of zeros) {
      const left = zero.store[3 * zero.offset + 2];
      expect(left).toBeGreaterThan(0);
      expect(F.lower(zero)[0]).toBe(0);
      expect(F.same(G.step(zero), G.number(0))).toBe(true);
      expect(F.same(G.relu(zero), G.number(0))).toBe(true);
      expect(F.same(G.step(F.lift([left], [])), G.number(1))).toBe(true);
    }
  });
});

describe("numbers in it", () => {
  const G = formulas(primeField(seed));
  const { F } = G;

  test("a double is the fraction that it is: halves are, tenths are not", () => {
    expect(F.same(F.lift([0.5], []), G.number(1, 2))).toBe(true);
    expect(F.same(F.lift([0.1], []), G.number(1, 10))).toBe(false);
    expect(F.same(F.lift([-0.375], []), G.number(-3, 8))).toBe(true);
    expect(F.same(G.multiply(F.lift([2 ** -1074], []), F.lift([2 ** 1023], [])), F.lift([2 ** -51], []))).toBe(true);
  });

  test("nothing vanishes: 1e-300 squared and its product with 1e300 are not 0 and not 1", () => {
    const tiny = F.lift([1e-300], []);
    expect(F.same(G.square(tiny), G.number(0))).toBe(false);
    expect(F.same(G.add(G.number(1), tiny), G.number(1))).toBe(false);
    expect(F.same(G.multiply(tiny, G.reciprocal(tiny)), G.number(1))).toBe(true);
  });
});
