import { grad, matmul, multiply, reshape, square, subtract, sum } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, type Given, integer, vector } from "../protocol/given.ts";
import { type Floats, floats, numberOf, numbers, scalar } from "./floats.ts";

/** y(x) = ½ Σᵢ (sᵢ − Σⱼ xⱼ tᵢʲ)², tᵢ = −1 + 2i / (n − 1), sᵢ = sign tᵢ        x: [m] */
function objective(x: Floats, n: number): Floats {
  const [m] = x.shape;
  const times = Float64Array.from({ length: n }, (_, i) => -1 + (i * 2) / (n - 1));
  const powers = new Float64Array(n * m);
  times.forEach((t, i) => {
    for (let j = 0, power = 1; j < m; j++, power *= t) powers[i * m + j] = power;
  });
  const fitted = matmul(floats(powers, [n, m]), reshape(x, [m, 1]));
  const residuals = subtract(floats(times.map(Math.sign), [n, 1]), fitted);
  return multiply(scalar(0.5), sum(square(residuals)));
}

function read(input: Given): { x: Floats; n: number } {
  return { x: floats(vector(field(input, "x"))), n: integer(field(input, "n"), 2) };
}

/** Linear least squares: a polynomial fitted to the sign. */
export const llsq: EvalModule = {
  primal(input) {
    const { x, n } = read(input);
    return () => numberOf(objective(x, n));
  },
  gradient(input) {
    const { x, n } = read(input);
    return () => numbers(grad(objective)(x, n));
  },
};
