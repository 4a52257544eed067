import {
  add,
  concat,
  cos,
  divide,
  grad,
  greater,
  multiply,
  sin,
  slice,
  sqrt,
  square,
  stack,
  subtract,
  sum,
  take,
  unstack,
  vjp,
  where,
} from "@gradproof/autodiff";
import type { EvalModule } from "../protocol/eval.ts";
import { field, type Given, integer, number, vector } from "../protocol/given.ts";
import { type Floats, floats, numbers, scalar } from "./floats.ts";

/** Of a camera: rotation 3, centre 3, focal length, principal point 2, radial distortion 2; then the point 3, and the weight. */
const width = 15;
const cameraWidth = 11;

interface Problem {
  /** [N, 11], [M, 3], [P] and [P, 2] */
  readonly cameras: Floats;
  readonly points: Floats;
  readonly weights: Floats;
  readonly features: Floats;
  /** Camera and point of each of the P observations. */
  readonly camera: readonly number[];
  readonly point: readonly number[];
}

/** What each observation depends on, [P, 15]. */
function parametersOf({ cameras, points, weights, camera, point }: Problem): Floats {
  return concat([take(cameras, camera), take(points, point), stack([weights], 1)], 1);
}

/** w (projection of the point − feature), [P, 2], from parameters [P, 15] and features [P, 2]. */
function reprojectionErrors(parameters: Floats, features: Floats): Floats {
  const columns = (start: number, end: number) => slice(parameters, start, end, 1);
  const seen = rotated(columns(0, 3), subtract(columns(11, 14), columns(3, 6)));
  const projected = divide(slice(seen, 0, 2, 1), slice(seen, 2, 3, 1));
  const distorted = multiply(projected, distortion(columns(9, 10), columns(10, 11), projected));
  const pixels = add(multiply(distorted, columns(6, 7)), columns(7, 9));
  return multiply(columns(14, 15), subtract(pixels, features));
}

/** 1 + κ₁ r² + κ₂ r⁴ */
function distortion(kappa1: Floats, kappa2: Floats, projected: Floats): Floats {
  const r2 = dot(projected, projected);
  return add(scalar(1), multiply(r2, add(kappa1, multiply(kappa2, r2))));
}

/**
 * Rodrigues' formula, row by row: x cos θ + (v × x) sin θ + v (v · x)(1 − cos θ), v = axis / θ, θ = |axis|; where θ is 0,
 * its linear part x + axis × x.
 */
function rotated(axis: Floats, x: Floats): Floats {
  const square = dot(axis, axis);
  const turns = greater(square, scalar(0));
  const theta = sqrt(where(turns, square, scalar(1)));
  const v = divide(axis, theta);
  const c = cos(theta);
  const along = multiply(v, multiply(dot(v, x), subtract(scalar(1), c)));
  const turned = add(add(multiply(x, c), multiply(cross(v, x), sin(theta))), along);
  return where(turns, turned, add(x, cross(axis, x)));
}

function dot(a: Floats, b: Floats): Floats {
  return sum(multiply(a, b), 1, { keepDimensions: true });
}

function cross(a: Floats, b: Floats): Floats {
  const [[a0, a1, a2], [b0, b1, b2]] = [unstack(a, 1), unstack(b, 1)];
  const minor = (p: Floats, q: Floats, r: Floats, s: Floats) => subtract(multiply(p, q), multiply(r, s));
  return stack([minor(a1, b2, a2, b1), minor(a2, b0, a0, b2), minor(a0, b1, a1, b0)], 1);
}

/** 1 − w² */
function weightErrors(weights: Floats): Floats {
  return subtract(scalar(1), square(weights));
}

/** The Jacobian of both kinds of errors, in compressed rows: where each row starts, the columns of its values, the values. */
function sparseJacobian(problem: Problem) {
  const { cameras, points, weights, features, camera, point } = problem;
  const [N, M, P] = [cameras.shape[0], points.shape[0], weights.shape[0]];
  const { pullback } = vjp((parameters: Floats) => reprojectionErrors(parameters, features), parametersOf(problem));
  // An observation's errors depend on its own parameters alone: a pullback gives one row of all P blocks.
  const blocks = [0, 1].map((row) =>
    numbers(
      pullback(
        floats(
          Float64Array.from({ length: 2 * P }, (_, i) => (i % 2 === row ? 1 : 0)),
          [P, 2],
        ),
      ),
    ),
  );
  const [rows, cols, vals]: [number[], number[], number[]] = [[0], [], []];
  const weightsStart = cameraWidth * N + 3 * M;
  for (let i = 0; i < P; i++) {
    for (const block of blocks) {
      for (let k = 0; k < cameraWidth; k++) cols.push(cameraWidth * camera[i] + k);
      for (let k = 0; k < 3; k++) cols.push(cameraWidth * N + 3 * point[i] + k);
      cols.push(weightsStart + i);
      for (let k = 0; k < width; k++) vals.push(block[i * width + k]);
      rows.push(cols.length);
    }
  }
  for (const [i, value] of numbers(grad((w: Floats) => sum(weightErrors(w)))(weights)).entries()) {
    cols.push(weightsStart + i);
    vals.push(value);
    rows.push(cols.length);
  }
  return { rows, cols, vals };
}

/** One camera, one point, one weight and one feature, repeated: observation i is of camera i mod n and point i mod m. */
function read(input: Given): Problem {
  const [n, m, p] = ["n", "m", "p"].map((name) => integer(field(input, name), 1));
  const repeated = (name: string, length: number, times: number) => {
    const one = vector(field(input, name), length);
    return floats(
      Float64Array.from({ length: length * times }, (_, i) => one[i % length]),
      [times, length],
    );
  };
  return {
    cameras: repeated("cam", cameraWidth, n),
    points: repeated("x", 3, m),
    weights: floats(new Float64Array(p).fill(number(field(input, "w")))),
    features: repeated("feat", 2, p),
    camera: Array.from({ length: p }, (_, i) => i % n),
    point: Array.from({ length: p }, (_, i) => i % m),
  };
}

/** Bundle adjustment: errors of reprojection and of weights, and their sparse Jacobian, of which GradBench wants the ends. */
export const ba: EvalModule = {
  objective(input) {
    const problem = read(input);
    return () => {
      const errors = numbers(reprojectionErrors(parametersOf(problem), problem.features));
      const weights = numbers(weightErrors(problem.weights));
      return {
        reproj_error: { elements: errors.slice(0, 2), repeated: errors.length / 2 },
        w_err: { element: weights[0], repeated: weights.length },
      };
    };
  },
  jacobian(input) {
    const problem = read(input);
    return () => {
      const { rows, cols, vals } = sparseJacobian(problem);
      const ends = (all: readonly number[]) => [...all.slice(0, 30), ...all.slice(-1)];
      return { rows: ends(rows), cols: ends(cols), vals: ends(vals) };
    };
  },
};
