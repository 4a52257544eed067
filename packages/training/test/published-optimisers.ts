import type { PrimeField, Tensor } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Rule } from "../src/optimiser.ts";
import { adagrad } from "../src/optimisers/adagrad.ts";
import { adam } from "../src/optimisers/adam.ts";
import { adamw } from "../src/optimisers/adamw.ts";
import { momentum } from "../src/optimisers/momentum.ts";
import { nesterov } from "../src/optimisers/nesterov.ts";
import { rmsprop } from "../src/optimisers/rmsprop.ts";
import { sgd } from "../src/optimisers/sgd.ts";

type Element = Tensor<Float64Array>;

/** Uniformly random scalars that stand for a rule's coefficients. */
export interface Coefficients {
  readonly mu: Element;
  readonly rho: Element;
  readonly beta1: Element;
  readonly beta2: Element;
  readonly epsilon: Element;
  readonly lambda: Element;
  readonly eta: Element;
}

/** Algebra on whole tensors: each operation answers a tensor of its own. */
export function algebra(F: PrimeField) {
  const two = (operation: "add" | "subtract" | "multiply" | "divide") => (a: Element, b: Element) => {
    const out = F.empty(a.shape.length >= b.shape.length ? a.shape : b.shape);
    F.binary(op[operation], out, a, b);
    return out;
  };
  const [plus, minus, times, over] = [two("add"), two("subtract"), two("multiply"), two("divide")];
  const root = (a: Element) => {
    const out = F.empty(a.shape);
    F.unary(op.sqrt, out, a);
    return out;
  };
  const power = (a: Element, n: number): Element => (n === 0 ? F.ratio(1, 1) : times(a, power(a, n - 1)));
  const sum = (terms: readonly Element[]) => terms.reduce(plus);
  return { plus, minus, times, over, root, power, sum, one: F.ratio(1, 1) };
}

type Gradient = (w: Element) => Element;

export interface PublishedRule {
  readonly name: string;
  readonly rule: (c: Coefficients) => Rule<Float64Array>;
  /** The point at which the t-th gradient is taken (t = 0, 1, ...), as the paper has it: written in closed form. */
  readonly published: (F: PrimeField, c: Coefficients, start: Element, gradient: Gradient, steps: number) => Element;
  /** Mistakes that must be seen. */
  readonly wrong: Readonly<Record<string, (c: Coefficients) => Rule<Float64Array>>>;
}

/** A rule with one tensor that it keeps changed behind its back after each update. */
function meddled(
  rule: Rule<Float64Array>,
  meddle: (...args: Parameters<Rule<Float64Array>["update"]>) => void,
): Rule<Float64Array> {
  return {
    ...rule,
    update(A, slot) {
      meddle(A, slot);
      rule.update(A, slot);
    },
  };
}

const forgetsSquares = (rule: Rule<Float64Array>) =>
  meddled(rule, (A, { memory }) => A.copy(memory.squares, A.ratio(0, 1)));

/** Gradients g_1 .. g_t of a rule whose points follow from all gradients so far. */
function iterate(start: Element, gradient: Gradient, steps: number, next: (w: Element, all: Element[]) => Element) {
  const gradients: Element[] = [];
  let w = start;
  for (let t = 0; t < steps; t++) {
    gradients.push(gradient(w));
    w = next(w, gradients);
  }
  return w;
}

function adamDirection(F: PrimeField, { beta1, beta2, epsilon }: Coefficients, gradients: Element[]): Element {
  const { minus, times, over, root, plus, power, sum, one } = algebra(F);
  const t = gradients.length;
  const averaged = (beta: Element, of: (g: Element) => Element) => {
    const terms = gradients.map((g, i) => times(of(g), power(beta, t - 1 - i)));
    return over(times(sum(terms), minus(one, beta)), minus(one, power(beta, t)));
  };
  const [mean, squares] = [averaged(beta1, (g) => g), averaged(beta2, (g) => times(g, g))];
  return over(mean, plus(root(squares), epsilon));
}

