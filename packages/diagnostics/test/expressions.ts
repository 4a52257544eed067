import fc from "fast-check";

/** A value and its derivative with respect to x. */
type Dual = readonly [value: number, derivative: number];

/** A composition of elementary functions of one number, with its derivative by the chain rule. */
export interface Expression {
  readonly text: string;
  readonly dual: (x: Dual) => Dual;
}

const unary: Readonly<Record<string, (a: Dual) => Dual>> = {
  sin: ([a, d]) => [Math.sin(a), Math.cos(a) * d],
  cos: ([a, d]) => [Math.cos(a), -Math.sin(a) * d],
  exp: ([a, d]) => [Math.exp(a), Math.exp(a) * d],
  tanh: ([a, d]) => [Math.tanh(a), (1 - Math.tanh(a) ** 2) * d],
  square: ([a, d]) => [a * a, 2 * a * d],
  atan: ([a, d]) => [Math.atan(a), d / (1 + a * a)],
  log1p: ([a, d]) => [Math.log1p(a * a), ((2 * a) / (1 + a * a)) * d],
  root: ([a, d]) => [Math.sqrt(1 + a * a), (a / Math.sqrt(1 + a * a)) * d],
  inverse: ([a, d]) => [1 / (2 + a * a), -2 * (a / (2 + a * a)) * (d / (2 + a * a))],
};

/** With the choices relu'(0) = 0, abs'(0) = 0 and that of the inside at the ends of a clip. */
const kinked: typeof unary = {
  relu: ([a, d]) => (a > 0 ? [a, d] : [0, 0]),
  abs: ([a, d]) => [Math.abs(a), Math.sign(a) * d],
  clip: ([a, d]) => (a > 1 ? [1, 0] : a < -1 ? [-1, 0] : [a, d]),
};

const binary: Readonly<Record<string, (a: Dual, b: Dual) => Dual>> = {
  "+": ([a, da], [b, db]) => [a + b, da + db],
  "-": ([a, da], [b, db]) => [a - b, da - db],
  "*": ([a, da], [b, db]) => [a * b, da * b + a * db],
};

/** Slopes and offsets k/16. */
const line: fc.Arbitrary<Expression> = fc
  .tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 }))
  .map(([slope, offset]) => ({
    text: `(${slope / 16} x + ${offset / 16})`,
    dual: ([x, d]: Dual): Dual => [(slope / 16) * x + offset / 16, (slope / 16) * d],
  }));

/** Compositions of up to six levels, smooth or with kinks. */
export function expressions(kinks: boolean): fc.Arbitrary<Expression> {
  const functions = Object.entries(kinks ? { ...unary, ...kinked } : unary);
  return fc.letrec<{ node: Expression }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 6, depthIdentifier: "expression", withCrossShrink: true },
      { arbitrary: line, weight: 2 },
      {
        weight: 3,
        arbitrary: fc.tuple(fc.constantFrom(...functions), tie("node")).map(([[name, apply], a]) => ({
          text: `${name}(${a.text})`,
          dual: (x: Dual) => apply(a.dual(x)),
        })),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom(...Object.entries(binary)), tie("node"), tie("node"))
          .map(([[name, apply], a, b]) => ({
            text: `(${a.text} ${name} ${b.text})`,
            dual: (x: Dual) => apply(a.dual(x), b.dual(x)),
          })),
      },
    ),
  })).node;
}

/** Points k/16, and others of all digits up to a thousand. */
export const points = fc.oneof(
  fc.integer({ min: -40, max: 40 }).map((k) => k / 16),
  fc.integer({ min: -(2 ** 50), max: 2 ** 50 }).map((k) => k * 2 ** -48),
  fc.integer({ min: -(2 ** 50), max: 2 ** 50 }).map((k) => k * 2 ** -40),
);
