import { type Operations, runProgram } from "@gradproof/arbitraries";
import type { PrimeField } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import { add, grad, hvp, jvp, multiply, square, sum, type Variable, vjp, wrap } from "@gradproof/autodiff";
import type { Case, Residues } from "./residue-case.ts";

type Floats = Float64Array;
type Values = readonly Variable<Floats>[];

/** Σ ⟨aᵢ, bᵢ⟩ */
export function inner(F: PrimeField, pairs: readonly (readonly [Residues, Residues])[]): Residues {
  const total = F.lift([0], []);
  for (const [a, b] of pairs) {
    const products = F.empty(a.shape);
    F.binary(op.multiply, products, a, b);
    const ones = { ...total, shape: a.shape.map(() => 1), strides: a.shape.map(() => 0) };
    F.sum(ones, products, "accumulate");
  }
  return total;
}

/** What is wrong with the derivatives of one program by those operations, or undefined. */
type Problem = string | undefined;

export function problemOf(given: Case, operations: Operations<Variable<Floats>>): Problem {
  return firstOrderProblem(given, operations) ?? secondOrderProblem(given, operations);
}

/** J v by forward mode is that of dual numbers, and ⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩ by reverse mode for a random ȳ. */
export function firstOrderProblem(given: Case, operations: Operations<Variable<Floats>>): Problem {
  const { field: F, program, exact } = given;
  const [x, v] = [given.inputs, given.direction].map((all) => all.map((t) => wrap(F, t)));
  const run = (y: Values) => runProgram(program, operations, y);
  const cotangent = F.uniform(exact.tangent.shape);
  const gradient = vjp(run, x).pullback(wrap(F, cotangent));
  const reverse = inner(
    F,
    gradient.map(({ value }, i) => [value, given.direction[i]] as const),
  );
  if (!F.same(reverse, inner(F, [[cotangent, exact.tangent]]))) return "vjp is not the derivative by dual numbers";
  return F.same(jvp(run, x, v).tangent.value, exact.tangent) ? undefined : "jvp is not the derivative by dual numbers";
}

/**
 * For g(x) = ⟨c, f(x)²⟩ with a random c: H v by reverse over reverse, forward over reverse and reverse over forward, each
 * element, and ⟨w, H v⟩ by forward over forward and by duals of duals, 2 ⟨c, f_v f_w + f f_vw⟩.
 */
export function secondOrderProblem(given: Case, operations: Operations<Variable<Floats>>): Problem {
  const { field: F, program, exact } = given;
  const [x, v, w] = [given.inputs, given.direction, given.otherDirection].map((all) => all.map((t) => wrap(F, t)));
  const run = (y: Values) => runProgram(program, operations, y);
  const value = run(x);
  const c = wrap(F, F.uniform(value.shape));
  const g = (y: Values) => sum(multiply(c, square(run(y))));
  const dot = (direction: Values) => (y: Values) => y.map((part, i) => sum(multiply(direction[i], part))).reduce(add);
  const slope = (y: Values) => jvp(g, y, v).tangent;
  const products = {
    "reverse over reverse": grad((y: Values) => dot(v)(grad(g)(y)))(x),
    "forward over reverse": hvp(g, x, v),
    "reverse over forward": grad(slope)(x),
  };
  const [f, f_v, f_w, f_vw] = [value.value, exact.tangent, exact.otherTangent, exact.mixed].map((t) => wrap(F, t));
  const half = sum(multiply(c, add(multiply(f_v, f_w), multiply(f, f_vw))));
  const curvature = add(half, half).value;
  if (!F.same(jvp(slope, x, w).tangent.value, curvature)) return "⟨w, H v⟩ by forward over forward";
  const [first] = Object.values(products);
  for (const [way, product] of Object.entries(products)) {
    if (!F.same(dot(w)(product).value, curvature)) return `⟨w, H v⟩ by ${way}`;
    if (product.some((part, i) => !F.same(part.value, first[i].value))) return `H v by ${way}, element by element`;
  }
  return undefined;
}
