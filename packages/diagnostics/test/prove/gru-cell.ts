import { type Arithmetic, reshape, type Tensor, transpose } from "@gradproof/arithmetic";
import * as op from "@gradproof/arithmetic/operations";
import type { Derivation, Named } from "../../src/prove/derivation.ts";
import type { Loss } from "../../src/prove/forward-mode.ts";

/**
 * z = σ(W_z x + U_z h),  r = σ(W_r x + U_r h),  n = tanh(W_n x + r ⊙ (U_n h)),  h′ = n + z ⊙ (h − n)        all [H, 1]
 */
function cell<S>(A: Arithmetic<S>, { x, h, Wz, Uz, Wr, Ur, Wn, Un }: Named<S>) {
  const [z, r, u, n, next, left] = Array.from({ length: 6 }, () => A.empty(h.shape)) as [
    Tensor<S>,
    Tensor<S>,
    Tensor<S>,
    Tensor<S>,
    Tensor<S>,
    Tensor<S>,
  ];
  A.gemm(z, Wz, x, "write");
  A.gemm(z, Uz, h, "accumulate");
  A.unary(op.sigmoid, z, z);
  A.gemm(r, Wr, x, "write");
  A.gemm(r, Ur, h, "accumulate");
  A.unary(op.sigmoid, r, r);
  A.gemm(u, Un, h, "write");
  A.binary(op.multiply, n, r, u);
  A.gemm(n, Wn, x, "accumulate");
  A.unary(op.tanh, n, n);
  A.binary(op.subtract, left, h, n);
  A.binary(op.multiply, next, z, left);
  A.binary(op.add, next, next, n);
  return { z, r, u, n, left, next };
}

/** ⟨c, h′⟩ for an arbitrary cotangent c [H, 1]: its gradient is the cell's vector-Jacobian product. */
export const loss: Loss = (A, inputs) => {
  const { next } = cell(A, inputs);
  const J = A.empty([1, 1]);
  A.gemm(J, transpose(inputs.c), next, "write");
  return reshape(J, []);
};

/** The gradient by hand; `slope` turns an activation's value a into its derivative, a (1 − a) for σ. */
export function byHand(slope: "right" | "1 − a²" = "right"): Derivation {
  return (A, inputs) => {
    const { x, h, c, Uz, Ur, Un, Wz, Wr, Wn } = inputs;
    const { z, r, u, n, left, next } = cell(A, inputs);
    const like = (t: typeof z) => A.empty(t.shape);
    const times = (a: typeof z, b: typeof z) => {
      const out = like(a);
      A.binary(op.multiply, out, a, b);
      return out;
    };
    const oneMinus = (a: typeof z) => {
      const out = like(a);
      A.unary(op.oneMinus, out, a);
      return out;
    };
    const ofSigmoid = (a: typeof z) => (slope === "right" ? times(a, oneMinus(a)) : oneMinus(times(a, a)));
    const outer = (d: typeof z, a: typeof z) => {
      const out = A.empty([d.shape[0], a.shape[0]]);
      A.gemm(out, d, transpose(a), "write");
      return out;
    };
    const dz = times(times(c, left), ofSigmoid(z)); // ∂J/∂(W_z x + U_z h)
    const dn = times(times(c, oneMinus(z)), oneMinus(times(n, n))); // ∂J/∂(W_n x + r ⊙ U_n h)
    const du = times(dn, r);
    const dr = times(times(dn, u), ofSigmoid(r)); // ∂J/∂(W_r x + U_r h)
    const dh = times(c, z);
    const dx = A.empty(x.shape);
    for (const [U, d] of [
      [Uz, dz],
      [Ur, dr],
      [Un, du],
    ])
      A.gemm(dh, transpose(U), d, "accumulate");
    A.gemm(dx, transpose(Wz), dz, "write");
    A.gemm(dx, transpose(Wr), dr, "accumulate");
    A.gemm(dx, transpose(Wn), dn, "accumulate");
    return {
      Wz: outer(dz, x),
      Uz: outer(dz, h),
      Wr: outer(dr, x),
      Ur: outer(dr, h),
      Wn: outer(dn, x),
      Un: outer(du, h),
      x: dx,
      h: dh,
      c: next,
    };
  };
}

export const lengths = { H: [1, 3], I: [1, 2] } as const;

export const shapes = ({ H, I }: { readonly [axis: string]: number }) => ({
  x: [I, 1],
  h: [H, 1],
  c: [H, 1],
  Wz: [H, I],
  Uz: [H, H],
  Wr: [H, I],
  Ur: [H, H],
  Wn: [H, I],
  Un: [H, H],
});
