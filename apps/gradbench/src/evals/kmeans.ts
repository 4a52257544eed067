import {
  add,
  divide,
  grad,
  hvp,
  matmul,
  min,
  multiply,
  reshape,
  square,
  subtract,
  sum,
  transpose,
} from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, type Given, matrix } from "../protocol/given.ts";
import { type Floats, floats, fromMatrix, numberOf, rowsOf, scalar } from "./floats.ts";

/** Σᵢ minⱼ |cⱼ − pᵢ|²        centroids [K, D], points [N, D] */
function cost(centroids: Floats, points: Floats): Floats {
  const [[K], [N]] = [centroids.shape, points.shape];
  const products = matmul(points, transpose(centroids));
  const lengths = add(reshape(sum(square(points), 1), [N, 1]), reshape(sum(square(centroids), 1), [1, K]));
  return sum(min(subtract(lengths, multiply(scalar(2), products)), 1));
}

/** Newton's direction. The Hessian is diagonal: its product with ones is its diagonal. */
function direction(centroids: Floats, points: Floats): Floats {
  const f = (c: Floats) => cost(c, points);
  const [K, D] = centroids.shape;
  return divide(grad(f)(centroids), hvp(f, centroids, floats(new Float64Array(K * D).fill(1), [K, D])));
}

function read(input: Given): { points: Floats; centroids: Floats } {
  const points = matrix(field(input, "points"));
  return {
    points: fromMatrix(points),
    centroids: fromMatrix(matrix(field(input, "centroids"), undefined, points.shape[1])),
  };
}

/** k-means clustering by Newton's method. */
export const kmeans: EvalModule = {
  cost(input) {
    const { points, centroids } = read(input);
    return () => numberOf(cost(centroids, points));
  },
  dir(input) {
    const { points, centroids } = read(input);
    return () => rowsOf(direction(centroids, points));
  },
};
