import type { FlowArray } from "../../src/flow/jacobians.ts";

/** Jacobians along the orbit of a map of the plane or space. */
function along(
  start: number[],
  steps: number,
  step: (state: number[]) => { next: number[]; jacobian: number[] },
): FlowArray {
  const n = start.length;
  const data = new Float64Array(steps * n * n);
  let state = start;
  for (let t = 0; t < steps; t++) {
    const { next, jacobian } = step(state);
    data.set(jacobian, t * n * n);
    state = next;
  }
  return { shape: [steps, n, n], data };
}

/** x ← 4 x (1 − x): λ = ln 2. */
export const logistic = (steps: number) =>
  along([0.1234], steps, ([x]) => ({ next: [4 * x * (1 - x)], jacobian: [4 - 8 * x] }));

/** λ = −a ln a − (1 − a) ln(1 − a) */
export const skewTent = (a: number, steps: number) =>
  along([0.1234], steps, ([x]) =>
    x < a ? { next: [x / a], jacobian: [1 / a] } : { next: [(1 - x) / (1 - a)], jacobian: [-1 / (1 - a)] },
  );

export const henon = (steps: number) =>
  along([0.1, 0.1], steps, ([x, y]) => ({ next: [1 - 1.4 * x * x + y, 0.3 * x], jacobian: [-2.8 * x, 1, 0.3, 0] }));

/** Lorenz's flow by the classical Runge-Kutta method of step dt, and the derivative of one such step. */
export function lorenz(sigma: number, rho: number, beta: number, dt: number, steps: number): FlowArray {
  // State and the three columns of the variational equation together.
  const velocity = (s: number[]): number[] => {
    const [x, y, z] = s;
    const out = [sigma * (y - x), x * (rho - z) - y, x * y - beta * z];
    for (let c = 0; c < 3; c++) {
      const [a, b, d] = [s[3 + c], s[6 + c], s[9 + c]];
      out[3 + c] = sigma * (b - a);
      out[6 + c] = (rho - z) * a - b - x * d;
      out[9 + c] = y * a + x * b - beta * d;
    }
    return out;
  };
  const shifted = (s: number[], v: number[], by: number) => s.map((value, i) => value + by * v[i]);
  return along([1, 1, 20], steps, (state) => {
    const s = [...state, 1, 0, 0, 0, 1, 0, 0, 0, 1];
    const k1 = velocity(s);
    const k2 = velocity(shifted(s, k1, dt / 2));
    const k3 = velocity(shifted(s, k2, dt / 2));
    const k4 = velocity(shifted(s, k3, dt));
    const next = s.map((value, i) => value + (dt / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
    return { next: next.slice(0, 3), jacobian: next.slice(3) };
  });
}