export const publishedRules: readonly PublishedRule[] = [
  {
    name: "sgd",
    rule: () => sgd(),
    published(F, { eta }, start, gradient, steps) {
      const { minus, times } = algebra(F);
      return iterate(start, gradient, steps, (w, gradients) => minus(w, times(gradients.at(-1) as Element, eta)));
    },
    wrong: {
      uphill: () =>
        meddled(sgd(), (A, { parameter: w, gradient: g, learningRate }) => {
          const step = A.empty(w.shape);
          A.binary(op.multiply, step, g, learningRate);
          A.binary(op.add, step, step, step);
          A.binary(op.add, w, w, step);
        }),
    },
  },
  {
    name: "momentum",
    rule: ({ mu }) => momentum(mu),
    published(F, { mu, eta }, start, gradient, steps) {
      const { minus, times, power, sum } = algebra(F);
      // v_t = −η Σ_i μ^{t−i} g_i
      return iterate(start, gradient, steps, (w, gradients) => {
        const t = gradients.length;
        return minus(w, times(sum(gradients.map((g, i) => times(g, power(mu, t - 1 - i)))), eta));
      });
    },
    wrong: {
      "nesterov's": ({ mu }) => nesterov(mu),
      "average instead of sum": ({ mu }) =>
        meddled(momentum(mu), (A, { memory }) => A.binary(op.multiply, memory.velocity, memory.velocity, mu)),
    },
  },
  {
    name: "nesterov",
    rule: ({ mu }) => nesterov(mu),
    // Sutskever et al. 2013, Eqs. 3 and 4, on θ and v themselves; the answer is the point θ + μ v that looks ahead.
    published(F, { mu, eta }, start, gradient, steps) {
      const { minus, plus, times } = algebra(F);
      let [theta, v] = [start, times(start, F.ratio(0, 1))];
      for (let t = 0; t < steps; t++) {
        v = minus(times(v, mu), times(gradient(plus(theta, times(v, mu))), eta));
        theta = plus(theta, v);
      }
      return plus(theta, times(v, mu));
    },
    wrong: { "momentum's": ({ mu }) => momentum(mu) },
  },
  {
    name: "adagrad",
    rule: ({ epsilon }) => adagrad(epsilon),
    published(F, { epsilon, eta }, start, gradient, steps) {
      const { minus, plus, times, over, root, sum } = algebra(F);
      return iterate(start, gradient, steps, (w, gradients) => {
        const scale = plus(root(sum(gradients.map((g) => times(g, g)))), epsilon);
        return minus(w, over(times(gradients.at(-1) as Element, eta), scale));
      });
    },
    wrong: { "squares forgotten": ({ epsilon }) => forgetsSquares(adagrad(epsilon)) },
  },
  {
    name: "rmsprop",
    rule: ({ rho, epsilon }) => rmsprop(rho, epsilon),
    published(F, { rho, epsilon, eta }, start, gradient, steps) {
      const { minus, plus, times, over, root, power, sum, one } = algebra(F);
      return iterate(start, gradient, steps, (w, gradients) => {
        const t = gradients.length;
        const squares = sum(gradients.map((g, i) => times(times(g, g), power(rho, t - 1 - i))));
        const scale = plus(root(times(squares, minus(one, rho))), epsilon);
        return minus(w, over(times(gradients.at(-1) as Element, eta), scale));
      });
    },
    wrong: {
      "adagrad's": ({ epsilon }) => adagrad(epsilon),
      "squares forgotten": ({ rho, epsilon }) => forgetsSquares(rmsprop(rho, epsilon)),
    },
  },
  {
    name: "adam",
    rule: (c) => adam(c),
    published(F, c, start, gradient, steps) {
      const { minus, times } = algebra(F);
      return iterate(start, gradient, steps, (w, gradients) => minus(w, times(adamDirection(F, c, gradients), c.eta)));
    },
    wrong: {
      "moments exchanged": (c) => adam({ ...c, beta1: c.beta2, beta2: c.beta1 }),
      "powers that stand still": (c) => ({ ...adam(c), powers: { beta1: c.beta1, beta2: c.epsilon } }),
      "squares forgotten": (c) => forgetsSquares(adam(c)),
    },
  },
  {
    name: "adamw",
    rule: (c) => adamw(c, c.lambda),
    published(F, c, start, gradient, steps) {
      const { minus, plus, times } = algebra(F);
      return iterate(start, gradient, steps, (w, gradients) =>
        minus(w, times(plus(adamDirection(F, c, gradients), times(w, c.lambda)), c.eta)),
      );
    },
    wrong: {
      "no decay": (c) => adam(c),
      "decay in the gradient": (c) => ({
        ...adam(c),
        update(A, slot) {
          const gradient = A.empty(slot.gradient.shape);
          A.binary(op.multiply, gradient, slot.parameter, c.lambda);
          A.binary(op.add, gradient, gradient, slot.gradient);
          adam(c).update(A, { ...slot, gradient });
        },
      }),
    },
  },
];
