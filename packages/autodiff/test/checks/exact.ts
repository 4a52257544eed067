import { type DualStore, dense, dual, type PrimeField, primeField, sizeOf, type Tensor } from "@gradproof/arithmetic";
import { add, multiply, square } from "../../src/operations/elementwise.ts";
import { sum } from "../../src/operations/reduction.ts";
import { jvp } from "../../src/transforms/forward.ts";
import { hvp } from "../../src/transforms/jacobian.ts";
import { grad, vjp } from "../../src/transforms/reverse.ts";
import { type Variable, wrap } from "../../src/variable.ts";
import type { Operation } from "../table/operation.ts";
import { binary, inner, isZero } from "../tensors.ts";

type Residues = Tensor<Float64Array>;
type Shapes = readonly (readonly number[])[];

/** Checks over a prime field, where nothing rounds; each throws an error that begins with its law's name. */

/** Uniform inputs x and a direction v. What decides a kink stays on its side: x has shadows of size 1/2 to 1, v tiny ones. */
function drawn(F: PrimeField, { positive = false }: Operation, shapes: Shapes, seed: number) {
  // The first element is positive, so that relu passes something on; all sizes differ, so that there is one largest.
  const sign = (i: number) => (!positive && i > 0 && (seed + i) % 3 === 0 ? -1 : 1);
  let drawnSoFar = 0;
  const size = () => 1 / 2 + ((7 * drawnSoFar++) % 31) / 64;
  const x = shapes.map((shape) =>
    F.uniform(
      shape,
      Array.from({ length: sizeOf(shape) }, (_, i) => sign(i) * size()),
    ),
  );
  const v = shapes.map((shape) => F.uniform(shape, new Array<number>(sizeOf(shape)).fill(2 ** -10)));
  return { x, v };
}

/** ⟨ȳ, f(x + v) − f(x − v)⟩ = 2 ⟨x̄, v⟩ for a polynomial; for others the cotangents are those in closed form. */
export function checkRule(operation: Operation, shapes: Shapes, seed: number): void {
  const F = primeField(seed);
  const { x, v } = drawn(F, operation, shapes, seed);
  const { value, ct, cotangents } = pulledBack(F, operation, x);
  if (cotangents.every((part) => isZero(F, part))) fail("exact rule", operation, "nothing to check, the gradient is 0");
  if (operation.exact === "polynomial") {
    const at = (side: "add" | "subtract") =>
      operation.apply(x.map((base, i) => wrap(F, binary(F, side, base, v[i])))).value;
    const difference = inner(F, ct, binary(F, "subtract", at("add"), at("subtract")));
    const product = along(F, cotangents, v);
    if (!F.same(difference, binary(F, "add", product, product))) {
      fail("exact rule", operation, "⟨ȳ, f(x + v) − f(x − v)⟩ is not 2 ⟨x̄, v⟩");
    }
    return;
  }
  if (operation.exact === "dual") return;
  operation.exact(F, x, value, ct).forEach((closed, i) => {
    if (!F.same(cotangents[i], closed)) fail("exact rule", operation, `cotangent ${i} is not the closed form`);
  });
}

/** ⟨ȳ, J v⟩ = ⟨x̄, v⟩, with J v by dual numbers, whose rules the graph knows nothing of. */
export function checkForward(operation: Operation, shapes: Shapes, seed: number): void {
  const F = primeField(seed);
  const { x, v } = drawn(F, operation, shapes, seed);
  if (operation.squaresRoots) return;
  const { ct, cotangents } = pulledBack(F, operation, x);
  const D = duals(F);
  const { value } = operation.apply(x.map((part, i) => D.variable(part, v[i])));
  if (!F.same(inner(F, ct, D.derivative(value)), along(F, cotangents, v))) {
    fail("forward mode", operation, "⟨ȳ, J v⟩ by dual numbers is not ⟨x̄, v⟩");
  }
}

/** J v by the rules between tangents is J v by dual numbers, and ⟨ȳ, J v⟩ = ⟨x̄, v⟩: jvp and vjp are each other's adjoint. */
export function checkAdjoint(operation: Operation, shapes: Shapes, seed: number): void {
  const F = primeField(seed);
  const { x, v } = drawn(F, operation, shapes, seed);
  const { ct, cotangents } = pulledBack(F, operation, x);
  const { tangent } = jvp(
    (inputs: readonly Variable<Float64Array>[]) => operation.apply(inputs),
    x.map((part) => wrap(F, part)),
    v.map((part) => wrap(F, part)),
  );
  const D = duals(F);
  const { value } = operation.apply(x.map((part, i) => D.variable(part, v[i])));
  if (!operation.squaresRoots && !F.same(tangent.value, D.derivative(value)))
    fail("adjoint", operation, "J v is not that of dual numbers");
  if (!F.same(inner(F, ct, tangent.value), along(F, cotangents, v))) {
    fail("adjoint", operation, "⟨ȳ, J v⟩ by jvp is not ⟨x̄, v⟩ by vjp");
  }
}

