/** The evals' functions in plain loops over numbers, from their formulas: nothing of the tool or of autodiff. */

type Numbers = ArrayLike<number>;

export function leastSquares(x: Numbers, n: number): number {
  let total = 0;
  for (let i = 0; i < n; i++) {
    const t = -1 + (2 * i) / (n - 1);
    let fitted = 0;
    for (let j = x.length - 1; j >= 0; j--) fitted = fitted * t + x[j];
    total += (Math.sign(t) - fitted) ** 2;
  }
  return total / 2;
}

/** For arguments whose exponentials are far from overflow. */
export function logSumExp(x: Numbers): number {
  return Math.log(Array.from(x, Math.exp).reduce((a, b) => a + b, 0));
}

/** Expansion along the first row, recursively. */
export function determinant(rows: readonly (readonly number[])[]): number {
  if (rows.length === 0) return 1;
  const [first, ...rest] = rows;
  return first.reduce(
    (total, a, j) => total + (j % 2 ? -a : a) * determinant(rest.map((row) => row.toSpliced(j, 1))),
    0,
  );
}

/** Gaussian densities and Wishart densities as they are defined, with Σ⁻¹ = QᵀQ formed and its determinant expanded. */
export function logPosterior(
  { d, k, m, gamma, x }: { d: number; k: number; m: number; gamma: number; x: readonly number[][] },
  { alpha, mu, q, l }: Readonly<Record<"alpha" | "mu" | "q" | "l", Numbers>>,
): number {
  const precisions = Array.from({ length: k }, (_, c) => {
    const Q = Array.from({ length: d }, () => new Array<number>(d).fill(0));
    let next = (c * d * (d - 1)) / 2;
    for (let j = 0; j < d; j++) {
      Q[j][j] = Math.exp(q[c * d + j]);
      for (let i = j + 1; i < d; i++) Q[i][j] = l[next++];
    }
    return Q.map((_, i) => Q.map((_, j) => Q.reduce((total, row) => total + row[i] * row[j], 0)));
  });
  const weights = Array.from(alpha, Math.exp);
  const weight = weights.reduce((a, b) => a + b, 0);
  let result = 0;
  for (const point of x) {
    let density = 0;
    for (const [c, P] of precisions.entries()) {
      const off = point.map((value, i) => value - mu[c * d + i]);
      const form = off.reduce((total, a, i) => total + a * off.reduce((sum, b, j) => sum + P[i][j] * b, 0), 0);
      density += (weights[c] / weight) * Math.sqrt(determinant(P) / (2 * Math.PI) ** d) * Math.exp(-form / 2);
    }
    result += Math.log(density);
  }
  const n = d + m + 1;
  for (const P of precisions) {
    const trace = P.reduce((total, row, i) => total + row[i], 0);
    const numerator = determinant(P) ** (m / 2) * Math.exp((-(gamma ** 2) * trace) / 2);
    result += Math.log(numerator / (2 ** ((n * d) / 2) * gamma ** (-n * d) * multivariateGamma(n / 2, d)));
  }
  return result;
}

function multivariateGamma(a: number, d: number): number {
  let product = Math.PI ** ((d * (d - 1)) / 4);
  for (let j = 0; j < d; j++) product *= gammaFunction(a - j / 2);
  return product;
}

/** Of integers and halves. */
function gammaFunction(z: number): number {
  if (z === 1) return 1;
  return z === 0.5 ? Math.sqrt(Math.PI) : (z - 1) * gammaFunction(z - 1);
}

const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

export function lstmLoss(
  { state, sequence }: { state: readonly number[][]; sequence: readonly number[][] },
  { main, extra }: Readonly<Record<"main" | "extra", Numbers>>,
): number {
  const B = sequence[0].length;
  const memory = state.map((row) => [...row]);
  let total = 0;
  for (let t = 0; t < sequence.length - 1; t++) {
    const y = new Array<number>(B);
    for (let b = 0; b < B; b++) {
      let x = sequence[t][b] * extra[b];
      for (let layer = 0; 2 * layer < memory.length; layer++) {
        const [hidden, cell] = [memory[2 * layer], memory[2 * layer + 1]];
        const gate = (i: number, from: number) =>
          from * main[8 * B * layer + i * B + b] + main[8 * B * layer + 4 * B + i * B + b];
        cell[b] = cell[b] * sigmoid(gate(0, x)) + sigmoid(gate(1, hidden[b])) * Math.tanh(gate(3, hidden[b]));
        hidden[b] = sigmoid(gate(2, x)) * Math.tanh(cell[b]);
        x = hidden[b];
      }
      y[b] = x * extra[B + b] + extra[2 * B + b];
    }
    const normaliser = Math.log(2 + y.reduce((sum, a) => sum + Math.exp(a), 0));
    for (let b = 0; b < B; b++) total += sequence[t + 1][b] * (y[b] - normaliser);
  }
  return -total / ((sequence.length - 1) * B);
}

