import { add, at, concat, grad, multiply, slice } from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, type Given, integer, MessageError, vector } from "../protocol/given.ts";
import { type Floats, floats, numbers, scalar } from "./floats.ts";

/** y(2) of y₀′ = x₀, yᵢ′ = xᵢ yᵢ₋₁, y(0) = 0, by s steps of the classic Runge-Kutta method        x, y: [n] */
function solution(x: Floats, s: number): Floats {
  const [n] = x.shape;
  const h = 2 / s;
  const one = floats([1]);
  const derivative = (y: Floats) => multiply(x, concat([one, slice(y, 0, n - 1)]));
  const moved = (y: Floats, by: number, k: Floats) => add(y, multiply(scalar(by), k));
  let y = floats(new Float64Array(n));
  for (let step = 0; step < s; step++) {
    const k1 = derivative(y);
    const k2 = derivative(moved(y, h / 2, k1));
    const k3 = derivative(moved(y, h / 2, k2));
    const k4 = derivative(moved(y, h, k3));
    y = moved(y, h / 6, add(add(k1, k4), multiply(scalar(2), add(k2, k3))));
  }
  return y;
}

function read(input: Given): { x: Floats; s: number } {
  const x = vector(field(input, "x"));
  if (x.length === 0) throw new MessageError({ name: "input.x.length", value: 0 }, "at least 1");
  return { x: floats(x), s: integer(field(input, "s"), 1) };
}

/** The solution of an ordinary differential equation, and the gradient of its last element. */
export const ode: EvalModule = {
  primal(input) {
    const { x, s } = read(input);
    return () => numbers(solution(x, s));
  },
  gradient(input) {
    const { x, s } = read(input);
    return () => numbers(grad((a: Floats) => at(solution(a, s), a.shape[0] - 1))(x));
  },
};