/**
 * H v for g(x) = ⟨c, f(x)²⟩ by forward mode over reverse, reverse over forward, and ⟨v, H v⟩ by forward over forward,
 * against reverse over reverse.
 */
export function checkSecondAdjoint(operation: Operation, shapes: Shapes, seed: number): void {
  const F = primeField(seed);
  if (operation.squaresRoots) return;
  const drawnPoint = drawn(F, operation, shapes, seed);
  const [x, v] = [drawnPoint.x, drawnPoint.v].map((all) => all.map((part) => wrap(F, part)));
  const c = wrap(F, F.uniform(operation.apply(x).shape));
  type Floats = readonly Variable<Float64Array>[];
  const g = (y: Floats) => sum(multiply(c, square(operation.apply(y))));
  const slope = (y: Floats) => jvp(g, y, v).tangent;
  const dot = (y: Floats) => y.map((part, i) => sum(multiply(v[i], part))).reduce(add);
  const expected = grad((y: Floats) => dot(grad(g)(y)))(x);
  const ways = { "forward over reverse": hvp(g, x, v), "reverse over forward": grad(slope)(x) };
  for (const [way, found] of Object.entries(ways)) {
    found.forEach((part, i) => {
      if (!F.same(part.value, expected[i].value)) fail("second adjoint", operation, `H v by ${way}, argument ${i}`);
    });
  }
  const twice = jvp(slope, x, v).tangent;
  if (!F.same(twice.value, dot(expected).value)) fail("second adjoint", operation, "⟨v, H v⟩ by forward over forward");
}

/**
 * H v for H the Hessian of ⟨c, f(x)²⟩, as the gradient of ⟨v, gradient⟩ and as the dual part of the gradient at x + εv.
 * Dual numbers go through the rules as values: what a rule takes for a constant, they do not.
 */
export function checkHessian(operation: Operation, shapes: Shapes, seed: number): void {
  const F = primeField(seed);
  const { x, v } = drawn(F, operation, shapes, seed);
  if (operation.squaresRoots) return;
  const c = F.uniform(operation.apply(x.map((part) => wrap(F, part))).shape);
  const gradient = <S>(inputs: readonly Variable<S>[], ct: Variable<S>) =>
    grad((y: readonly Variable<S>[]) => sum(multiply(ct, square(operation.apply(y)))))(inputs);

  const product = (y: readonly Variable<Float64Array>[]) =>
    gradient(y, wrap(F, c))
      .map((part, i) => sum(multiply(wrap(F, v[i]), part)))
      .reduce(add);
  const byReverse = grad(product)(x.map((part) => wrap(F, part)));

  const D = duals(F);
  const byForward = gradient(
    x.map((part, i) => D.variable(part, v[i])),
    D.variable(c),
  );
  byReverse.forEach((part, i) => {
    if (!F.same(part.value, D.derivative(byForward[i].value))) {
      fail("Hessian", operation, `H v by reverse mode twice is not H v by dual numbers, argument ${i}`);
    }
  });
}

function pulledBack(F: PrimeField, operation: Operation, x: readonly Residues[]) {
  const leaves = x.map((value) => wrap(F, value));
  const { value, pullback } = vjp((inputs: Variable<Float64Array>[]) => operation.apply(inputs), leaves);
  const ct = F.uniform(value.shape);
  return { value: value.value, ct, cotangents: pullback(wrap(F, ct)).map((part) => part.value) };
}

/** Σ ⟨aᵢ, bᵢ⟩ */
function along(F: PrimeField, a: readonly Residues[], b: readonly Residues[]): Residues {
  return a.map((part, i) => inner(F, part, b[i])).reduce((left, right) => binary(F, "add", left, right));
}

/** Dual numbers over the residues of a field. */
function duals(F: PrimeField) {
  const field = dual(F.field);
  const A = dense(field);
  const zero = F.ratio(0, 1);
  return {
    /** x + εv; v is 0 if not given. Both are in memory of their own, row-major. */
    variable(x: Residues, v?: Residues): Variable<DualStore<Float64Array>> {
      const t = A.empty(x.shape);
      for (let i = 0; i < sizeOf(x.shape); i++) {
        F.field.copy(t.store.base, 2 * (t.offset + i), x.store, x.offset + i);
        field.setDerivative(t.store, t.offset + i, v ? v.store : zero.store, v ? v.offset + i : zero.offset);
      }
      return wrap(A, t);
    },
    /** The derivatives of all elements. */
    derivative(t: Tensor<DualStore<Float64Array>>): Residues {
      const compact = A.empty(t.shape);
      A.copy(compact, t);
      const out = F.empty(t.shape);
      for (let i = 0; i < sizeOf(t.shape); i++)
        field.derivative(out.store, out.offset + i, compact.store, compact.offset + i);
      return out;
    },
  };
}

function fail(law: string, { name }: Operation, problem: string): never {
  throw new Error(`${law} of ${name}: ${problem}`);
}