/** The classic Runge-Kutta method of order 4, stage by stage. */
export function odeSolution(x: Numbers, s: number): number[] {
  const derivative = (y: readonly number[]) => y.map((_, i) => x[i] * (i === 0 ? 1 : y[i - 1]));
  const h = 2 / s;
  let y = new Array<number>(x.length).fill(0);
  for (let step = 0; step < s; step++) {
    const k1 = derivative(y);
    const k2 = derivative(y.map((a, i) => a + (h / 2) * k1[i]));
    const k3 = derivative(y.map((a, i) => a + (h / 2) * k2[i]));
    const k4 = derivative(y.map((a, i) => a + h * k3[i]));
    y = y.map((a, i) => a + (h * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i])) / 6);
  }
  return y;
}

export function clusterCost(points: readonly (readonly number[])[], centroids: readonly (readonly number[])[]): number {
  const squares = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
  return points.reduce((total, p) => total + Math.min(...centroids.map((c) => squares(c, p))), 0);
}

/** Each centroid minus the mean of the points that are nearest to it: Newton's step in closed form. */
export function newtonDirection(
  points: readonly (readonly number[])[],
  centroids: readonly (readonly number[])[],
): number[][] {
  const cost = (p: readonly number[], c: readonly number[]) => clusterCost([p], [c]);
  return centroids.map((centroid) => {
    const own = points.filter((p) => centroids.every((other) => cost(p, centroid) <= cost(p, other)));
    return centroid.map((value, i) => value - own.reduce((sum, p) => sum + p[i], 0) / own.length);
  });
}

/** Both errors of reprojection of one observation; parameters are camera, point and weight, one behind the other. */
export function reprojection(parameters: Numbers, feature: Numbers): [number, number] {
  const [r0, r1, r2, c0, c1, c2, focal, p0, p1, k1, k2, x0, x1, x2, w] = Array.from(parameters);
  const [theta, x, y, z] = [Math.hypot(r0, r1, r2), x0 - c0, x1 - c1, x2 - c2];
  // sin θ / θ and (1 − cos θ) / θ²
  const [a, b] = theta === 0 ? [1, 0.5] : [Math.sin(theta) / theta, (1 - Math.cos(theta)) / theta ** 2];
  const along = b * (r0 * x + r1 * y + r2 * z);
  const depth = Math.cos(theta) * z + a * (r0 * y - r1 * x) + r2 * along;
  const u = (Math.cos(theta) * x + a * (r1 * z - r2 * y) + r0 * along) / depth;
  const v = (Math.cos(theta) * y + a * (r2 * x - r0 * z) + r1 * along) / depth;
  const s = u * u + v * v;
  const L = 1 + k1 * s + k2 * s * s;
  return [w * (u * L * focal + p0 - feature[0]), w * (v * L * focal + p1 - feature[1])];
}

/** The squared distance from the origin at which the particle crosses the axis, with Coulomb's forces written out. */
export function particleMiss(w: number): number {
  const charges = [
    [10, 10 - w],
    [10, 0],
  ];
  let [x, y, vx, vy] = [0, 8, 0.75, 0];
  while (y + 0.1 * vy > 0) {
    let [fx, fy] = [0, 0];
    for (const [cx, cy] of charges) {
      const cubed = Math.hypot(x - cx, y - cy) ** 3;
      fx += (x - cx) / cubed;
      fy += (y - cy) / cubed;
    }
    [x, y, vx, vy] = [x + 0.1 * vx, y + 0.1 * vy, vx + 0.1 * fx, vy + 0.1 * fy];
  }
  return (x - (y / vy) * vx) ** 2;
}
