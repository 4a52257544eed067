import type { Arithmetic, PrimeField, Tensor } from "@gradproof/arithmetic";
import type { TestedClaim } from "../claim.ts";
import { dualJacobian } from "../dual-jacobian.ts";
import { exactClaim } from "../exact-claim.ts";
import { exp, minus, negative, oneMinus, oneMinusSquare, over, plus, row, scaled, squared, tanh } from "../matrices.ts";

type Residues = Tensor<Float64Array>;

/** One argument u of the activation. */
interface ArgumentCase {
  readonly F: PrimeField;
  readonly u: Residues;
}

const argumentCases = {
  draw: (F: PrimeField): ArgumentCase => ({ F, u: F.uniform([1, 1]) }),
  small: {
    unknowns: 1,
    build: (F: PrimeField, [u]: readonly number[]): ArgumentCase => ({ F, u: F.lift([u], [1, 1]) }),
    text: ([u]: readonly number[]) => `u = ${u}`,
  },
} as const;

const atZero = { when: "u = 0", draw: (F: PrimeField): ArgumentCase => ({ F, u: F.lift([0], [1, 1]) }) };

/** p(u) = e^u − e^−u */
function p<S>(A: Arithmetic<S>, u: Tensor<S>): Tensor<S> {
  return minus(A, exp(A, u), exp(A, negative(A, u)));
}

/** q(u) = e^u + e^−u */
function q<S>(A: Arithmetic<S>, u: Tensor<S>): Tensor<S> {
  return plus(A, exp(A, u), exp(A, negative(A, u)));
}

/** f = p / q, Eq. 3 as written. */
function byExponentials<S>(A: Arithmetic<S>, u: Tensor<S>): Tensor<S> {
  return over(A, p(A, u), q(A, u));
}

/** The derivative of a function of one number, by dual numbers. */
function derivative({ F, u }: ArgumentCase, f: <S>(A: Arithmetic<S>, u: Tensor<S>) => Tensor<S>): Residues {
  return dualJacobian(F, [u], 0, (A, [own]) => f(A, own));
}

/** 2 / (1 + E(−v)) − 1 */
function twiceSigmoidMinusOne({ F }: ArgumentCase, v: Residues): Residues {
  const sigmoid = over(F, one(F), plus(F, one(F), exp(F, negative(F, v))));
  return minus(F, plus(F, sigmoid, sigmoid), one(F));
}

function one<S>(A: Arithmetic<S>): Tensor<S> {
  return row(A, A.ratio(1, 1));
}

/** tanh as a sigmoid. */
export const sigmoidForm: TestedClaim = exactClaim<ArgumentCase>({
  ...argumentCases,
  row: "Eq. 3",
  statement: "tanh is a sigmoid: tanh u = 2 σ(2u) − 1",
  asWritten: String.raw`f(u) = \tanh u \text{, “sigmoid form”}`,
  corrected: String.raw`\tanh u = 2 \sigma(2u) - 1`,
  verdict: "ok",
  laws: [
    {
      name: "tanh u = 2 σ(2u) − 1",
      sides: (drawn) => [tanh(drawn.F, drawn.u), twiceSigmoidMinusOne(drawn, plus(drawn.F, drawn.u, drawn.u))],
    },
    {
      name: "tanh is odd",
      sides: ({ F, u }) => [tanh(F, negative(F, u)), negative(F, tanh(F, u))],
    },
  ],
  wrongReading: "2 σ(u) − 1, the factor in the argument lost",
  quantity: "tanh u",
  wrong: (drawn) => twiceSigmoidMinusOne(drawn, drawn.u),
  right: ({ F, u }) => tanh(F, u),
  blindSpots: [atZero],
});

/** The relations between p and q. */
export const exponentials: TestedClaim = exactClaim<ArgumentCase>({
  ...argumentCases,
  row: "(i) to (iv)",
  statement: "p′ = q, q′ = p and, left out as (iii), q² − p² = 4",
  asWritten: String.raw`p' = q, \quad q' = p, \quad \text{(iii) missing}`,
  corrected: String.raw`p' = q, \quad q' = p, \quad q^2 - p^2 = 4`,
  verdict: "ok",
  laws: [
    { name: "p′ = q", sides: (drawn) => [derivative(drawn, p), q(drawn.F, drawn.u)] },
    { name: "q′ = p", sides: (drawn) => [derivative(drawn, q), p(drawn.F, drawn.u)] },
    {
      name: "q² − p² = 4",
      sides: ({ F, u }) => [minus(F, squared(F, q(F, u)), squared(F, p(F, u))), row(F, F.ratio(4, 1))],
    },
    {
      name: "(p/q)′ = (q² − p²) / q²",
      sides: (drawn) => {
        const { F, u } = drawn;
        const [pp, qq] = [squared(F, p(F, u)), squared(F, q(F, u))];
        return [derivative(drawn, byExponentials), over(F, minus(F, qq, pp), qq)];
      },
    },
  ],
  wrongReading: "q′ = −p, as for the cosine",
  quantity: "q′",
  wrong: ({ F, u }) => negative(F, p(F, u)),
  right: (drawn) => derivative(drawn, q),
  blindSpots: [atZero],
});

/** The slope of tanh by its value. */
export const equation4: TestedClaim = exactClaim<ArgumentCase>({
  ...argumentCases,
  row: "Eq. 4",
  statement: "f′ = 1 − f² = 4E / (1 + E)² with E = e^−2u",
  asWritten: String.raw`f'(x) = 1 - f^2(x) \quad \text{(u)}`,
  corrected: String.raw`f'(x) = 1 - f^2(x) \quad (4)`,
  verdict: "ok",
  laws: [
    {
      name: "(p/q)′ = 1 − (p/q)²",
      sides: (drawn) => [derivative(drawn, byExponentials), oneMinusSquare(drawn.F, byExponentials(drawn.F, drawn.u))],
    },
    {
      name: "1 − tanh² u = 4E / (1 + E)²",
      sides: ({ F, u }) => {
        const E = exp(F, negative(F, plus(F, u, u)));
        const sum = plus(F, one(F), E);
        return [oneMinusSquare(F, tanh(F, u)), over(F, scaled(F, F.ratio(4, 1), E), squared(F, sum))];
      },
    },
  ],
  wrongReading: "1 − u², the derivative's square taken of what goes in",
  quantity: "f′",
  wrong: ({ F, u }) => oneMinusSquare(F, u),
  right: (drawn) => derivative(drawn, byExponentials),
  blindSpots: [atZero],
});

/** The relation that the notes leave blank before Eq. 24. */
export const blank: TestedClaim = exactClaim<ArgumentCase>({
  ...argumentCases,
  row: "Blank",
  statement: "what is to be proven before Eq. 24 is f′ = 1 − f²",
  asWritten: String.raw`\text{“for } f(u) = \tanh u \text{ we have”}`,
  corrected: "f'(u) = 1 - f(u)^2",
  verdict: "ambiguous",
  laws: [
    {
      name: "f′ = 1 − f²",
      sides: (drawn) => [derivative(drawn, byExponentials), oneMinusSquare(drawn.F, byExponentials(drawn.F, drawn.u))],
    },
  ],
  wrongReading: "f (1 − f), the rule of the logistic function",
  quantity: "f′",
  wrong: ({ F, u }) => {
    const f = byExponentials(F, u);
    return scaled(F, f, oneMinus(F, f));
  },
  right: (drawn) => derivative(drawn, byExponentials),
  blindSpots: [{ when: "f = 1, which no real u reaches" }],
});
